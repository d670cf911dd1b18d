import { axisX, axisY, dot, gridX, plot, pointer, rect, ruleX, ruleY, text, tickX, tip } from '@observablehq/plot';
import type { RootCondition } from '../../model/document.ts';
import { day, duration, moment, period, shorten } from '../format.ts';
import { type Chart, COLOURS, chart, LOOKS } from './frame.ts';

/**
 * How far back checkpoints reach: a line from the oldest file that a restore reads to the completion of the checkpoint. A
 * rule by age deletes everything to the left of its line.
 */
export interface ReachLine {
  readonly key: string;
  readonly label: string;
  readonly completed: number;
  readonly oldest: number;
  readonly median: number;
  readonly condition: RootCondition;
  readonly savepoint: boolean;
  /** Whether the oldest file is in the directory of another job. */
  readonly borrowed: boolean;
}

const ROW = 24;
const NARROW = 560;
const LABEL_ROOM = 190;
const CHARACTER = 6.6;

export interface ReachRule {
  readonly now: number;
  /** Milliseconds. */
  readonly age: () => number;
}

export function reachChart(rows: readonly ReachLine[], { now, age }: ReachRule, says: () => string): Chart {
  return chart(says, (width) => draw(rows, now, age(), width));
}

function draw(rows: readonly ReachLine[], now: number, age: number, width: number): Element {
  const cut = now - age;
  const isNarrow = width < NARROW;
  const earliest = Math.min(cut, ...rows.map(({ oldest }) => oldest));
  const from = earliest - (now - earliest) * 0.03;
  const until = now + (now - earliest) * 0.01;
  const longest = Math.max(...rows.map(({ label }) => label.length)) * CHARACTER;
  const colour = ({ oldest, condition }: ReachLine): string =>
    condition === 'damaged' || condition === 'unreadable' || oldest <= cut ? COLOURS.bad : COLOURS.live;
  const labels = new Map(rows.map(({ key, label }) => [key, shorten(label, isNarrow ? 44 : 28)]));
  const titled = rows.map((row) => ({ ...row, title: titleOf(row, now) }));
  return plot({
    ...LOOKS,
    width,
    height: rows.length * (isNarrow ? ROW + 12 : ROW) + 56,
    marginLeft: isNarrow ? 6 : Math.min(LABEL_ROOM, longest) + 14,
    marginRight: 14,
    marginTop: 26,
    x: { type: 'utc', domain: [new Date(from), new Date(until)], label: null },
    y: { axis: null, type: 'band', domain: rows.map(({ key }) => key), padding: 0.3, label: null },
    symbol: { type: 'identity' },
    marks: [
      rect([0], { x1: new Date(from), x2: new Date(cut), fill: COLOURS.bad, fillOpacity: 0.07 }),
      gridX({ stroke: 'var(--line)', strokeOpacity: 1, ticks: Math.max(3, Math.floor(width / 130)) }),
      ruleX([cut], { stroke: COLOURS.bad, strokeDasharray: '4 3' }),
      text([cut], {
        x: (time: number) => time,
        frameAnchor: 'top',
        dy: -10,
        lineAnchor: 'bottom',
        textAnchor: age > (now - from) / 2 ? 'start' : 'end',
        text: () =>
          age > (now - from) / 2
            ? `a rule of ${period(age)} deletes all to the left`
            : `← a rule of ${period(age)} deletes`,
        fill: COLOURS.bad,
      }),
      ruleY(rows, { y: 'key', x1: 'oldest', x2: 'completed', stroke: colour, strokeWidth: 3, strokeOpacity: 0.45 }),
      tickX(rows, { y: 'key', x: 'median', stroke: colour, strokeWidth: 2, inset: isNarrow ? 8 : 1 }),
      dot(rows, {
        y: 'key',
        x: 'oldest',
        r: 3.5,
        fill: (row: ReachLine) => (row.borrowed ? 'var(--panel)' : colour(row)),
        stroke: colour,
        strokeWidth: 1.5,
      }),
      dot(rows, {
        y: 'key',
        x: 'completed',
        r: 5,
        symbol: (row: ReachLine) => symbolOf(row),
        fill: colour,
        stroke: colour,
        strokeWidth: 1.5,
      }),
      axisX({ ticks: Math.max(3, Math.floor(width / 130)), tickSize: 0 }),
      isNarrow
        ? text(rows, {
            y: 'key',
            frameAnchor: 'left',
            text: (row: ReachLine) => labels.get(row.key) ?? '',
            dy: -12,
            textAnchor: 'start',
            fill: 'var(--ink)',
          })
        : axisY({ tickSize: 0, tickFormat: (key: string) => labels.get(key) ?? '', fill: 'var(--ink)' }),
      tip(titled, pointer({ x: 'completed', y: 'key', title: 'title' })),
    ],
  });
}

function symbolOf({ condition, savepoint }: ReachLine): string {
  if (condition === 'damaged' || condition === 'unreadable') return 'times';
  return savepoint ? 'diamond' : 'circle';
}

function titleOf({ label, completed, oldest, median, borrowed }: ReachLine, now: number): string {
  const whose = borrowed ? ', of another job' : '';
  return [
    label,
    `completed ${moment(completed)}, ${duration(now - completed)} ago`,
    `oldest file ${day(oldest)}, ${duration(now - oldest)} old${whose}`,
    `median file ${duration(now - median)} old`,
  ].join('\n');
}
