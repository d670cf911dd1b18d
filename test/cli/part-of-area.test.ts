import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JOB, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { at, filesBelow } from './acting.ts';
import { below, bucketFiles, documentOf, type Ran, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const CLAIMED = `cp/shared/${uuid(2)}`;
const OLD = `bucket/cp/shared/${uuid(2)}`;
const LEDGER = ['--ledger', 'ledger'];

/**
 * Two folders of one bucket as an area. A checkpoint in `sp` names a file in `cp` that no checkpoint there names: alone,
 * `cp` holds garbage.
 */
async function area(): Promise<string> {
  const files = bucketFiles((store) => {
    const job = new PlayedJob(store, 'cp/');
    job.complete(7, [job.upload(1)]);
    job.upload(2);
    new PlayedJob(store, 'sp/').complete(8, [CLAIMED]);
  });
  const entry = (folder: string) => ({ path: `bucket/${folder}`, as: `s3://bucket/${folder}` });
  return await makeDirectory({
    ...below('bucket', files),
    ...below('copy', smallJob()),
    'steward.json': JSON.stringify({
      area: [entry('cp'), entry('sp')],
      collect: { maxDeleteFraction: 1 },
      retain: [{ path: '**', endedJobs: { keepLast: 1 } }],
    }),
  });
}

/** What a command says on stderr, with the test's own folder taken out. */
function said({ err }: Ran, cwd: string): string {
  return err.replaceAll(cwd, 'CWD');
}

const REFUSED =
  'bucket/cp is only a part of the area in steward.json, so CWD/bucket/sp would not be scanned. A checkpoint that is not scanned may reference files of this part, so nothing is deleted or retired.';

describe('A part of the configured area on the command line', () => {
  it.each(['collect', 'retire'])('is refused by %s with --execute, before anything is written', async (command) => {
    const cwd = await area();
    const before = await filesBelow(cwd);

    const ran = await steward(cwd, [command, 'bucket/cp', ...LEDGER, '--now', at(1), '--execute']);

    expect(ran.status).toBe(2);
    expect(ran.out).toBe('');
    expect(said(ran, cwd)).toBe(
      `${REFUSED} To act on the whole area, leave the locations out: steward ${command} --ledger ledger --now 2027-03-02T00:00:00Z --execute\n`,
    );
    expect(await filesBelow(cwd)).toEqual(before);
  });

  it('would lose a file that a checkpoint of the other part names', async () => {
    // Prepare: the same folders, and nobody says that they belong together, nor looks around.
    const cwd = await area();
    await writeFile(join(cwd, 'steward.json'), JSON.stringify({ scope: 'area' }));

    // Act
    for (const day of [0, 2]) {
      await steward(cwd, [
        ...['collect', 'bucket/cp', '--as', 's3://bucket/cp', ...LEDGER, '--now', at(day)],
        ...['--execute', '--accept', 'too-much'],
      ]);
    }

    // Assess
    expect([...(await filesBelow(cwd)).keys()]).not.toContain(OLD);
  });

  it('is refused where a plan of it is applied', async () => {
    // Prepare
    const cwd = await area();
    const plan = ['plan', 'bucket/cp', ...LEDGER, '--out', 'part.ndjson', '--now', at(0)];
    await steward(cwd, ['collect', 'bucket/cp', ...LEDGER, '--now', at(0)]);
    expect(await steward(cwd, plan)).toMatchObject({ status: 0 });

    // Act
    const ran = await steward(cwd, ['apply', 'part.ndjson', '--now', at(0), '--execute']);

    // Assess
    expect(ran.status).toBe(2);
    expect(said(ran, cwd)).toContain('a part of the area in steward.json, so CWD/bucket/sp would not be scanned.');
    expect(said(ran, cwd)).toContain('Make a plan of the whole area, without a location: steward plan --ledger');
    expect([...(await filesBelow(cwd)).keys()]).toContain(OLD);
  });

  it.each([
    ['plan', []],
    ['restore-points', []],
    ['collect', LEDGER],
    ['retire', LEDGER],
  ])('is looked at by %s, which says what it leaves out', async (command, more) => {
    const cwd = await area();

    const ran = await steward(cwd, [command, 'bucket/cp', ...more, '--now', at(0)]);

    expect(ran.status).toBe(0);
    expect(said(ran, cwd)).toBe(
      'Note: This is only a part of the area in steward.json: CWD/bucket/sp will not be scanned. Files that only checkpoints there reference count as garbage in this report, so deleting and retiring are refused for this part.\n',
    );
  });

  it('is looked at by audit, whose document says what it leaves out', async () => {
    const cwd = await area();

    const ran = await steward(cwd, ['audit', 'bucket/cp', '--now', at(0), '--json']);

    expect(JSON.parse(ran.out).notes).toEqual([
      `This is only a part of the area in steward.json: ${cwd}/bucket/sp will not be scanned. Files that only checkpoints there reference count as garbage in this report, so deleting and retiring are refused for this part.`,
    ]);
  });

  it('is said by the name of the configuration that lists more, and as the rest of what lists it', async () => {
    const cwd = await area();
    await symlink(join(cwd, 'bucket/cp/shared'), join(cwd, 'link'));

    const ran = await steward(cwd, ['collect', 'link', '--config', 'steward.json', ...LEDGER, '--execute']);

    expect(ran.status).toBe(2);
    expect(said(ran, cwd)).toContain(
      'link is only a part of the area in steward.json, so the rest of CWD/bucket/cp and CWD/bucket/sp would not be scanned.',
    );
  });

  it('may be paused, pinned and declared dead for: these only keep more, or say what a person knows', async () => {
    const cwd = await area();
    const run = (...words: readonly string[]) =>
      steward(cwd, [...words, 'bucket/cp', ...LEDGER, '--now', at(0), '--execute']);

    const ran = [
      await run('pin', 'chk-7'),
      await run('unpin', 'chk-7'),
      await run('declare-dead', OTHER_JOB),
      await run('pause'),
      await run('resume'),
    ];

    expect(ran.map(({ status, err }) => ({ status, err }))).toEqual(ran.map(() => ({ status: 0, err: '' })));
  });

  it('may be where a run is undone', async () => {
    const cwd = await area();
    const run = await steward(cwd, ['collect', ...LEDGER, '--now', at(0), '--execute', '--json']);
    expect(run).toMatchObject({ status: 0, err: '' });

    const ran = await steward(cwd, ['undo', String(documentOf(run).run), 'bucket/cp', ...LEDGER, '--execute']);

    expect(said(ran, cwd)).not.toContain('part of the area');
    expect(said(ran, cwd)).toContain('this run has nothing to undo');
  });
});

describe('The whole configured area on the command line', () => {
  it('is acted on without a word, also through a link', async () => {
    const cwd = await area();
    await symlink(join(cwd, 'bucket/sp'), join(cwd, 'link'));

    const ran = await steward(cwd, [...['collect', 'bucket/cp', 'link', ...LEDGER, '--now', at(0), '--execute']]);

    expect(ran).toMatchObject({ status: 0, err: '' });
  });

  it('is acted on by a plan that was made of it', async () => {
    const cwd = await area();
    await steward(cwd, ['collect', ...LEDGER, '--now', at(0)]);
    await steward(cwd, ['plan', ...LEDGER, '--now', at(0), '--out', 'plan.ndjson']);

    expect(await steward(cwd, ['apply', 'plan.ndjson', '--now', at(0), '--execute'])).toMatchObject({
      status: 0,
      err: '',
    });
  });
});

describe('A location that is no part of the configured area', () => {
  it('is acted on with a note where it lies elsewhere, and looked at without', async () => {
    const cwd = await area();
    const named = ['copy', '--as', 's3://bucket', ...LEDGER, '--now', at(0)];

    const looked = await steward(cwd, ['collect', ...named]);
    const acted = await steward(cwd, ['collect', ...named, '--execute']);

    expect(looked).toMatchObject({ status: 0, err: '' });
    expect(acted.status).toBe(0);
    expect(said(acted, cwd)).toBe(
      'Note: copy is not a part of the area in steward.json. CWD/bucket/cp and CWD/bucket/sp will not be scanned, so checkpoints there protect no file of this run.\n',
    );
  });

  it('is acted on with a note where it lies above, and looked at without', async () => {
    const cwd = await area();
    const named = ['bucket', '--as', 's3://bucket', ...LEDGER, '--now', at(0)];

    const looked = await steward(cwd, ['collect', ...named]);
    const acted = await steward(cwd, ['collect', ...named, '--execute']);

    expect(looked).toMatchObject({ status: 0, err: '' });
    expect(acted.status).toBe(0);
    expect(said(acted, cwd)).toBe('Note: bucket is more than the area in steward.json. This run covers all of it.\n');
  });
});

describe('Buckets in steward.json', () => {
  it.each([
    ['one of them in the words of Flink', ['s3a://state/cp/'], 's3a://state/cp/ is only a part', 's3://state/sp'],
    ['one of them under another name', ['s3://alias/cp'], 's3://alias/cp is only a part', 's3://state/sp'],
    [
      'folders of them',
      ['s3://state/cp/a', 's3://state/sp/b'],
      's3://state/cp/a and s3://state/sp/b are only a part',
      'the rest of s3://state/cp and the rest of s3://state/sp',
    ],
  ])('refuse %s', async (_, places, typed, left) => {
    const cwd = await makeDirectory({
      'steward.json': JSON.stringify({
        area: ['s3://state/cp', 's3://state/sp'],
        aliases: { 's3://alias': 's3://state' },
      }),
    });

    const ran = await steward(cwd, ['collect', ...places, ...LEDGER, '--execute']);

    expect(ran.status).toBe(2);
    expect(ran.err).toContain(`${typed} of the area in steward.json, so ${left} would not be scanned.`);
  });

  it('are named up to three of them', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `s3://state/${name}`);
    const cwd = await makeDirectory({ 'steward.json': JSON.stringify({ area: names }) });

    const ran = await steward(cwd, ['collect', 's3://state/a', ...LEDGER, '--execute']);

    expect(ran.err).toContain('so s3://state/b, s3://state/c, s3://state/d and 2 more would not be scanned.');
  });

  it('are held against a directory by what it stands for: it may be a mount of one', async () => {
    const cwd = await makeDirectory({
      ...smallJob(),
      'steward.json': JSON.stringify({ area: [`s3://bucket/flink/${JOB}`, 's3://bucket/savepoints'] }),
    });

    const ran = await steward(cwd, [
      ...['collect', `flink/${JOB}`, '--as', `s3://bucket/flink/${JOB}`, ...LEDGER, '--execute'],
    ]);

    expect(ran.status).toBe(2);
    expect(ran.err).toContain('s3://bucket/savepoints would not be scanned');
  });
});
