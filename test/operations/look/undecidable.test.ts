import { describe, expect, it } from 'vitest';
import { bucket, judge } from '#test/support/judged.ts';
import { callOf, failWith, MovingStore, nth } from '#test/support/moving-store.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';

/** A job with one live file and one that is garbage. */
function play(): { store: MovingStore; job: PlayedJob } {
  const store = new MovingStore({ now: NOW, bytesPerChunk: 64 });
  const job = new PlayedJob(store);
  job.complete(1, [job.upload(1)]);
  job.upload(2);
  return { store, job };
}

describe('A root that cannot be read', () => {
  it.each([
    ['denied', 'unreadable-root'],
    ['unavailable', 'unreadable-root'],
    ['no-such-place', 'unreadable-root'],
    ['archived', 'archived-root'],
  ] as const)('makes the area undecidable when the store says %s', async (code, expected) => {
    // Prepare
    const { store, job } = play();
    store.always(callOf('read', job.root(1)), failWith(code, 'The store says no.'));

    // Act
    const { verdicts, codes, survey } = await judge(store);

    // Assess
    expect(codes).toEqual([expected]);
    expect(survey.undecidable[0]?.object).toBe(`s3://bucket/${job.root(1)}`);
    expect(survey.undecidable[0]?.sentence).toContain('The store says no. What it references is unknown');
    expect(verdicts).toEqual({
      [job.root(1)]: 'keep-undecidable',
      [job.file(1)]: 'keep-in-progress',
      [job.file(2)]: 'keep-in-progress',
    });
  });

  it('protects what was read of it before it broke off, and freezes the rest', async () => {
    // Prepare
    const { store, job } = play();
    job.complete(2, [job.upload(3), job.upload(4), job.upload(5), job.upload(6), job.upload(7)], NOW - DAY);
    const whole = job.metadata(
      2,
      [3, 4, 5, 6, 7].map((number) => job.file(number)),
    );
    const broken = Math.floor(whole.indexOf(uuid(6)) / 64) + 1;
    store.once(callOf('chunk', job.root(2), broken), failWith('unavailable'));

    // Act
    const { verdicts, codes } = await judge(store);

    // Assess
    expect(codes).toEqual(['unreadable-root']);
    expect([3, 4, 5, 6, 7].map((number) => verdicts[job.file(number)])).toEqual([
      'keep-live',
      'keep-live',
      'keep-live',
      'keep-undecidable',
      'keep-undecidable',
    ]);
    expect(verdicts[job.file(2)]).toBe('keep-undecidable');
  });

  it.each([
    ['truncated', (whole: Buffer) => whole.subarray(0, -1)],
    ['longer than its last structure', (whole: Buffer) => Buffer.concat([whole, Buffer.from([0])])],
    ['empty', () => Buffer.alloc(0)],
    ['something else', () => Buffer.from('not a checkpoint')],
    [
      'of an unknown format',
      (whole: Buffer) => Buffer.concat([whole.subarray(0, 4), Buffer.from([0, 0, 0, 7]), whole.subarray(8)]),
    ],
  ])('makes the area undecidable when it is %s', async (_, spoil) => {
    // Prepare
    const { store, job } = play();
    store.put('sp/_metadata', spoil(job.metadata(2, [job.file(1)])), NOW - DAY);

    // Act
    const { verdicts, codes, survey } = await judge(store);

    // Assess
    expect(codes).toEqual(['unreadable-root']);
    expect(survey.undecidable[0]?.sentence).toMatch(
      /^s3:\/\/bucket\/sp\/_metadata can't be read: .*If it will never be restored, declare it dead, with the same locations and the same ledger: steward declare-dead --root s3:\/\/bucket\/sp\/_metadata --etag '?[\w".-]+'? --execute$/,
    );
    expect(verdicts).toEqual({
      'sp/_metadata': 'keep-undecidable',
      [job.root(1)]: 'keep-live',
      [job.file(1)]: 'keep-live',
      [job.file(2)]: 'keep-undecidable',
    });
  });

  it('names a path that Flink cannot resolve', async () => {
    const { store, job } = play();
    store.put('sp/_metadata', new PlayedJob(store, '', 's3://[x').metadata(1, [job.file(1)]), NOW - DAY);

    const { codes, survey } = await judge(store);

    expect(codes).toEqual(['unreadable-root']);
    expect(survey.undecidable[0]?.sentence).toContain("can't resolve");
  });
});

describe('A listing that fails', () => {
  it.each([
    ['of all objects', callOf('list', '')],
    ['of the folders with roots', callOf('children', 'flink/')],
    ['of the checkpoints, the second time', nth(2, callOf('list', `flink/${JOB}/chk-`))],
  ])('ends the survey: the one %s', async (_, when) => {
    // Prepare
    const { store } = play();
    store.once(when, failWith('denied', 'No right to list'));

    // Act
    const failure = await failureOf(() => judge(store));

    // Assess
    expect(failure).toMatchObject({ name: 'StoreError', code: 'denied', message: 'No right to list' });
  });

  it('ends the survey where an object is listed twice, for then a key has two verdicts', async () => {
    const { store } = play();
    const twice = {
      name: store.name,
      now: () => store.now(),
      children: store.children.bind(store),
      read: store.read.bind(store),
      async *list(range: { prefix: string }) {
        yield* store.list(range);
        yield* store.list(range);
      },
    };

    await expect(judge([bucket(twice)])).rejects.toThrow('twice');
  });
});

describe('A place with another name', () => {
  it('is undecidable where a file of that name lies in the area, and says which name it seems to have', async () => {
    // Prepare
    const store = new MovingStore({ name: 's3://copy', now: NOW });
    const job = new PlayedJob(store, `flink/${JOB}/`, 's3a://bucket');
    job.complete(1, [job.upload(1)]);
    job.upload(2);

    // Act
    const { verdicts, codes, survey } = await judge(store);

    // Assess
    expect(codes).toEqual(['other-name']);
    expect(survey.undecidable[0]?.sentence).toContain('for a directory, use --as s3a://bucket');
    expect(verdicts).toEqual({
      [`s3://copy/${job.root(1)}`]: 'keep-live',
      [`s3://copy/${job.file(1)}`]: 'keep-live',
      [`s3://copy/${job.file(2)}`]: 'keep-undecidable',
    });
  });

  it('is decidable once an alias says so', async () => {
    // Prepare
    const store = new MovingStore({ name: 's3://copy', now: NOW });
    const job = new PlayedJob(store, `flink/${JOB}/`, 's3a://bucket');
    job.complete(1, [job.upload(1)]);
    job.upload(2);
    const aliases = [
      { from: { scheme: 's3', authority: 'bucket', path: '' }, to: { scheme: 's3', authority: 'copy', path: '' } },
    ];

    // Act
    const { codes, garbage } = await judge(store, { aliases });

    // Assess
    expect(codes).toEqual([]);
    expect(garbage).toEqual([`s3://copy/${job.file(2)}`]);
  });

  it('is undecidable where a root names nothing here at all', async () => {
    // Prepare
    const { store, job } = play();
    const foreign = new PlayedJob(store, 'sp/', 's3://production');
    store.put('sp/_metadata', foreign.metadata(1, [`sp/${uuid(9)}`]), NOW - DAY);

    // Act
    const { codes, survey } = await judge(store);
    const declared = await judge(store, { outside: [{ scheme: 's3', authority: 'production', path: '/sp' }] });

    // Assess
    expect(codes).toEqual(['foreign-root']);
    expect(survey.undecidable[0]?.sentence).toContain(`the first: s3://production/sp/${uuid(9)}`);
    expect(declared.codes).toEqual([]);
    expect(declared.garbage).toEqual([job.file(2)]);
  });
});

describe('An entry that is no ordinary object', () => {
  const link = { what: 'a symbolic link to /elsewhere', mayHideRoots: true };

  it('makes the area undecidable where roots may hide behind it', async () => {
    // Prepare
    const { store, job } = play();
    store.put('flink/link', '', NOW - DAY, link);

    // Act
    const { codes, survey, verdicts } = await judge(store);

    // Assess
    expect(codes).toEqual(['hidden-roots']);
    expect(survey.undecidable[0]?.sentence).toMatch(/^s3:\/\/bucket\/flink\/link is a symbolic link to \/elsewhere\./);
    expect(verdicts['flink/link']).toBe('keep-unknown');
    expect(verdicts[job.file(2)]).toBe('keep-undecidable');
  });

  it('is no matter otherwise, and is never read as a root', async () => {
    // Prepare
    const { store, job } = play();
    store.put('flink/link', '', NOW - DAY, { ...link, mayHideRoots: false });
    store.put('chk-1/_metadata', '', NOW - DAY, { ...link, mayHideRoots: false });

    // Act
    const { codes, garbage } = await judge(store);

    // Assess
    expect(codes).toEqual([]);
    expect(garbage).toEqual([job.file(2)]);
    expect(store.calls).not.toContain('read chk-1/_metadata');
  });
});

describe('An undecidable area', () => {
  it('keeps garbage of every job and location, also of jobs declared dead', async () => {
    // Prepare
    const { store, job } = play();
    const other = new MovingStore({ name: 's3://other', now: NOW });
    const dead = new PlayedJob(other, `${OTHER_JOB}/`, 's3://other');
    dead.upload(3);
    dead.upload(4, NOW - 5 * DAY, 'chk-1');
    const locations = [bucket(store), bucket(other)];
    const options = { deadJobs: [OTHER_JOB] };
    const before = await judge(locations, options);
    store.always(callOf('read', job.root(1)), failWith('denied'));
    job.complete(2, [job.file(1)], NOW - DAY);

    // Act
    const { garbage, codes } = await judge(locations, options);

    // Assess
    expect(before.garbage).toEqual(
      [job.file(2), `s3://other/${dead.file(3)}`, `s3://other/${dead.file(4, 'chk-1')}`].sort(),
    );
    expect(codes).toEqual(['unreadable-root']);
    expect(garbage).toEqual([]);
  });
});
