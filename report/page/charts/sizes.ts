import { areaY, axisX, axisY, gridY, plot, pointerX, ruleX, ruleY, tip } from '@observablehq/plot';
import type { ReportTrend } from '../../model/document.ts';
import { moment, size } from '../format.ts';
import { type Chart, COLOURS, chart, GROUP_LABELS, LOOKS, timeDomain } from './frame.ts';

/** Bytes over time, by what happens to them. */

export const SIZE_GROUPS = ['live', 'quarantined', 'deletable', 'other'] as const;

interface Layer {
  readonly at: Date;
  readonly group: (typeof SIZE_GROUPS)[number];
  readonly bytes: number;
}

const COLOUR_SCALE = { domain: [...SIZE_GROUPS], range: SIZE_GROUPS.map((group) => COLOURS[group]) };

export function sizesChart(trend: ReportTrend, says: string): Chart {
  const layers = trend.at.flatMap((at, point) =>
    SIZE_GROUPS.map((group): Layer => ({ at: new Date(at), group, bytes: trend[group][point] ?? 0 })),
  );
  return chart(
    () => says,
    (width) => draw(trend, layers, width),
  );
}

function draw(trend: ReportTrend, layers: readonly Layer[], width: number): Element {
  const tops = trend.at.map((at, point) => ({
    at: new Date(at),
    total: SIZE_GROUPS.reduce((sum, group) => sum + (trend[group][point] ?? 0), 0),
    title: [
      moment(at),
      ...SIZE_GROUPS.toReversed().map((group) => `${GROUP_LABELS[group]}: ${size(trend[group][point] ?? 0)}`),
    ].join('\n'),
  }));
  return plot({
    ...LOOKS,
    width,
    height: Math.min(260, Math.max(180, width * 0.32)),
    marginLeft: 58,
    marginRight: 12,
    x: { type: 'utc', domain: timeDomain(trend.at), label: null },
    y: { label: null, nice: true, zero: true },
    color: COLOUR_SCALE,
    marks: [
      gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
      areaY(layers, {
        x: 'at',
        y: 'bytes',
        fill: 'group',
        order: [...SIZE_GROUPS],
        curve: 'linear',
        fillOpacity: 0.92,
      }),
      axisX({ ticks: Math.max(3, Math.floor(width / 110)), tickSize: 0 }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (bytes: number) => size(bytes) }),
      ruleY([0], { stroke: 'var(--soft)' }),
      ruleX(tops, pointerX({ x: 'at', stroke: 'var(--soft)' })),
      tip(tops, pointerX({ x: 'at', y: 'total', title: 'title' })),
    ],
  });
}
