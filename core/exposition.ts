/**
 * The text that Prometheus reads: gauges without timestamps, in a form that is both its text format 0.0.4, which the
 * textfile collector of node_exporter takes, and OpenMetrics 1.0. To the first of them `# UNIT` and `# EOF` are comments.
 */

/** A value with its labels, in the order in which they are written. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All values of one name. */
export interface Gauge {
  readonly name: string;
  /** In one line. The name must end with it; null for a number without a unit. */
  readonly unit: string | null;
  /** A sentence without quotes and backslashes: the two formats escape them differently. */
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** @returns the text with its closing line; a gauge without values is left out. */
export function exposition(gauges: readonly Gauge[]): string {
  return [...gauges.filter(({ samples }) => samples.length > 0).flatMap(linesOf), '# EOF', ''].join('\n');
}

function linesOf({ name, unit, help, samples }: Gauge): readonly string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...(unit === null ? [] : [`# UNIT ${name} ${unit}`]),
    ...samples.map(({ labels, value }) => `${name}${labelsOf(labels)} ${value}`),
  ];
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`;
}

/** Text in a file is UTF-8, which has no half of a character. */
function escaped(value: string): string {
  return value
    .replaceAll(/\p{Cs}/gu, '\ufffd')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n');
}
