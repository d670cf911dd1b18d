import { afterEach, expect, it } from 'vitest';
import { useVirtualTime } from '#test/model/virtual-time.ts';
import { explore } from './explore.ts';
import { play } from './schedule.ts';
import { type Bounds, type Script, USUAL } from './script.ts';
import { scheduleOf, storyOf } from './story.ts';

/** `NAME: CHOICES`, as a failure prints it: plays that alone, and tells it. */
const REPLAYED = process.env.STEWARD_SCHEDULE;
/** The mode in which Vitest runs. */
const SUITE = process.env.MODE === 'deep' ? 'deep' : 'ordinary';

/** One test for each world, which prints what was tried. Where something is lost, its story. */
export function tryWorlds(worlds: readonly Script[]): void {
  useVirtualTime();
  const told: string[] = [];
  afterEach(() => {
    console.log(told.splice(0).join('\n'));
  });
  const [, name, choices] = /^(.*?): (.*)$/.exec(REPLAYED ?? '') ?? [];
  it.each(worlds.filter((world) => name === undefined || world.name === name))('$name', async (world) => {
    if (choices !== undefined) {
      told.push(storyOf(world, await play(world, scheduleOf(choices))));
      return;
    }
    const wrong: string[] = [];
    for (const bounds of (world.tried ?? USUAL)[SUITE]) {
      told.push(await tryAll(world, bounds, wrong));
    }

    if (world.known === undefined) {
      expect(wrong.join('\n')).toBe('');
    } else {
      // docs/safety.md says what is lost. Where that is no longer so, it says too much.
      expect(wrong).not.toEqual([]);
    }
  });
}

/** @returns what was tried, as a line. */
async function tryAll(world: Script, bounds: Bounds, wrong: string[]): Promise<string> {
  const began = performance.now();
  let schedules = 0;
  for await (const played of explore(world, bounds)) {
    schedules++;
    if (played.wrong !== null) {
      wrong.push(storyOf(world, played));
      break;
    }
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const { switches, deaths } = bounds;
  return `${world.name}: k = ${switches}, ${deaths === 0 ? 'no crash' : 'one crash at most'}: ${schedules} schedules, ${seconds} s${wrong.length > 0 && world.known !== undefined ? `. Known: ${world.known}` : ''}`;
}
