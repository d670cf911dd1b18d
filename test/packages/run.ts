import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LINTERS, type Linter } from './linters.ts';

/**
 * Packs, installs into empty folders and runs what users get; and lints what runs it in images, clusters and workflows.
 *
 * usage: npm run test:packages -- [-t NAME] [FILES…]
 */

const TOP = fileURLToPath(new URL('../..', import.meta.url));

const args = process.argv.slice(2);
// Whoever names a file or a test wants that one.
const isLinted = args.length > 0 || LINTERS.map(lint).every((isWell) => isWell);
const { status } = spawnSync('npx', ['vitest', 'run', '--config', 'test/packages/vitest.config.ts', ...args], {
  cwd: TOP,
  stdio: 'inherit',
});
process.exitCode = isLinted ? (status ?? 1) : 1;

/** @returns whether nothing is wrong. */
function lint(linter: Linter): boolean {
  const { name, files, wrong } = linter;
  const missing = linter.whatIsMissing();
  if (missing !== null) {
    console.log(`${name}: skipped, because ${missing}.`);
    return true;
  }
  const found = complaintsOf(linter, files);
  console.log(found === '' ? `${name}: ${files.join(', ')}: nothing to complain.` : `${name}: ${found}`);
  const folder = mkdtempSync(join(tmpdir(), 'flink-steward-lint-'));
  try {
    const file = join(folder, wrong.file);
    writeFileSync(file, wrong.text);
    const isAwake = wrong.complaint.test(complaintsOf(linter, [file]));
    if (!isAwake) console.log(`${name}: it does not complain of what is wrong, so what it says means nothing.`);
    return found === '' && isAwake;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Empty where it has none. */
function complaintsOf({ command: [file, ...args] }: Linter, files: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(file, [...args, ...files], { cwd: TOP, encoding: 'utf8' });
  return status === 0 ? '' : `ended with status ${status}. ${stdout}${stderr}`;
}
