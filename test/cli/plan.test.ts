import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { type Tree, useTempDirectories } from '#test/support/temp-directory.ts';
import { below, bucketFiles, documentOf, linesOf, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const AS = ['--as', 's3://bucket'];
const SHARED = `flink/${JOB}/shared`;
const ROOT = `flink/${JOB}/chk-7/_metadata`;

async function lines(cwd: string, name: string): Promise<readonly Record<string, unknown>[]> {
  return linesOf(await readFile(join(cwd, name), 'utf8'));
}

/** Enough live state that the garbage is no large part of it. */
function largeJob(): Tree {
  return bucketFiles((store) => {
    const job = new PlayedJob(store);
    job.complete(
      7,
      [1, 2, 3, 4, 5].map((number) => job.upload(number)),
    );
    job.upload(6);
  });
}

describe('steward plan', () => {
  it('tells people how many objects each rule decides', async () => {
    const cwd = await makeDirectory(largeJob());

    const { status, out, err } = await steward(cwd, ['plan', '.', ...AS]);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toBe(`Plan for ., as of 2027-03-01 00:00:00 UTC

verdict      objects    size  why
keep-live          1  1.4 kB  the _metadata of a checkpoint or savepoint
keep-live          5   500 B  referenced by a checkpoint or savepoint
quarantined        1   100 B  garbage, in quarantine

Nothing was deleted: a plan only shows what would be deleted.
Garbage is deleted after a quarantine, which begins with the first run or plan that has a --ledger.
`);
  });

  it('ends with what a run would delete, where a ledger remembers the plan', async () => {
    const cwd = await makeDirectory(below('bucket', largeJob()));

    const { out } = await steward(cwd, ['plan', 'bucket', ...AS, '--ledger', 'ledger']);

    expect(out).toMatch(
      /\nTo see what a run would delete now:\n {2}steward collect bucket --as s3:\/\/bucket --ledger ledger\n$/,
    );
  });

  it('ends without a next step where nothing is garbage', async () => {
    const cwd = await makeDirectory(bucketFiles((store) => new PlayedJob(store).complete(7, [])));

    const { out } = await steward(cwd, ['plan', '.', ...AS]);

    expect(out).toMatch(/\n\nNothing was deleted: a plan only shows what would be deleted\.\n$/);
  });

  it('prints one JSON document with --json', async () => {
    const cwd = await makeDirectory(largeJob());

    const ran = await steward(cwd, ['plan', '.', ...AS, '--json', '--assume-quarantined']);

    expect({ status: ran.status, err: ran.err }).toEqual({ status: 0, err: '' });
    expect(documentOf(ran)).toMatchObject({
      area: ['.'],
      start: '2027-03-01T00:00:00.000Z',
      totals: {
        'keep-live': { objects: 6 },
        delete: { objects: 1, bytes: 100 },
        quarantined: { objects: 0, bytes: 0 },
      },
      reasons: [
        { rule: 'root', verdict: 'keep-live', objects: 1 },
        { rule: 'named-by-root', verdict: 'keep-live', objects: 5, bytes: 500 },
        { rule: 'garbage', verdict: 'delete', objects: 1, bytes: 100 },
      ],
      undecidable: [],
      breakers: [],
      findings: [],
      notes: [],
    });
  });

  it('ends with 1 where a breaker trips', async () => {
    const cwd = await makeDirectory(smallJob());

    const ran = await steward(cwd, ['plan', '.', ...AS, '--assume-quarantined']);
    const json = documentOf(await steward(cwd, ['plan', '.', ...AS, '--assume-quarantined', '--json']));

    expect(ran.status).toBe(1);
    expect(ran.out).toContain('This run would delete 33.3 % of the area (1 of 3 objects');
    expect(json).toMatchObject({ breakers: [{ breaker: 'too-much' }] });
  });

  it('writes the verdict of each object with --verdicts', async () => {
    const cwd = await makeDirectory(below('copy', smallJob()));

    const { status, out } = await steward(cwd, ['plan', './copy', ...AS, '--verdicts', 'v.ndjson']);

    expect(status).toBe(0);
    expect(out).toContain('\nWritten: v.ndjson (all verdicts)\n');
    const [root, ...files] = await lines(cwd, 'v.ndjson');
    expect(root).toEqual({
      location: './copy',
      key: ROOT,
      bytes: expect.any(Number),
      verdict: 'keep-live',
      reason: 'the _metadata of a checkpoint or savepoint',
      rule: 'root',
      job: JOB,
      kind: 'metadata',
      roots: [],
    });
    expect(files).toEqual([
      {
        location: './copy',
        key: `${SHARED}/${uuid(1)}`,
        bytes: 100,
        verdict: 'keep-live',
        reason: 'referenced by a checkpoint or savepoint',
        rule: 'named-by-root',
        job: JOB,
        kind: 'shared',
        roots: [ROOT],
      },
      {
        location: './copy',
        key: `${SHARED}/${uuid(2)}`,
        bytes: 100,
        verdict: 'quarantined',
        reason: 'garbage, in quarantine',
        rule: 'quarantine',
        job: JOB,
        kind: 'shared',
        roots: [],
      },
    ]);
  });

  it('names up to five roots of an object, and those of which it has the name only', async () => {
    // Prepare
    const cwd = await makeDirectory(
      below(
        'copy',
        bucketFiles((store) => {
          const job = new PlayedJob(store);
          const file = job.upload(1);
          for (let checkpoint = 1; checkpoint <= 7; checkpoint++) {
            job.complete(checkpoint, [file], NOW - (9 - checkpoint) * DAY);
          }
          const moved = new PlayedJob(store, `flink/${OTHER_JOB}/`);
          moved.upload(2);
          moved.complete(8, [moved.file(2, 'chk-8'), moved.upload(3)]);
        }),
      ),
    );

    // Act
    await steward(cwd, ['plan', 'copy', ...AS, '--verdicts', 'v']);

    // Assess
    const verdicts = await lines(cwd, 'v');
    expect(verdicts.find(({ key }) => key === `${SHARED}/${uuid(1)}`)?.roots).toHaveLength(5);
    expect(verdicts.find(({ key }) => key === `flink/${OTHER_JOB}/shared/${uuid(2)}`)).toMatchObject({
      verdict: 'keep-live',
      rule: 'base-name',
      roots: [`flink/${OTHER_JOB}/chk-8/_metadata`],
    });
  });

  it('writes the plan with --out: the area, then each object that would be deleted', async () => {
    const cwd = await makeDirectory(below('copy', smallJob()));

    await steward(cwd, ['plan', './copy', ...AS, '--assume-quarantined', '--out', 'ahead', '--verdicts', 'v']);
    const { out } = await steward(cwd, ['plan', './copy', ...AS, '--out', 'plan']);

    expect(out).toContain('\nWritten: plan (the plan)\n');
    const [head, ...objects] = await lines(cwd, 'ahead');
    expect(head).toMatchObject({
      plan: 1,
      area: ['s3://bucket/'],
      start: '2027-03-01T00:00:00.000Z',
      decidable: true,
      lookAhead: true,
      rules: { minAge: DAY },
    });
    expect(objects).toEqual([
      {
        url: `s3://bucket/${SHARED}/${uuid(2)}`,
        etag: expect.stringMatching(/^64-[0-9a-f]+-[0-9a-f]+$/),
        bytes: 100,
        modified: '2027-02-24T00:00:00.000Z',
        rule: 'garbage',
        garbageSince: null,
      },
    ]);
    // Without the look ahead nothing has served its quarantine.
    expect(await lines(cwd, 'plan')).toMatchObject([{ plan: 1, lookAhead: false }]);
  });

  it('writes both files of an undecidable area, and ends with 3', async () => {
    const cwd = await makeDirectory(below('copy', smallJob()));

    const { status } = await steward(cwd, ['plan', 'copy', '--assume-quarantined', '--verdicts', 'v', '--out', 'p']);

    expect(status).toBe(3);
    expect((await lines(cwd, 'v')).map(({ verdict }) => verdict)).toEqual([
      'keep-live',
      'keep-live',
      'keep-undecidable',
    ]);
    expect(await lines(cwd, 'p')).toMatchObject([{ decidable: false }]);
  });

  it('writes the verdicts of a place with nothing of Flink, and ends with 2', async () => {
    const cwd = await makeDirectory({ 'photos/a.jpg': 'x', 'empty/': '' });

    const photos = await steward(cwd, ['plan', 'photos', '--verdicts', 'v']);
    const empty = await steward(cwd, ['plan', 'empty', '--verdicts', 'e']);

    expect([photos, empty].map(({ status, out }) => ({ status, out }))).toEqual([
      { status: 2, out: '' },
      { status: 2, out: '' },
    ]);
    expect(await lines(cwd, 'v')).toMatchObject([
      { key: 'a.jpg', verdict: 'keep-unknown', kind: 'unknown', job: null },
    ]);
    expect(await lines(cwd, 'e')).toEqual([]);
  });

  it('writes thousands of verdicts, each in a line', async () => {
    const files = Array.from({ length: 3_000 }, (_, number) => [`${SHARED}/${uuid(number)}`, 'x'] as const);
    const cwd = await makeDirectory(below('copy', Object.fromEntries(files)));

    await steward(cwd, ['plan', 'copy', ...AS, '--verdicts', 'v']);

    expect(new Set((await lines(cwd, 'v')).map(({ key }) => key))).toEqual(new Set(files.map(([key]) => key)));
  });

  it('goes by the clock that --now sets', async () => {
    const cwd = await makeDirectory(smallJob());

    const early = documentOf(await steward(cwd, ['plan', '.', ...AS, '--json', '--now', '2027-02-24T12:00:00Z']));
    const date = documentOf(await steward(cwd, ['plan', '.', ...AS, '--json', '--now', '2027-03-02']));

    expect(early).toMatchObject({ start: '2027-02-24T12:00:00.000Z', totals: { 'keep-young': { objects: 1 } } });
    expect(date).toMatchObject({ start: '2027-03-02T00:00:00.000Z' });
  });

  it('keeps what steward.json protects, below the location or in the bucket', async () => {
    const config = (pattern: string) => ({ 'steward.json': JSON.stringify({ protect: [pattern] }) });
    const ofCopy = await makeDirectory({ ...below('copy', smallJob()), ...config(`${JOB}/shared/**`) });
    const ofBucket = await makeDirectory({ ...below('copy', smallJob()), ...config('flink/*/shared/*') });
    const args = ['plan', 'copy/flink', '--as', 's3://bucket/flink', '--json'];

    for (const cwd of [ofCopy, ofBucket]) {
      expect(documentOf(await steward(cwd, args))).toMatchObject({ totals: { 'keep-protected': { objects: 1 } } });
    }
  });

  it('lets go what a job declared dead left', async () => {
    const tree = bucketFiles((store) => void new PlayedJob(store).upload(1));
    const cwd = await makeDirectory({ ...tree, 'steward.json': JSON.stringify({ deadJobs: [JOB] }) });

    const json = documentOf(await steward(cwd, ['plan', 'flink', '--assume-quarantined', '--json']));

    expect(json).toMatchObject({ totals: { delete: { objects: 1 } }, breakers: [{ breaker: 'no-roots' }, {}] });
  });
});
