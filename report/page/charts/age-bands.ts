import { axisX, axisY, gridY, plot, rect, rectY, ruleX, ruleY, text } from '@observablehq/plot';
import type { ReportBands } from '../../model/document.ts';
import { DAY, period, size } from '../format.ts';
import { type Chart, COLOURS, chart, LOOKS } from './frame.ts';

/** Bytes by age, the oldest on the left. A rule by age deletes everything to the left of its line. */

export const AGE_GROUPS = ['live', 'garbage', 'other'] as const;
export type AgeBandGroups = Readonly<Record<(typeof AGE_GROUPS)[number], ReportBands>>;

const HOURS = 3_600_000;

export function ageBandsChart(
  bands: AgeBandGroups,
  bounds: readonly number[],
  age: () => number,
  says: () => string,
): Chart {
  return chart(says, (width) => draw(bands, bounds, age(), width));
}

function draw(groups: AgeBandGroups, bounds: readonly number[], age: number, width: number): Element {
  const cut = -(bounds.indexOf(age) + 1);
  const bars = AGE_GROUPS.flatMap((group) =>
    groups[group].bytes.map((bytes, band) => ({ group, bytes, from: -band - 1, to: -band })),
  ).filter(({ bytes }) => bytes > 0);
  const oldest = Math.min(cut - 1, ...bars.map(({ from }) => from));
  const isNarrow = width < 560;
  const ticks = bounds.map((_, at) => -(at + 1)).filter((at) => at > oldest && (!isNarrow || at % 2 === cut % 2));
  return plot({
    ...LOOKS,
    width,
    height: 210,
    marginLeft: 58,
    marginRight: 14,
    marginTop: 26,
    x: { domain: [oldest, 0], label: null },
    y: { label: null, zero: true, nice: true },
    color: { domain: [...AGE_GROUPS], range: AGE_GROUPS.map((group) => COLOURS[group]) },
    marks: [
      rect([0], { x1: oldest, x2: cut, fill: COLOURS.bad, fillOpacity: 0.07 }),
      gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
      rectY(bars, { x1: 'from', x2: 'to', y: 'bytes', fill: 'group', order: [...AGE_GROUPS], inset: 1 }),
      ruleX([cut], { stroke: COLOURS.bad, strokeDasharray: '4 3' }),
      text([cut], {
        x: (at: number) => at,
        frameAnchor: 'top',
        dy: -10,
        lineAnchor: 'bottom',
        textAnchor: cut < oldest / 2 ? 'start' : 'end',
        text: () => `${cut < oldest / 2 ? 'left of here: ' : '← '}older than ${period(age)}`,
        fill: COLOURS.bad,
      }),
      axisX({ ticks, tickSize: 3, tickFormat: (at: number) => shortPeriod(bounds[-at - 1] ?? 0) }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (bytes: number) => size(bytes) }),
      ruleY([0], { stroke: 'var(--soft)' }),
    ],
  });
}

function shortPeriod(age: number): string {
  return age < DAY ? `${age / HOURS} h` : `${age / DAY} d`;
}
