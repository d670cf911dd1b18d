import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JOB, OTHER_JOB } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, at, filesBelow, serveQuarantine, twoJobs } from './acting.ts';
import { documentOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const ROOT = `flink/${OTHER_JOB}/chk-3`;
const URL = `s3://bucket/${ROOT}/_metadata`;

describe('What people say', () => {
  it.each<[string, readonly string[]]>([
    ['pin', ['pin', ROOT]],
    ['pause', ['pause']],
  ])('holds at once for %s, which only ever keeps more; with --dry-run nothing changes', async (command, words) => {
    // Prepare
    const cwd = await makeDirectory(twoJobs());
    const before = await filesBelow(cwd);

    // Act
    const dry = await steward(cwd, [...words, ...AREA, '--dry-run']);
    const document = await steward(cwd, [...words, ...AREA, '--dry-run', '--json']);
    const both = await steward(cwd, [...words, ...AREA, '--dry-run', '--execute']);
    const after = await filesBelow(cwd);
    const done = await steward(cwd, [...words, ...AREA, '--json']);
    const again = await steward(cwd, [...words, ...AREA, '--execute', '--json']);

    // Assess
    expect({ status: dry.status, err: dry.err }).toEqual({ status: 0, err: '' });
    expect(dry.out).toMatch(/^Dry run: nothing was changed\. /);
    expect(dry.out.endsWith(`To do it:\n  steward ${words.join(' ')} bucket --as s3://bucket\n`)).toBe(true);
    expect(documentOf(document)).toMatchObject({ executed: false });
    expect(both).toMatchObject({ status: 2, err: expect.stringContaining("option '--dry-run' cannot be used with") });
    expect(after).toEqual(before);
    expect([documentOf(done).executed, documentOf(again).executed]).toEqual([true, true]);
    const { state } = documentOf(await steward(cwd, ['history', ...AREA, '--json']));
    expect(state).toMatchObject(command === 'pin' ? { pins: [{ url: URL }] } : { paused: { by: 'ops@host' } });
  });

  it.each<[string, readonly string[]]>([
    ['declare-dead', ['declare-dead', JOB]],
    ['resume', ['resume']],
  ])('is not said by a dry run of %s, which names the command that says it', async (_, words) => {
    const cwd = await makeDirectory(twoJobs());
    const before = await filesBelow(cwd);

    const { status, out, err } = await steward(cwd, [...words, ...AREA]);
    const document = await steward(cwd, [...words, ...AREA, '--json']);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^Dry run: nothing was changed\. /);
    expect(out.endsWith(`To do it:\n  steward ${words.join(' ')} bucket --as s3://bucket --execute\n`)).toBe(true);
    expect(documentOf(document)).toMatchObject({ executed: false });
    expect(await filesBelow(cwd)).toEqual(before);
  });

  it('keeps a pinned checkpoint from the policy until it is unpinned', async () => {
    // Prepare
    const cwd = await makeDirectory({
      ...twoJobs(),
      'steward.json': '{"retain": [{"path": "**", "endedJobs": {"keepLast": 1}}]}',
    });
    const retiring = async () =>
      documentOf(await steward(cwd, ['retire', ...AREA, '--json'])).retention as { action: string; path: string }[];

    // Act
    const before = await retiring();
    const pinned = await steward(cwd, ['pin', ROOT, ...AREA, '--why', 'the audit of 2027', '--execute']);
    const between = await retiring();
    const history = await steward(cwd, ['history', ...AREA]);
    const audit = await steward(cwd, ['audit', ...AREA, '--json']);
    const vague = await steward(cwd, ['unpin', 'nothing', ...AREA, '--execute']);
    const unpinned = await steward(cwd, ['unpin', 'chk-3', ...AREA, '--execute', '--json']);
    const after = await retiring();

    // Assess
    const gone = (roots: typeof before) => roots.filter(({ action }) => action === 'retire').map(({ path }) => path);
    expect([gone(before), gone(between), gone(after)]).toEqual([
      [`s3a://bucket/${ROOT}`],
      [],
      [`s3a://bucket/${ROOT}`],
    ]);
    expect(pinned.out).toContain(`To remove the pin:\n  steward unpin ${URL} bucket --as s3://bucket --execute\n`);
    expect(history.out.replace(/\s+/g, ' ')).toContain(`Pinned: ${URL} (the audit of 2027)`);
    expect(documentOf(audit).notes).toEqual(['1 checkpoint or savepoint is pinned.']);
    expect({ status: vague.status, err: vague.err }).toEqual({
      status: 2,
      err: `nothing: this name does not match exactly one pin. Nothing was changed. Pinned roots: ${URL}.\n`,
    });
    expect(documentOf(unpinned)).toEqual({ unpinned: URL, executed: true });
  });

  it('stops all deleting until it is resumed', async () => {
    // Prepare
    const cwd = await makeDirectory(twoJobs());
    await serveQuarantine(cwd);
    const collect = ['collect', ...AREA, '--now', at(1), '--execute'];

    // Act
    const paused = await steward(cwd, ['pause', ...AREA, '--why', 'a migration']);
    const stopped = await steward(cwd, collect);
    const resumed = await steward(cwd, ['resume', ...AREA, '--execute']);
    const done = await steward(cwd, [...collect, '--json']);

    // Assess
    expect(paused).toEqual({
      status: 0,
      out: 'Deleting is paused.\nTo resume:\n  steward resume bucket --as s3://bucket --execute\n',
      err: '',
    });
    expect(stopped.status).toBe(1);
    expect(stopped.out.replace(/\s+/g, ' ')).toContain(
      'Nothing was deleted or retired: deleting has been paused since 2027-03-01T00:00:00.000Z by ops@host (a migration). To allow deleting again: steward resume bucket',
    );
    expect(resumed.out).toMatch(/^Deleting is allowed again, from the next run on\.\n/);
    expect(documentOf(done)).toMatchObject({ deleted: { objects: 2 } });
  });

  it('is said to the ledger that looks after the area, or to none', async () => {
    // Prepare
    const cwd = await makeDirectory(twoJobs());
    await steward(cwd, ['collect', ...AREA, '--execute', '--ledger', 'mine']);
    const other = [...AREA, '--ledger', 'other', '--execute'];

    // Act
    const refusals = [];
    for (const words of [['pause'], ['resume'], ['pin', ROOT], ['declare-dead', JOB]]) {
      const { status, err } = await steward(cwd, [...words, ...other]);
      refusals.push([status, err.replaceAll(cwd, 'CWD')]);
    }
    await rm(join(cwd, 'mine'), { recursive: true });
    const offered = await steward(
      cwd,
      ['resume', ...other, '--take-over'].filter((word) => word !== '--execute'),
    );
    const takenOver = await steward(cwd, ['resume', ...other, '--take-over']);
    const ours = await steward(cwd, ['collect', ...other]);

    // Assess
    const foreign = 'Another ledger, CWD/mine, has been responsible for bucket since 2027-03-01T00:00:00.000Z.';
    expect(refusals).toEqual([
      [
        3,
        `${foreign} Nothing was changed. A pause in this ledger would have no effect. Pause the other one: --ledger CWD/mine\n`,
      ],
      [
        3,
        `${foreign} Nothing was changed. Use that ledger. If it is lost for good, and its pins and retired checkpoints with it, take the area over: steward resume bucket --as s3://bucket --ledger other --take-over --execute\n`,
      ],
      [3, expect.stringContaining(`${foreign} Two ledgers don't know each other's pins`)],
      [3, expect.stringContaining(`${foreign} Two ledgers don't know each other's pins`)],
    ]);
    expect([takenOver.status, ours.status]).toEqual([0, 0]);
    expect(offered.out).toContain('This ledger would be responsible for the area, in place of any other');
  });

  it('gives up a root that can not be read, under its ETag only', async () => {
    // Prepare
    const cwd = await makeDirectory(twoJobs());
    await writeFile(join(cwd, `bucket/${ROOT}/_metadata`), 'torn');
    const declare = (...more: readonly string[]) => steward(cwd, ['declare-dead', ...AREA, '--root', ROOT, ...more]);

    // Act
    const before = await steward(cwd, ['collect', ...AREA]);
    const nameless = await declare('--execute');
    const wrong = await declare('--etag', 'abc', '--execute');
    const etag = /--etag (\S+) --execute/.exec(nameless.err)?.[1] ?? '';
    const right = await declare('--etag', etag, '--execute', '--json');
    const after = await steward(cwd, ['collect', ...AREA]);

    // Assess
    expect([before.status, nameless.status, wrong.status, right.status, after.status]).toEqual([3, 2, 2, 0, 0]);
    expect(nameless.err).toContain(
      `To declare ${ROOT} dead, give its ETag, so that the declaration applies only to this content.`,
    );
    expect(wrong.err).toBe(
      `${URL} has the ETag ${etag}, not abc, so its content has changed. Nothing was changed by this command. To read it again: steward inspect ${URL}\n`,
    );
    expect(documentOf(right)).toEqual({ deadRoot: URL, etag, executed: true });
  });

  it('take the name of a job that is shown: the first digits of its id, or its label, where one job only has it', async () => {
    // Prepare
    const labels = `{"labels": [{"jobId": "${JOB}", "job": "orders"}, {"jobId": "${OTHER_JOB}", "job": "clicks"}]}`;
    const cwd = await makeDirectory({ ...twoJobs(), 'steward.json': labels });
    const declare = async (name: string) => {
      const ran = await steward(cwd, ['declare-dead', name, ...AREA, '--json']);
      return ran.status === 0 ? documentOf(ran).deadJob : [ran.status, documentOf(ran).error];
    };

    // Act
    const whole = await declare(JOB.toUpperCase());
    const prefix = await declare(JOB.slice(0, 4));
    const upper = await declare(OTHER_JOB.slice(0, 8).toUpperCase());
    const label = await declare('clicks');
    const short = await declare(JOB.slice(0, 3));

    // Assess
    expect([whole, prefix, upper, label]).toEqual([JOB, JOB, OTHER_JOB, OTHER_JOB]);
    expect(short).toMatchObject([
      2,
      expect.objectContaining({ message: expect.stringContaining('No job in the area') }),
    ]);
  });

  it('take a label with slashes, as labels of several folders have', async () => {
    const labels = `{"labels": [{"path": "flink/{jobId}", "job": "eu/{jobId}"}]}`;
    const cwd = await makeDirectory({ ...twoJobs(), 'steward.json': labels });

    const ran = await steward(cwd, ['declare-dead', `eu/${JOB}`, ...AREA, '--json']);

    expect(documentOf(ran)).toMatchObject({ deadJob: JOB });
  });

  it('take no name that several jobs have', async () => {
    const labels = `{"labels": [{"path": "**", "job": "orders"}]}`;
    const cwd = await makeDirectory({ ...twoJobs(), 'steward.json': labels });

    const { status, err } = await steward(cwd, ['declare-dead', 'orders', ...AREA, '--execute']);
    const { state } = documentOf(
      await steward(cwd, ['declare-dead', JOB, ...AREA, '--execute', '--json']).then(() =>
        steward(cwd, ['history', ...AREA, '--json']),
      ),
    );

    expect(status).toBe(2);
    expect(err.replace(/\s+/g, ' ')).toContain(
      'orders: this name matches 2 jobs. Nothing was changed. Give the id of one of them: ',
    );
    expect(state).toMatchObject({ deadJobs: [{ job: JOB }] });
  });

  it.each([
    [['declare-dead'], /^No job was given\. Write the job id, which is the name of the job directory, or/],
    [['declare-dead', 'bucket/flink'], /^bucket\/flink is not a job\. Write the job id/],
    [['declare-dead', 'eu/orders', ...AREA], /^No job in the area is called eu\/orders\./],
    [['declare-dead', 's3://bucket'], /^s3:\/\/bucket is not a job\. Write the job id/],
    [
      ['declare-dead', '946', ...AREA],
      /^No job in the area is called 946\. Give at least the first four digits of an id\. To list/,
    ],
    [
      ['pin', 'chk-9', ...AREA],
      /^chk-9: the area contains no checkpoint or savepoint of that name\. .*steward restore-points bucket/,
    ],
    [
      ['unpin', 'x', ...AREA],
      /^The ledger .* does not exist yet\. To create it, make a first run: steward collect bucket/,
    ],
  ])('is refused where it makes no sense: %j', async (args, sentence) => {
    const cwd = await makeDirectory(twoJobs());

    const { status, out, err } = await steward(cwd, [...args, '--execute']);

    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(sentence);
  });
});
