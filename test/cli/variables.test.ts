import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VARIABLES } from '#cli/variables.ts';
import { leafCommands } from '#test/docs/doc-commands.ts';
import { NOW } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, twoJobs } from './acting.ts';
import { below, documentOf, type Ran, runCaptured, smallJob } from './steward.ts';

const makeDirectory = useTempDirectories();

async function stewardWith(
  environment: Readonly<Record<string, string>>,
  cwd: string,
  args: readonly string[],
): Promise<Ran> {
  return await runCaptured(args, { cwd, clock: () => NOW, columns: 100, environment });
}

describe('A variable of the environment', () => {
  it('is named in the help of each option for which it stands', () => {
    const options = [...leafCommands().values()].flatMap((command) => [...command.options]);

    for (const [name, variable] of Object.entries(VARIABLES)) {
      const its = options.filter((option) => option.attributeName() === name);
      expect(its.length).toBeGreaterThan(1);
      expect(its.filter(({ description }) => !description.includes(variable))).toEqual([]);
    }
  });

  it('gives the ledger in place of that of the configuration, and in the next command', async () => {
    const cwd = await makeDirectory({
      ...twoJobs(),
      'steward.json': '{"area": [{"path": "bucket", "as": "s3://bucket"}], "ledger": "configured"}',
    });

    const { status, out } = await stewardWith({ STEWARD_LEDGER: 'named' }, cwd, ['collect']);

    expect(status).toBe(0);
    expect(existsSync(join(cwd, 'named'))).toBe(true);
    expect(existsSync(join(cwd, 'configured'))).toBe(false);
    expect(out).toContain('steward collect --ledger named --execute');
  });

  it('counts less than the option', async () => {
    const cwd = await makeDirectory(twoJobs());

    await stewardWith({ STEWARD_LEDGER: 'named' }, cwd, ['collect', ...AREA, '--ledger', 'typed']);

    expect(existsSync(join(cwd, 'typed'))).toBe(true);
    expect(existsSync(join(cwd, 'named'))).toBe(false);
  });

  it('that is empty counts as not set', async () => {
    const cwd = await makeDirectory(twoJobs());
    const empty = Object.fromEntries([...Object.values(VARIABLES), 'STEWARD_STACK'].map((name) => [name, '']));

    const { status } = await stewardWith(empty, cwd, ['collect', ...AREA]);

    expect(status).toBe(0);
    expect(existsSync(join(cwd, '.steward'))).toBe(true);
  });

  it('gives the configuration', async () => {
    const cwd = await makeDirectory({
      ...below('copy', smallJob()),
      'etc/s.json': '{"area": [{"path": "../copy", "as": "s3://bucket"}]}',
    });

    const { status, out } = await stewardWith({ STEWARD_CONFIG: 'etc/s.json' }, cwd, ['audit', '--json']);

    expect(status).toBe(0);
    expect(documentOf({ status, out, err: '' })).toMatchObject({ total: { objects: 3 } });
  });

  it('gives the configuration that --print-config prints', async () => {
    const cwd = await makeDirectory({ 's.json': '{"mode": "collect"}' });

    const { out } = await stewardWith({ STEWARD_CONFIG: 's.json' }, cwd, ['--print-config']);

    expect(JSON.parse(out)).toMatchObject({ mode: 'collect' });
  });

  it.each([
    [
      { STEWARD_ENDPOINT: 'localhost:9000' },
      ['audit', 's3://bucket'],
      "STEWARD_ENDPOINT is 'localhost:9000'. Write it as http://localhost:9000 or https://s3.example.org.\n",
    ],
    [
      { STEWARD_PATH_STYLE: 'perhaps' },
      ['audit', 's3://bucket'],
      "STEWARD_PATH_STYLE is 'perhaps'. Write true or false.\n",
    ],
    [
      { STEWARD_CONFIG: 'none.json' },
      ['audit'],
      'none.json: there is no such file, so nothing is done. Check the path after --config. --config comes from the variable STEWARD_CONFIG.\n',
    ],
    [
      { STEWARD_LEDGER: 'copy/ledger' },
      ['collect', 'copy'],
      'The ledger and the area must be separate, but copy/ledger is inside copy. Nothing was done. Move the ledger: --ledger DIRECTORY, or "ledger" in steward.json. --ledger comes from the variable STEWARD_LEDGER.\n',
    ],
  ])('with a wrong value is named by the refusal: %j', async (environment, args, expected) => {
    const cwd = await makeDirectory(below('copy', smallJob()));

    expect(await stewardWith(environment as Record<string, string>, cwd, args)).toEqual({
      status: 2,
      out: '',
      err: expected,
    });
  });

  it.each(['false', '0'])('says %j to a switch that is off anyway', async (value) => {
    const cwd = await makeDirectory(below('copy', smallJob()));

    const { status } = await stewardWith({ STEWARD_PATH_STYLE: value }, cwd, ['audit', 'copy', '--as', 's3://bucket']);

    expect(status).toBe(0);
  });

  it('of another ledger than the marker names is refused, and deletes nothing', async () => {
    const cwd = await makeDirectory(twoJobs());
    await stewardWith({}, cwd, ['collect', ...AREA, '--execute']);

    const { status, err } = await stewardWith({ STEWARD_LEDGER: 'other' }, cwd, ['collect', ...AREA, '--execute']);

    expect(status).toBe(3);
    expect(err).toContain('Use that ledger (--ledger');
    expect(err).toContain('--ledger comes from the variable STEWARD_LEDGER.');
  });
});

describe('STEWARD_STACK', () => {
  it.each(Object.values(VARIABLES))('beside %s is refused, because nobody knows which is meant', async (variable) => {
    const cwd = await makeDirectory({});

    const { status, err } = await stewardWith({ STEWARD_STACK: 'Steward', [variable]: 'x' }, cwd, ['pause']);

    expect({ status, err }).toEqual({
      status: 2,
      err: `STEWARD_STACK asks a deployment, which has its own area, ledger and configuration, but ${variable} is set too. Nothing was done. Unset one of them, or type --stack Steward or the locations.\n`,
    });
  });

  it('beside STEWARD_LEDGER asks nobody where locations are typed', async () => {
    const cwd = await makeDirectory(twoJobs());

    const { status } = await stewardWith({ STEWARD_STACK: 'Steward', STEWARD_LEDGER: 'named' }, cwd, [
      'pause',
      ...AREA,
    ]);

    expect(status).toBe(0);
    expect(existsSync(join(cwd, 'named'))).toBe(true);
  });
});
