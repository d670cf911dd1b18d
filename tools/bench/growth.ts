import type { JobHistory } from '#core/signals/job-history.ts';
import { totalsOf } from '#core/signals/trend.ts';
import { type Point, theilSen } from '#core/statistics.ts';
import { type Found, findInSeries } from '#test/support/growth-findings.ts';
import {
  BEGINNING,
  DAY,
  growthSeries,
  isLeak,
  LENGTH,
  ONSET,
  SHAPES,
  type Shape,
} from '#test/support/growth-series.ts';
import { publishSeries } from '#test/support/sparing-publication.ts';

/**
 * How often simple rules about growth raise a false alarm, and how soon they find a leak, beside the alarms of the
 * steward, on the same histories: `npm run bench:growth`.
 */

const RUNS = 40;
/** As many as the documentation tells of the other alarms. */
const PUBLISHED_RUNS = 12;
/** For all rules the same: a budget of five times what the job used before, and a horizon of 14 days. */
const GROWTH = 5;
const HORIZON = 14;

type Rule = (points: readonly Point[], budget: number) => boolean;

const RULES: ReadonlyMap<string, Rule> = new Map([
  ['slope over 24 h', (points, budget) => isNear(points.slice(-24), budget)],
  ['slope over 3 h', (points, budget) => isNear(points.slice(-4), budget)],
  ['1.5 times a day ago', (points) => (points.at(-1)?.value ?? 0) > 1.5 * (points.at(-25)?.value ?? Infinity)],
]);

function isNear(points: readonly Point[], budget: number): boolean {
  const slope = (theilSen(points) ?? 0) * DAY;
  return slope > 0 && (budget - (points.at(-1)?.value ?? 0)) / slope < HORIZON;
}

function findByRule(history: JobHistory, shape: Shape, rule: Rule): Found {
  const points = totalsOf(history);
  const first = points.slice(0, 72);
  const budget = (GROWTH * first.reduce((sum, { value }) => sum + value, 0)) / first.length;
  const onset = isLeak(shape) ? ONSET : LENGTH;
  for (let end = 5 * 24; end <= points.length; end++) {
    const at = ((points[end - 1]?.at ?? 0) - BEGINNING) / DAY;
    if (rule(points.slice(Math.max(0, end - 30), end), budget)) {
      if (at < onset) return { isFalse: true, delay: null };
      return { isFalse: false, delay: at - onset };
    }
  }
  return { isFalse: false, delay: null };
}

function cell(found: readonly Found[], shape: Shape): string {
  const falses = found.filter(({ isFalse }) => isFalse).length;
  const delays = found.flatMap(({ delay }) => (delay === null ? [] : [delay])).toSorted((a, b) => a - b);
  const middle = delays[delays.length >> 1];
  const text = falses === 0 ? [] : [`false in ${falses} of ${found.length}`];
  if (isLeak(shape)) {
    text.push(
      middle === undefined
        ? 'never found'
        : `${delays.length < found.length ? `found in ${delays.length} of ${found.length}, ` : ''}${middle.toFixed(1)} days (at most ${delays.at(-1)?.toFixed(1)})`,
    );
  }
  return text.length === 0 ? 'none' : text.join('; ');
}

function row(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

const started = process.hrtime.bigint();
const names = ['budget', 'size-jump', 'both', ...RULES.keys()];
row(['', ...names]);
row(['---', ...names.map(() => '---')]);
for (const shape of SHAPES) {
  const histories = Array.from({ length: RUNS }, (_, seed) => growthSeries(shape, seed + 1));
  const ours = histories.map((history) => findInSeries(history, shape));
  row([
    shape,
    cell(
      ours.map(({ budget }) => budget),
      shape,
    ),
    cell(
      ours.map(({ jump }) => jump),
      shape,
    ),
    cell(
      ours.map(({ either }) => either),
      shape,
    ),
    ...[...RULES.values()].map((rule) =>
      cell(
        histories.map((history) => findByRule(history, shape, rule)),
        shape,
      ),
    ),
  ]);
}

const published = SHAPES.flatMap((shape) =>
  Array.from({ length: PUBLISHED_RUNS }, (_, seed) => publishSeries(growthSeries(shape, seed + 1))),
);
const same = published.filter(({ all, sparing }) => JSON.stringify(all.inAlarm) === JSON.stringify(sparing.inAlarm));
const hours = (of: 'all' | 'sparing'): number => published.reduce((sum, one) => sum + one[of].billedHours, 0);
process.stdout.write(
  `\nPublished only while they matter, the metrics of all alarms raise them in the same hours in ${same.length} of ${published.length} runs, and have values in ${hours('sparing')} hours instead of ${hours('all')}.\n`,
);
process.stderr.write(`${RUNS} runs of ${LENGTH} days each, ${Number(process.hrtime.bigint() - started) / 1e9} s\n`);
