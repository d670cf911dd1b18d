import { bytes, duration } from '../quantity.ts';
import { cadenceOf } from '../signals/cadence.ts';
import type { JobHistory, Measure } from '../signals/job-history.ts';
import { BASELINE, sizedCheckpoints } from '../signals/jump.ts';
import { median, type Point } from '../statistics.ts';
import { decimal, type Wait } from './alarm-words.ts';
import { sparkline } from './sparkline.ts';

/** What the history of a job adds to an alarm about it. */

/** What the history of one job tells. */
export interface JobFacts {
  /** With their units, the ones that tell most first. */
  readonly numbers: readonly { readonly name: string; readonly text: string }[];
  /** The last days as a row of bars, and what they show; null where there is too little to draw. */
  readonly trend: { readonly of: string; readonly bars: string } | null;
  readonly ended: boolean;
  /** Since when it waits for its next checkpoint; null where that is not known. */
  readonly wait: Wait | null;
  /** Flink's id of its newest submission; null where it is not known. */
  readonly jobId: string | null;
}

/** Which of a job's sizes are drawn. */
export type TrendOf = 'checkpoint' | 'total' | 'reclaimable';

const TRENDS: Readonly<
  Record<TrendOf, { readonly of: string; readonly samples: (history: JobHistory) => readonly Point[] }>
> = {
  checkpoint: {
    of: 'Checkpoint size, 7 days',
    samples: (history) => sizedCheckpoints(history).map(({ completed: at, bytes: value }) => ({ at, value })),
  },
  total: {
    of: 'Bytes stored, 7 days',
    samples: ({ measures }) => measures.map(({ at, total: value }) => ({ at, value })),
  },
  reclaimable: {
    of: 'Garbage, 7 days',
    samples: ({ measures }) => measures.map(({ at, reclaimable: value }) => ({ at, value })),
  },
};

/**
 * @param now epoch milliseconds.
 * @param currency of the monthly cost: three capitals.
 */
export function jobFacts(history: JobHistory, trendOf: TrendOf | null, now: number, currency: string): JobFacts {
  const { measures, ended } = history;
  const trend = trendOf === null ? null : TRENDS[trendOf];
  const bars = trend === null ? null : sparkline(trend.samples(history), now, BASELINE);
  return {
    numbers: [...ofCompletions(history, now), ...ofMeasure(measures.at(-1), currency)],
    trend: trend === null || bars === null ? null : { of: trend.of, bars },
    ended,
    wait: waitOf(history, now),
    jobId: history.completions.at(-1)?.jobId ?? null,
  };
}

function ofCompletions(history: JobHistory, now: number): JobFacts['numbers'] {
  const newest = history.completions.findLast(({ savepoint }) => !savepoint);
  const sizes = sizedCheckpoints(history);
  const size = sizes.at(-1);
  const before = sizes.slice(0, -1).filter(({ completed }) => completed > now - BASELINE);
  const usual = median(before.map((one) => one.bytes));
  return [
    ...(size === undefined
      ? []
      : [
          {
            name: 'Newest checkpoint',
            text: `${bytes(size.bytes)}${usual === null ? '' : ` (usual: ${bytes(usual)})`}`,
          },
        ]),
    ...(newest === undefined ? [] : [{ name: 'Completed', text: sayAge(newest.completed, cadenceOf(history), now) }]),
  ];
}

function waitOf(history: JobHistory, now: number): Wait | null {
  const newest = history.completions.findLast(({ savepoint }) => !savepoint);
  const usual = cadenceOf(history);
  return newest === undefined || usual === null ? null : { age: now - newest.completed, usual };
}

/** As people say it: `1 h 4 min ago, usually every 10 min`. */
function sayAge(completed: number, usual: number | null, now: number): string {
  return `${duration(now - completed)} ago${usual === null ? '' : `, usually every ${duration(usual)}`}`;
}

function ofMeasure(measure: Measure | undefined, currency: string): JobFacts['numbers'] {
  if (measure === undefined) return [];
  const { total, live, reclaimable, restorePoints, damagedRoots, costPerMonth } = measure;
  return [
    { name: 'Stored', text: `${bytes(total)}: ${bytes(live)} live, ${bytes(reclaimable)} garbage` },
    { name: 'Restore points', text: `${restorePoints}${damagedRoots === 0 ? '' : `, ${damagedRoots} damaged`}` },
    ...(costPerMonth === null ? [] : [{ name: 'Cost', text: `${currency} ${decimal(costPerMonth)} a month` }]),
  ];
}
