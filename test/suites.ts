/**
 * Which tests run when. `npm run test:fast` runs what needs neither a server nor a process beside it, in well under a
 * minute; `npm test` runs that and the rest, each file once.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TOP = fileURLToPath(new URL('..', import.meta.url));

/** Milliseconds. Against hangs alone: no test may fail because its machine is slow or busy. */
export const HANG = 15 * 60_000;

/** Of every suite. */
export const TEST_ENVIRONMENT: Readonly<Record<string, string>> = {
  // The SDK warns of the Node versions that it will give up, once in each worker.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  // Whoever runs the tests may use the command too, and name a ledger; an empty variable counts as not set.
  STEWARD_CONFIG: '',
  STEWARD_ENDPOINT: '',
  STEWARD_LEDGER: '',
  STEWARD_PATH_STYLE: '',
  STEWARD_STACK: '',
};

/** What the inner loop is made of: folders, and single files of others. */
const FAST: readonly string[] = [
  'test/config/',
  'test/conformance/',
  'test/core/',
  'test/operations/ledger/',
  'test/operations/look/',
  'test/operations/report/',
  'test/report/',
  'test/cli/growth.test.ts',
  'test/cli/retention.test.ts',
  'test/cli/text.test.ts',
  'test/model/memory-ports.test.ts',
  'test/templates/findings.test.ts',
];

/** What lies there and is not of it, each with the reason. Property tests make as many runs here as anywhere. */
const NOT_FAST: ReadonlyMap<string, string> = new Map([
  ['test/core/collect/judge.properties.test.ts', 'long loops'],
  ['test/core/flink/metadata/metadata-robustness.test.ts', 'long loops'],
  ['test/core/inventory/object-table.test.ts', 'long loops'],
  ['test/core/lifecycle/terraform.test.ts', 'long loops'],
  ['test/core/retention/decide.properties.test.ts', 'long loops'],
  ['test/core/signals/growth.test.ts', 'many simulated jobs'],
  ['test/operations/look/survey.property.test.ts', 'long loops'],
  ['test/report/report-of.test.ts', 'many simulated jobs'],
  ['test/core/flink/metadata/metadata-memory.test.ts', 'measures a process of its own'],
  ['test/core/shell-word.test.ts', 'asks a shell'],
  ['test/operations/ledger/declarations.test.ts', 'has a server'],
  ['test/operations/ledger/known-directories.test.ts', 'has a server'],
  ['test/operations/ledger/run-memory.test.ts', 'has a server'],
  ['test/report/render.test.ts', 'bundles the page'],
]);

/** With commands of their own. */
const APART: readonly string[] = ['test/s3-conformance/', 'test/functions/bundles.test.ts'];

export function isFast(path: string): boolean {
  return FAST.some((place) => path.startsWith(place)) && !NOT_FAST.has(path);
}

/** All that the tables above name. */
export const NAMED_PLACES: readonly string[] = [...FAST, ...NOT_FAST.keys(), ...APART];

/** The test files of the ordinary suite, from the top of the repository, with `/`. */
export function ordinaryTests(): readonly string[] {
  return readdirSync(`${TOP}test`, { recursive: true, encoding: 'utf8' })
    .map((path) => `test/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.test.ts') && !APART.some((place) => path.startsWith(place)))
    .sort();
}
