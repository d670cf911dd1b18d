import * as z from 'zod';
import { eventSchemas } from '#config/history-lines.ts';
import { ALARMS, type AlarmKind, DEFAULT_THRESHOLDS, thresholdOf } from '#core/signals/alarms.ts';
import { METRICS, type Metric } from '#core/signals/metrics.ts';

/** The tables of `docs/signals.md`, made of what they describe. */

const SETS = {
  default: 'yes',
  asked: 'on request',
  alarm: 'while it matters',
  'asked-or-alarm': 'while it matters, or on request',
} as const;
const FLEET_SETS = { hourly: 'yes', matters: 'while it matters', run: 'by the run', asked: 'on request' } as const;

export function metricsTable(): string {
  const metrics: readonly Metric[] = METRICS;
  return table(
    ['name', 'unit', 'per job', 'of the fleet', 'meaning'],
    metrics.map((metric) => [
      `\`${metric.name}\``,
      metric.unit,
      'set' in metric ? SETS[metric.set] : metric.scope === 'state' ? 'with `states`, while it matters' : '',
      'fleet' in metric ? FLEET_SETS[metric.fleet] : '',
      metric.meaning,
    ]),
  );
}

export function alarmsTable(): string {
  const kinds: readonly AlarmKind[] = ALARMS;
  return table(
    ['alarm', 'what is wrong', 'fires when', 'for hours in a row', 'if data is missing'],
    kinds.map((kind) => [
      `[\`${kind.id}\`](runbook.md#${kind.runbook})`,
      kind.title,
      `\`${kind.source.metric}\` ${kind.comparison} ${thresholdOf(kind, DEFAULT_THRESHOLDS)}`,
      String(kind.hours),
      kind.missing === 'breaching' ? 'fires' : 'OK',
    ]),
  );
}

export function eventTable(event: keyof typeof eventSchemas): string {
  const { properties = {}, required = [] } = z.toJSONSchema(eventSchemas[event], { io: 'input' });
  return table(
    ['key', 'meaning'],
    Object.entries(properties).map(([key, property]) => [
      `\`${key}\`${required.includes(key) ? '' : ' (optional)'}`,
      typeof property === 'boolean' ? '' : (property.description ?? ''),
    ]),
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
