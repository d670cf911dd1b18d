import type { Switch } from '#test/model/mutations.ts';
import { switchOff } from '#test/model/switched-off.ts';
import { explore } from './explore.ts';
import { type Played, play } from './schedule.ts';
import { type Script, USUAL, type Witnessed } from './script.ts';

/** The first schedule of a world by which something is lost without a rule, and nothing with it; null where there is none. */
export async function witnessOf(script: Script, { rule, besides = [], deaths = 0 }: Witnessed): Promise<Played | null> {
  const on = new Set<Switch>(besides);
  const off = new Set<Switch>([...besides, rule]);
  switchOff(off);
  const [{ switches } = { switches: 0 }] = (script.tried ?? USUAL).ordinary;
  // A death alone is enough, and there are fewer of them.
  for await (const played of explore(script, { switches: deaths > 0 ? 0 : switches, deaths }, off)) {
    if (played.wrong !== null) {
      switchOff(on);
      const { wrong } = await play(script, played.schedule, on);
      if (wrong === null) {
        return played;
      }
      switchOff(off);
    }
  }
  return null;
}
