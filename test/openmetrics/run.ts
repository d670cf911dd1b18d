import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { steward } from '../cli/steward.ts';
import { MovingStore } from '../support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '../support/played-job.ts';
import { PythonEnvironment } from '../support/python-environment.ts';
import { readExposition } from '../support/read-exposition.ts';
import { namesInRules } from './names-in-rules.ts';

/**
 * Has what `audit --openmetrics` writes read by the parsers of Prometheus's own client library, as its text format and as
 * OpenMetrics, and the rules of the example by a parser of YAML.
 *
 * usage: npm run test:openmetrics
 */

const ENVIRONMENT = new PythonEnvironment(['prometheus-client==0.26.0', 'PyYAML==6.0.3'], 'prometheus_client, yaml');
const RULES = fileURLToPath(new URL('../../examples/prometheus/flink-steward.rules.yml', import.meta.url));
const READ = `
import json, sys, yaml
from prometheus_client.parser import text_string_to_metric_families as plain
from prometheus_client.openmetrics.parser import text_string_to_metric_families as strict

text = open(sys.argv[1], encoding='utf-8').read()

def read(parse, text):
    return [[s.name, s.labels, s.value] for family in parse(text) for s in family.samples]

def refuses(text):
    try:
        read(strict, text)
        return False
    except ValueError:
        return True

json.dump({
    'plain': read(plain, text),
    'strict': read(strict, text),
    'refusesWithoutEnd': refuses(text.replace('# EOF', '')),
    'rules': yaml.safe_load(open(sys.argv[2], encoding='utf-8')),
}, sys.stdout)
`;

interface Read {
  readonly plain: readonly (readonly [string, Record<string, string>, number])[];
  readonly strict: Read['plain'];
  readonly refusesWithoutEnd: boolean;
  readonly rules: {
    readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
  };
}

const missing = ENVIRONMENT.whatIsMissing();
if (missing !== null) {
  console.log(`test:openmetrics: skipped, because ${missing}.`);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'flink-steward-openmetrics-'));
  try {
    judge(await writeMetrics(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge(file: string): void {
  const { stdout, stderr, status } = spawnSync(ENVIRONMENT.python, ['-c', READ, file, RULES], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The parsers could not read what was written: ${stderr}`);
  const read: Read = JSON.parse(stdout);
  const ours = readExposition(readFileSync(file, 'utf8')).map(({ name, labels, value }) => [name, labels, value]);
  const names = new Set(ours.map(([name]) => String(name)));
  const rules = read.rules.groups.flatMap((group) => group.rules);
  const complaints = [
    ...(isSame(read.plain, ours) ? [] : ['The parser of the text format reads other values.']),
    ...(isSame(read.strict, ours) ? [] : ['The parser of OpenMetrics reads other values.']),
    ...(read.refusesWithoutEnd ? [] : ['The parser of OpenMetrics takes anything, so that it proves nothing.']),
    ...(rules.length > 0 ? [] : ['The example has no rules.']),
    ...rules.flatMap(({ alert, expr }) =>
      namesInRules(expr)
        .filter((name) => !names.has(name))
        .map((name) => `${alert} asks for ${name}, which nobody writes.`),
    ),
  ];
  for (const complaint of complaints) console.error(complaint);
  console.log(`${ours.length} values read by both parsers, ${rules.length} rules, ${complaints.length} complaints.`);
  if (complaints.length > 0) process.exitCode = 1;
}

/** In any order: the parsers keep that of the names. */
function isSame(read: readonly unknown[], ours: readonly unknown[]): boolean {
  const sorted = (all: readonly unknown[]): readonly string[] =>
    all
      .map((one) => JSON.stringify(one, (_, value) => (isLabels(value) ? Object.entries(value).sort() : value)))
      .sort();
  return ours.length > 0 && JSON.stringify(sorted(read)) === JSON.stringify(sorted(ours));
}

function isLabels(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of two jobs, one of them damaged and with a name of all characters that are escaped. */
async function writeMetrics(folder: string): Promise<string> {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store);
  job.complete(7, [job.upload(1)]);
  job.upload(2);
  const damaged = new PlayedJob(store, `flink/${OTHER_JOB}/`);
  damaged.complete(6, [damaged.upload(3, NOW - 40 * DAY)], NOW - 39 * DAY);
  damaged.complete(7, [damaged.file(4)], NOW - 38 * DAY);
  for (const [key, { content, modified }] of Object.entries(store.files())) {
    const path = join(folder, 'copy', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    utimesSync(path, modified / 1_000, modified / 1_000);
  }
  const labels = [{ jobId: JOB, job: 'a "quoted" \\ name\nof two lines, ünïcode 😀' }];
  await writeFile(join(folder, 'steward.json'), JSON.stringify({ labels }));
  const { err } = await steward(folder, ['audit', 'copy', '--as', 's3://bucket', '--openmetrics', 'steward.prom']);
  if (err !== '') throw new Error(`The audit was not as it should be: ${err}`);
  return join(folder, 'steward.prom');
}
