import { ALARMS, type AlarmId } from '../signals/alarms.ts';

/** As CloudWatch names them. */
export type AlarmState = 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';

/** One series of an alarm over many. */
export interface Contributor {
  readonly id: string;
  /** Dimensions of its metric, by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A change of state of a CloudWatch alarm, from its notification. */
export interface AlarmChange {
  readonly alarm: string;
  /** Which of the steward's alarms it is; null for any other. */
  readonly kind: AlarmId | null;
  readonly state: AlarmState;
  /** The state before; null if the notification has none. */
  readonly before: AlarmState | null;
  /** Epoch milliseconds: when the state changed. */
  readonly at: number;
  /** In CloudWatch's words. */
  readonly reason: string;
  readonly description: string | null;
  readonly account: string | null;
  /** Such as `eu-central-1`; null if the notification has none. */
  readonly region: string | null;
  /** Dimensions of the alarm's metric, by name; none for an alarm over many series. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Whether it is an alarm over many series, each with notifications of its own. */
  readonly overMany: boolean;
  /** The series that changed, of an alarm over many; null where it is the alarm as a whole. */
  readonly contributor: Contributor | null;
}

/** The properties by which an alarm is identified. */
export interface AlarmMarks {
  readonly name: string;
  readonly description: string | null;
  /** Names of the metrics that it compares, or the queries that do. */
  readonly metrics: readonly string[];
}

/**
 * Which of the steward's alarms this is: by the end of its name, else by the section of the runbook that its description
 * links to, else by the metric that it compares.
 */
export function alarmKind({ name, description, metrics }: AlarmMarks): AlarmId | null {
  const byName = longest(ALARMS.filter(({ id }) => new RegExp(`(?:^|-)${id}(?:-[\\w-]*)?$`).test(name)));
  const [, section = ''] = /runbook\.md#([\w-]+)/.exec(description ?? '') ?? [];
  const bySection = ALARMS.find(({ runbook }) => runbook === section);
  const byMetric = ALARMS.find(({ source: { metric } }) =>
    metrics.some((text) => new RegExp(`\\b${metric}\\b`).test(text)),
  );
  return (byName ?? bySection ?? byMetric)?.id ?? null;
}

function longest(kinds: readonly (typeof ALARMS)[number][]): (typeof ALARMS)[number] | undefined {
  return kinds.toSorted((a, b) => b.id.length - a.id.length)[0];
}

/**
 * The number that breached, from CloudWatch's words: `… [4.2 (01/12/25 13:34:00), …] …`, the newest first.
 *
 * @returns null where the words have none, as those of an alarm as a whole over many series.
 */
export function breachingValue(reason: string): number | null {
  const [, text] = /\[(-?\d+(?:\.\d+)?(?:E[+-]?\d+)?) \(/.exec(reason) ?? [];
  return text === undefined ? null : Number(text);
}
