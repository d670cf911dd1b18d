import { spawn } from 'node:child_process';
import { chmod, copyFile, readdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { BuiltSteward, type Ended, endOf } from '#test/cli/built-steward.ts';
import { smallJob } from '#test/cli/steward.ts';
import { useLastingDirectory } from '#test/support/lasting-directory.ts';
import { JOB } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const SCRIPT = fileURLToPath(new URL('../../examples/cron/collect.sh', import.meta.url));
const CONFIGURATION = JSON.stringify({
  area: [{ path: 'flink', as: 's3://bucket/flink' }],
  ledger: './ledger',
  collect: { maxDeleteFraction: 1 },
});
const makeDirectory = useTempDirectories();
const makeLasting = useLastingDirectory();

let path = '';
beforeAll(async () => {
  const folder = await makeLasting();
  await BuiltSteward.build(folder);
  await writeFile(join(folder, 'steward'), `#!/bin/sh\nexec node "${join(folder, 'steward.mjs')}" "$@"\n`);
  await chmod(join(folder, 'steward'), 0o755);
  path = [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
});

/** Runs it as cron does: from another folder, with next to no environment. */
async function collect(folder: string, ...args: readonly string[]): Promise<Ended> {
  return await endOf(spawn('/bin/sh', [join(folder, 'collect.sh'), ...args], { cwd: '/', env: { PATH: path } }));
}

async function prepare(configuration: string): Promise<string> {
  const folder = await makeDirectory({ 'steward.json': configuration, ...smallJob(`flink/${JOB}/`) });
  await copyFile(SCRIPT, join(folder, 'collect.sh'));
  return folder;
}

describe('the script for cron', () => {
  it('is silent while all is well, and deletes only with --execute', async () => {
    const folder = await prepare(CONFIGURATION);
    const files = (): Promise<readonly string[]> => readdir(join(folder, 'flink', JOB, 'shared'));

    const first = await collect(folder, '--now', '2027-03-01T00:00:00Z');
    const dry = await collect(folder, '--now', '2027-03-02T00:00:00Z');
    const before = await files();
    const executed = await collect(folder, '--now', '2027-03-03T00:00:00Z', '--execute');

    expect([first, dry, executed]).toEqual(Array(3).fill({ status: 0, out: '', err: '' }));
    expect(before).toHaveLength(2);
    expect(await files()).toHaveLength(1);
  });

  it('prints what is wrong, and ends with the status of the command', async () => {
    const folder = await prepare('{"area": ["flink"], "ledgers": "./ledger"}');

    const { status, out, err } = await collect(folder);

    expect(status).toBe(2);
    expect(out).toContain('ledgers');
    expect(err).toBe('');
  });
});
