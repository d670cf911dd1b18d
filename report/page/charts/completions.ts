import { axisX, axisY, dot, gridY, line, plot, pointer, ruleY, tip } from '@observablehq/plot';
import type { ReportCompletions } from '../../model/document.ts';
import { moment, size } from '../format.ts';
import { type Chart, COLOURS, chart, LOOKS, timeDomain } from './frame.ts';

/** The size of a restore from each checkpoint, and what each checkpoint added. */
export function completionsChart(completions: ReportCompletions, says: string): Chart {
  const points = completions.at.flatMap((at, index) => {
    const bytes = completions.bytes[index] ?? null;
    const increment = completions.increments[index] ?? null;
    const savepoint = completions.savepoint[index] === true;
    if (bytes === null) return [];
    const title = [
      `${savepoint ? 'savepoint' : 'checkpoint'} of ${moment(at)}`,
      `a restore reads ${size(bytes)}`,
      ...(increment === null ? [] : [`new in it: ${size(increment)}`]),
    ].join('\n');
    return [{ at: new Date(at), bytes, increment, savepoint, title }];
  });
  return chart(
    () => says,
    (width) =>
      plot({
        ...LOOKS,
        width,
        height: 190,
        marginLeft: 58,
        marginRight: 14,
        x: { type: 'utc', domain: timeDomain(completions.at), label: null },
        y: { label: null, zero: true, nice: true },
        symbol: { type: 'identity' },
        marks: [
          gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
          line(
            points.filter(({ savepoint }) => !savepoint),
            { x: 'at', y: 'bytes', stroke: COLOURS.live, strokeOpacity: 0.4 },
          ),
          dot(points, {
            x: 'at',
            y: 'bytes',
            r: 3.5,
            fill: COLOURS.live,
            symbol: ({ savepoint }: { savepoint: boolean }) => (savepoint ? 'diamond' : 'circle'),
          }),
          dot(
            points.filter(({ increment }) => increment !== null),
            { x: 'at', y: 'increment', r: 2.5, fill: 'var(--soft)' },
          ),
          axisX({ ticks: Math.max(2, Math.floor(width / 110)), tickSize: 0 }),
          axisY({ ticks: 4, tickSize: 0, tickFormat: (bytes: number) => size(bytes) }),
          ruleY([0], { stroke: 'var(--soft)' }),
          tip(points, pointer({ x: 'at', y: 'bytes', title: 'title' })),
        ],
      }),
  );
}
