import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { GROUPS, groupNamed } from './groups.ts';
import { explanationOf, mutationPage } from './page.ts';
import { type FileResult, type Results, readResults, resultsOf, type Survivor, writeResults } from './results.ts';

/**
 * Measures how many changes of the code the tests notice. Ends with status 1 where tests noticed more before.
 *
 * usage: npm run test:mutation -- [GROUP…] [--files FILE,…] [--write]
 */

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = `${TOP}docs/mutation.md`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Of the group, those that are to be measured. */
    files: { type: 'string' },
    /** Writes what was measured down, and docs/mutation.md. */
    write: { type: 'boolean', default: false },
  },
});

const names = positionals.length > 0 ? positionals : Object.keys(GROUPS);
for (const name of names) {
  const found = measure(name, values.files ?? groupNamed(name).mutate.join(','));
  if (found === null) {
    process.exitCode = 1;
    break;
  }
  const before = readResults();
  for (const [path, { noticed, survivors }] of Object.entries(found)) {
    console.log(`${path}: ${noticed} noticed, ${survivors.length} not`);
    for (const survivor of survivors.filter((one) => explanationOf(path, one) === null)) {
      const isNew = isNewIn(before[path], survivor);
      console.log(`  ${isNew ? 'NEW ' : ''}${survivor.code}\n    => ${survivor.becomes}\n    in ${survivor.line}`);
      // Of a file that has been measured, a mutant that no test notices any more is a test that has been lost.
      if (isNew) process.exitCode = 1;
    }
  }
  if (values.write) {
    writeResults({ ...readResults(), ...found });
    writeFileSync(PAGE, mutationPage(readResults()));
  }
}

/** A file that was not measured before has no new ones. */
function isNewIn(before: FileResult | undefined, { code, becomes }: Survivor): boolean {
  return before !== undefined && !before.survivors.some((known) => known.code === code && known.becomes === becomes);
}

/** Null where Stryker has failed. */
function measure(group: string, files: string): Results | null {
  const { status } = spawnSync('npx', ['stryker', 'run', 'test/mutation/stryker.config.mjs', '--mutate', files], {
    cwd: TOP,
    stdio: 'inherit',
    env: { ...process.env, STEWARD_MUTATED: group },
  });
  if (status !== 0) return null;
  const found = resultsOf(
    JSON.parse(readFileSync(`${TOP}node_modules/.cache/mutation/${group}.json`, 'utf8')),
    new Date().toISOString().slice(0, 10),
  );
  // The report also has what Stryker remembers of other files of the group.
  const asked = values.files?.split(',');
  return Object.fromEntries(Object.entries(found).filter(([path]) => asked?.includes(path) !== false));
}
