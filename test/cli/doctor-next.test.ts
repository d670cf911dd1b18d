import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { useFlinkClusters } from '#test/support/flink-cluster.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { JOB, NOW } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { LEDGER, LOCATION, of, useDoctor } from './doctor-bucket.ts';

const open = useDoctor();
const makeDirectory = useTempDirectories();
const serveFlink = useFlinkClusters();
useMachineClock(NOW);

/** The commands below the table, without how the bucket is reached. */
function commandsIn(out: string): readonly string[] {
  return out
    .split('\n')
    .filter((line) => line.startsWith('  steward '))
    .map((line) => line.trim().replace(/ --endpoint \S+ --region \S+ --path-style/, ''));
}

describe('What steward doctor says to do next', () => {
  it('is to try the rights and to look at the area, where nothing is wrong', async () => {
    const { run } = await open();

    const { out } = await run('doctor');

    expect(commandsIn(out)).toEqual([
      `steward doctor ${LOCATION} --ledger ${LEDGER} --write`,
      `steward audit ${LOCATION} --ledger ${LEDGER}`,
    ]);
  });

  it('is nothing that can only fail, where something is wrong', async () => {
    const { run, s3 } = await open();
    s3.faults.add({ match: {}, do: { kind: 'answer', code: 'InvalidAccessKeyId' } });

    expect(commandsIn((await run('doctor')).out)).toEqual([]);
  });

  it('is to use the ledger that is responsible, and not to take the area over from it', async () => {
    const { run, doctor } = await open();
    await run('collect', '--execute');

    const { rows } = await doctor('--ledger', 's3://ledger/other');

    const [marker] = of('marker', rows);
    expect(marker?.state).toBe('wrong');
    expect(marker?.advice).toContain(
      'If that ledger is gone for good, "steward resume --take-over" takes the area over.',
    );
    expect(commandsIn(`  ${marker?.command}`)).toEqual([`steward doctor ${LOCATION} --ledger ${LEDGER}`]);
  });

  it('is to check the profile, where that gives no credentials', async () => {
    const { doctor } = await open();
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_PROFILE', 'nosuch');

    const { status, rows } = await doctor();

    const [credentials] = of('credentials', rows);
    expect(credentials?.found).toMatch(/^No credentials were found .* AWS_PROFILE is "nosuch"\.$/s);
    expect(credentials?.advice).toMatch(/^Check that this profile exists \(aws configure list-profiles\)/);
    expect(status).toBe(3);
  });

  it('is to write a configuration, where there is none', async () => {
    const { doctor } = await open();

    expect(of('configuration', (await doctor()).rows)[0]?.found).toContain('"steward init" writes one.');
  });
});

describe('Of the clusters in flinkRest, steward doctor', () => {
  it('says whether they answer', async () => {
    const [up, down] = [await serveFlink([{ jobId: JOB }]), await serveFlink()];
    await down.close();
    const cwd = await makeDirectory();
    await writeFile(join(cwd, 'steward.json'), JSON.stringify({ flinkRest: [up.endpoint, down.endpoint] }));
    const { doctor } = await open(cwd);

    const { status, rows } = await doctor();

    expect(of('flink-rest', rows).map(({ state, found }) => [state, found])).toEqual([
      ['ok', `${up.endpoint} answers: 1 job not ended.`],
      ['wrong', `${down.endpoint} did not report which jobs run: nothing listens at this address (ECONNREFUSED).`],
    ]);
    expect(status).toBe(1);
  });
});
