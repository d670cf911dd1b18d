import type { Switch } from '#test/model/mutations.ts';
import { type Played, play, type Schedule } from './schedule.ts';
import type { Bounds, Script } from './script.ts';

/**
 * Plays a world by every schedule within the bounds, depth first: the last step first, where deletions are. Each one is
 * played from the beginning, once.
 */
export async function* explore(
  script: Script,
  bounds: Bounds,
  off: ReadonlySet<Switch> = new Set(),
): AsyncGenerator<Played> {
  const open: Schedule[] = [[]];
  for (let schedule = open.pop(); schedule !== undefined; schedule = open.pop()) {
    const played = await play(script, schedule, off);
    yield played;
    const deaths = schedule.filter(({ dies }) => dies).length;
    const mayDie = deaths < bounds.deaths;
    const maySwitch = schedule.length - deaths < bounds.switches;
    for (const departure of played.alternatives) {
      if (departure.dies ? mayDie : maySwitch) {
        open.push([...schedule, departure]);
      }
    }
  }
}
