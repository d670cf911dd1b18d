import { execFile } from 'node:child_process';
import { readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { smallJob } from './steward.ts';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const makeDirectory = useTempDirectories();
const runFile = promisify(execFile);

/** A run that may end with any status. */
async function runNode(args: readonly string[], cwd: string): Promise<{ status: number; out: string; err: string }> {
  return await new Promise((resolve) => {
    execFile(process.execPath, [...args], { cwd, env: {} }, (error, out, err) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

describe('The built command', () => {
  it('is one file that runs on Node alone, from any folder, also through a link', async () => {
    // Prepare
    const elsewhere = await makeDirectory();
    const cwd = await makeDirectory(smallJob());
    const command = join(elsewhere, 'steward.mjs');
    await runFile(process.execPath, ['--import', 'tsx', 'cli/build.ts', command], { cwd: TOP });
    await symlink('steward.mjs', join(elsewhere, 'steward'));

    // Act
    const version = await runNode([command, '--version'], cwd);
    const plan = await runNode([join(elsewhere, 'steward'), 'plan', '.', '--as', 's3://bucket', '--json'], cwd);
    const undecidable = await runNode([command, 'audit', '.'], cwd);
    const usage = await runNode([command, 'audit', 'none'], cwd);
    const report = await runNode([command, 'audit', '.', '--as', 's3://bucket', '--html', 'report.html'], cwd);
    const gone = await makeDirectory();
    const nowhere = await runFile(
      'sh',
      ['-c', 'rmdir "$PWD"; "$@" 2>&1; echo $?', 'sh', process.execPath, command, 'audit', '.'],
      { cwd: gone, env: {} },
    );

    // Assess
    expect(nowhere.stdout).toBe(
      "The working directory can't be found: it was deleted, or you may not enter it. Nothing was changed. Change to another directory, and run again.\n2\n",
    );
    expect(version).toEqual({ status: 0, out: '0.1.0\n', err: '' });
    expect({ status: plan.status, err: plan.err }).toEqual({ status: 0, err: '' });
    expect(JSON.parse(plan.out)).toMatchObject({ totals: { 'keep-live': { objects: 2 } } });
    expect({ status: undecidable.status, err: undecidable.err }).toEqual({ status: 3, err: '' });
    expect(undecidable.out).toContain('--as s3a://bucket');
    expect({ status: usage.status, out: usage.out }).toEqual({ status: 2, out: '' });
    expect(usage.err).toMatch(
      /^The folder '.*none' does not exist\. Check the path, and that its file system is mounted\. A bucket is written as s3:\/\/bucket\/prefix\.\n$/,
    );
    expect({ status: report.status, err: report.err }).toEqual({ status: 0, err: '' });
    // The page is bundled into the command, which bundles nothing itself.
    expect(await readFile(join(cwd, 'report.html'), 'utf8')).toContain('"label":"');
    expect(await readFile(command, 'utf8')).not.toContain('import("esbuild")');
    expect((await stat(command)).mode & 0o111).toBe(0o111);
  });

  it('reads its configuration once, so that a pipe can give it', async () => {
    // Prepare
    const elsewhere = await makeDirectory();
    const cwd = await makeDirectory(smallJob());
    const command = join(elsewhere, 'steward.mjs');
    await runFile(process.execPath, ['--import', 'tsx', 'cli/build.ts', command], { cwd: TOP });
    const area = JSON.stringify({ area: [{ path: cwd, as: 's3://bucket' }] });
    const script =
      '"$0" "$1" audit --config <(printf %s "$2") --json && "$0" "$1" explain "$3" --config <(printf %s "$2")';

    // Act
    const { stdout } = await runFile('bash', ['-c', script, process.execPath, command, area, 'chk-7'], {
      cwd,
    }).catch((error: unknown) => error as { stdout: string });

    // Assess
    expect(stdout).toContain('"jobs": [');
    expect(stdout).toContain('keep-live: the _metadata of a checkpoint or savepoint');
  });

  it('ends with 3 and a sentence where its report cannot be written', async () => {
    // Prepare
    const elsewhere = await makeDirectory();
    const cwd = await makeDirectory(smallJob());
    const command = join(elsewhere, 'steward.mjs');
    await runFile(process.execPath, ['--import', 'tsx', 'cli/build.ts', command], { cwd: TOP });
    const script = '"$0" "$1" audit . --as s3://bucket --json > /dev/full; echo "$?"';

    // Act
    const { stdout, stderr } = await runFile('bash', ['-c', script, process.execPath, command], { cwd });

    // Assess
    expect({ stdout, stderr }).toEqual({
      stdout: '3\n',
      stderr:
        "The report can't be written to stdout: no space left on the device. It is incomplete; nothing was changed.\n",
    });
  });

  it('is no failure where its reader has seen enough', async () => {
    // Prepare
    const elsewhere = await makeDirectory();
    const cwd = await makeDirectory(smallJob());
    const command = join(elsewhere, 'steward.mjs');
    await runFile(process.execPath, ['--import', 'tsx', 'cli/build.ts', command], { cwd: TOP });
    const script = 'set -o pipefail; "$0" "$1" audit . --as s3://bucket --json | true; echo "$?"';

    // Act
    const { stdout, stderr } = await runFile('bash', ['-c', script, process.execPath, command], { cwd });

    // Assess
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
  });
});
