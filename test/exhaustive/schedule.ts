import { vi } from 'vitest';
import type { Switch } from '#test/model/mutations.ts';
import type { Script } from './script.ts';
import { Stage, type Step, type Turn } from './stage.ts';

/** Who takes the step of this number, where it is not who would by default. */
export interface Departure extends Turn {
  /** From 0, of all steps that the schedule is about. */
  readonly at: number;
}

/** A schedule: where it departs from the default, which lets whoever is at work go on, and else the first who can. */
export type Schedule = readonly Departure[];

/** What became of a world by one schedule. */
export interface Played {
  readonly schedule: Schedule;
  /** What is lost, or does not end, in a sentence; null where all is well. */
  readonly wrong: string | null;
  readonly steps: readonly Step[];
  /** What else might have been done after the last departure. */
  readonly alternatives: readonly Departure[];
}

/** Plays a world by a schedule, with some rules off. */
export async function play(script: Script, schedule: Schedule, off: ReadonlySet<Switch> = new Set()): Promise<Played> {
  const stage = new Stage(script, off);
  const alternatives: Departure[] = [];
  let last: string | null = null;
  await stage.perform(script.before);
  for (let at = 0; stage.wrong === null; at++) {
    const turns = stage.turns();
    const [first] = turns;
    if (first === undefined) {
      break;
    }
    const usual: string = last !== null && turns.includes(last) ? last : first;
    // With another rule off a world may go on otherwise, and nobody be able to do what was done then.
    const departure = schedule.find((each) => each.at === at && turns.includes(each.who));
    if (at > (schedule.at(-1)?.at ?? -1)) {
      alternatives.push(...alternativesOf(stage, turns, usual, at));
    }
    const turn: Turn = departure ?? { who: usual, dies: false };
    last = turn.who;
    await stage.take(turn);
  }
  if (stage.wrong === null) {
    await stage.perform(script.after ?? []);
    stage.end(script.goes ?? []);
  }
  vi.clearAllTimers();
  return { schedule, wrong: stage.wrong, steps: stage.steps, alternatives };
}

function alternativesOf(stage: Stage, turns: readonly string[], usual: string, at: number): readonly Departure[] {
  const death = stage.canDie(usual) ? [{ at, who: usual, dies: true }] : [];
  const others = turns.length > 1 && stage.isInTheWay(usual) ? turns.filter((who) => who !== usual) : [];
  return [...death, ...others.map((who) => ({ at, who, dies: false }))];
}
