import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Flink's own reader of `_metadata`, under JMH. */

const PROJECT = fileURLToPath(new URL('./flinks-reader', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/bench/flinks-reader', import.meta.url));

/** How often and how long something is read before it is measured, and while it is. */
export interface Rounds {
  readonly warmUps: number;
  readonly measurements: number;
  /** Of each of them. */
  readonly seconds: number;
}

/** @returns the classpath of the benchmark. @throws Error with Maven's own words */
export function buildFlinksReader(): string {
  const classpath = join(BUILT, 'classpath');
  const goals = ['compile', 'dependency:build-classpath', `-Dmdep.outputFile=${classpath}`];
  outputOf('mvn', ['-q', '-B', ...goals], PROJECT);
  return `${join(BUILT, 'classes')}:${readFileSync(classpath, 'utf8')}`;
}

/** @returns microseconds of each measured round, on average over its reads of all files below the folder */
export function warmReads(classpath: string, folder: string, { warmUps, measurements, seconds }: Rounds) {
  const lengths = ['-f', '1', '-w', `${seconds * 1_000}ms`, '-r', `${seconds * 1_000}ms`];
  return runJmh(classpath, folder, ['-wi', String(warmUps), '-i', String(measurements), ...lengths]);
}

/** @returns microseconds that reading all files below the folder took in each of so many new processes, classes loaded */
export function firstReads(classpath: string, folder: string, processes: number): readonly number[] {
  return runJmh(classpath, folder, ['-bm', 'ss', '-wi', '0', '-i', '1', '-f', String(processes)]);
}

function runJmh(classpath: string, folder: string, options: readonly string[]): readonly number[] {
  const file = join(BUILT, 'result.json');
  outputOf('java', [
    ...['-cp', classpath, 'org.openjdk.jmh.Main', 'FlinksReader', ...options, '-p', `folder=${folder}`],
    ...['-rf', 'json', '-rff', file, '-jvmArgs', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'],
  ]);
  const [result] = JSON.parse(readFileSync(file, 'utf8')) as readonly JmhResult[];
  return result?.primaryMetric.rawData.flat() ?? [];
}

/** What JMH writes, as far as it is read here. */
interface JmhResult {
  /** By process, then by iteration. */
  readonly primaryMetric: { readonly rawData: readonly (readonly number[])[] };
}

function outputOf(program: string, args: readonly string[], cwd?: string): void {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}:\n${stdout}${stderr}`.slice(-4_000));
}
