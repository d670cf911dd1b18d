import type { Completion, JobHistory, Measure } from './job-history.ts';

/**
 * How the history of a job grows, and how it stays small. What is heard may come in any order and any number of times:
 * the same news make the same history.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The newest completions, from which the cadence is learned, are all kept. */
export const RECENT_COMPLETIONS = 64;

/** How finely the past is kept: the last entry of each step, up to an age; older ones go. Milliseconds. */
interface Grain {
  readonly upTo: number;
  readonly step: number;
}
const COMPLETION_GRAINS: readonly Grain[] = [
  { upTo: 8 * DAY, step: HOUR },
  { upTo: 90 * DAY, step: DAY },
];
const MEASURE_GRAINS: readonly Grain[] = [
  { upTo: 8 * DAY, step: HOUR },
  { upTo: 35 * DAY, step: 6 * HOUR },
  { upTo: 400 * DAY, step: DAY },
];
/** Of the beginning of a job a budget can be told, so it is kept for as long as the job. */
const BEGINNING = 3 * DAY;
const BEGINNING_STEP = 6 * HOUR;

/** The history of a job that is not known yet. */
export function emptyHistory(label: string): JobHistory {
  return { label, completions: [], measures: [], ended: false };
}

/** Adds completed checkpoints from events and surveys. */
export function withCompletions(history: JobHistory, heard: readonly Completion[]): JobHistory {
  if (heard.length === 0) {
    return history;
  }
  const known = new Map<string, Completion>();
  for (const completion of [...history.completions, ...heard]) {
    // Job ids and checkpoint ids come again where a cluster always uses the same ones, so the time tells them apart.
    const key = `${completion.completed} ${completion.jobId} ${completion.checkpointId} ${completion.savepoint}`;
    const before = known.get(key);
    known.set(key, before === undefined ? completion : merged(before, completion));
  }
  return { ...history, completions: [...known.values()].toSorted(byCompletion) };
}

/** Adds what a survey saw. */
export function withMeasure(history: JobHistory, measure: Measure): JobHistory {
  const others = history.measures.filter(({ at }) => at !== measure.at);
  return { ...history, measures: [...others, measure].toSorted((a, b) => a.at - b.at) };
}

/** @param now epoch milliseconds. */
export function thinned(history: JobHistory, now: number): JobHistory {
  const { completions, measures } = history;
  const [first] = measures;
  const old = completions.slice(0, -RECENT_COMPLETIONS);
  const beginning = first === undefined ? 0 : first.at + BEGINNING;
  const kept = new Set([
    ...lastOfEach(
      measures.filter(({ at }) => at < beginning),
      atOf,
      now,
      [{ upTo: Number.POSITIVE_INFINITY, step: BEGINNING_STEP }],
    ),
    ...lastOfEach(measures, atOf, now, MEASURE_GRAINS),
  ]);
  return {
    ...history,
    completions: [
      ...lastOfEach(old, ({ completed }) => completed, now, COMPLETION_GRAINS),
      ...completions.slice(-RECENT_COMPLETIONS),
    ],
    measures: measures.filter((measure) => kept.has(measure)),
  };
}

function atOf({ at }: Measure): number {
  return at;
}

/** @param entries oldest first. */
function lastOfEach<T>(
  entries: readonly T[],
  timeOf: (entry: T) => number,
  now: number,
  grains: readonly Grain[],
): readonly T[] {
  const kept = new Map<string, T>();
  for (const entry of entries) {
    const time = timeOf(entry);
    const grain = grains.find(({ upTo }) => now - time <= upTo);
    if (grain !== undefined) {
      kept.set(`${grain.step} ${Math.floor(time / grain.step)}`, entry);
    }
  }
  return [...kept.values()];
}

/** An event tells the size by the references, a survey by the objects; whichever knows more is right. */
function merged(a: Completion, b: Completion): Completion {
  return {
    ...a,
    bytes: larger(a.bytes, b.bytes),
    incrementBytes: larger(a.incrementBytes, b.incrementBytes),
  };
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** By time; where that is the same, in an order that does not depend on who was heard first. */
function byCompletion(a: Completion, b: Completion): number {
  return a.completed - b.completed || compare(a.jobId, b.jobId) || compare(a.checkpointId, b.checkpointId);
}

function compare(a: string | null, b: string | null): number {
  const one = a ?? '';
  const other = b ?? '';
  return one.length - other.length || (one < other ? -1 : Number(one > other));
}
