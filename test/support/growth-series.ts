import type { Completion, JobHistory, Measure } from '#core/signals/job-history.ts';

/**
 * Histories of jobs as buckets show them, hour by hour, from a seed: compactions make a sawtooth, traffic swings with
 * the day, and each value is a little off.
 */

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** When every series begins. */
export const BEGINNING = Date.UTC(2027, 2, 1);
/** When what is wrong with a series begins: days after its beginning. */
export const ONSET = 14;
/** Days that a series lasts. */
export const LENGTH = 35;

export const SHAPES = [
  'normal',
  'weekly swing',
  'redeploy steps',
  'cadence change',
  'job ended',
  'leak of state, 20 % a day',
  'leak of state, 100 % a day',
  'leak of garbage, 20 % a day',
  'leak of garbage, 100 % a day',
] as const;
export type Shape = (typeof SHAPES)[number];

/** Whether somebody must be told. */
export function isLeak(shape: Shape): boolean {
  return shape.startsWith('leak');
}

/** What lies there on average, in multiples of the state: leaks are told in shares of it. */
const USUAL_TOTAL = 1.27;

const GIB = 1024 ** 3;

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Of a mean of 0 and a deviation of 1 (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The whole of one series; the job of shape `job ended` has no entries after its end. */
export function growthSeries(shape: Shape, seed: number): JobHistory {
  const random = randomOf(seed);
  const base = (20 + 180 * random()) * GIB;
  const daily = 0.1 + 0.15 * random();
  const weekly = shape === 'weekly swing' ? 0.2 + 0.15 * random() : 0;
  const phase = random() * 24;
  const tooth = 5 + Math.floor(random() * 15);
  const rate = shape.includes('100 %') ? 1 : 0.2;
  const steps = [0, 6, 12].map((day) => ONSET + day + 4 * random());
  const completions: Completion[] = [];
  const measures: Measure[] = [];
  for (let hour = 0; hour < LENGTH * 24; hour++) {
    const day = hour / 24;
    const since = Math.max(0, day - ONSET);
    if (shape === 'job ended' && since > 0) break;
    const redeployed = shape === 'redeploy steps' ? steps.filter((at) => at <= day) : [];
    const swing =
      1 +
      daily * Math.sin((2 * Math.PI * (hour + phase)) / 24) +
      weekly * Math.sin((2 * Math.PI * (hour + phase)) / (7 * 24));
    const saw = 0.3 * ((hour % tooth) / tooth);
    // The first redeployment changes what the job keeps; each leaves files behind until they are collected.
    const level = redeployed.length > 0 ? 1.5 : 1;
    const leaked = isLeak(shape) ? rate * since * USUAL_TOTAL : 0;
    const stateLeak = shape.startsWith('leak of state') ? leaked : 0;
    const left = redeployed.filter((at) => day - at < 2.5).length * 0.7;
    const state = base * Math.max(0.1, level * swing + stateLeak + 0.04 * normal(random));
    const live = state * (1 + saw) - base * stateLeak * saw;
    const garbage = base * (0.1 + 0.05 * random() + left + leaked - stateLeak);
    const at = BEGINNING + hour * HOUR;
    const jobId = `${redeployed.length}`.repeat(32);
    const every = shape === 'cadence change' && since > 0 ? 6 : 1;
    if (hour % every === 0) {
      completions.push({
        // Not all checkpoints take equally long.
        completed: at + Math.floor(90_000 * random()),
        jobId,
        checkpointId: `${hour + 1}`,
        savepoint: false,
        bytes: Math.round(state),
        incrementBytes: Math.round(state / 50),
      });
    }
    measures.push({
      at: at + 5 * 60_000,
      live: Math.round(live),
      reclaimable: Math.round(garbage),
      quarantined: Math.round(garbage / 2),
      unknown: 0,
      total: Math.round(live) + Math.round(garbage),
      roots: 2,
      restorePoints: 2,
      damagedRoots: 0,
      costPerMonth: null,
    });
  }
  return { label: `${shape} ${seed}`, completions, measures, ended: false };
}
