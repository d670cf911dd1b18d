import { describe, expect, it } from 'vitest';
import { LedgerBucket } from '#adapters/ledger/ledger-bucket.ts';
import { S3Bucket } from '#adapters/s3/s3-bucket.ts';
import { Area } from '#core/area/area.ts';
import { EMPTY_RUN, type RunRecord } from '#operations/ledger/run-records.ts';
import { scopeRecordOf } from '#operations/ledger/scope-record.ts';
import { checkScope, type ScopeInput, type ScopePass } from '#operations/scope/check-scope.ts';
import { checkKnownFolders } from '#operations/scope/known-folders.ts';
import type { OutsidePart } from '#operations/scope/outside-part.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';

const serve = useEmbeddedS3();
const IN_AREA = `flink/${JOB}/shared/x`;

class Watched {
  now = NOW;
  readonly ledger: LedgerBucket;
  readonly part: OutsidePart;

  constructor(
    readonly s3: EmbeddedS3,
    client: ConstructorParameters<typeof S3Bucket>[0]['client'],
  ) {
    const options = { bucket: 'state', client, wait: async () => {} };
    this.ledger = new LedgerBucket({ bucket: 'ledger', prefix: '', client });
    this.part = {
      id: 's3://state',
      kind: 'bucket',
      name: 's3://state',
      store: 's3://state',
      base: '',
      reader: new S3Bucket(options),
      ordered: new S3Bucket({ ...options, concurrency: 1 }),
      area: ['flink/'],
      ledgers: [],
      namingOnly: false,
    };
  }

  job(directory: string): PlayedJob {
    const put = (key: string, content: string | Uint8Array, modified: number) =>
      this.s3.put('state', key, content, { lastModified: modified });
    return new PlayedJob({ put, remove: (...keys) => this.s3.erase('state', ...keys) }, directory, 's3://state');
  }

  async check(pass: ScopePass, changes: Partial<ScopeInput> = {}) {
    const location = { name: 's3://state/flink', store: 's3://state', prefix: 'flink/', hidden: 0 };
    return await checkScope({
      surroundings: { parts: [this.part], identity: 'this area', areaOnly: false },
      area: new Area([location]),
      ledger: this.ledger,
      pass,
      acts: true,
      isDeclaredDead: () => false,
      now: () => this.now,
      ...changes,
    });
  }

  async known() {
    return (await scopeRecordOf(this.ledger).read())?.value.parts['s3://state'];
  }
}

async function watch(): Promise<Watched> {
  const { s3, client } = await serve({ buckets: ['state', 'ledger'] });
  return new Watched(s3, client);
}

/** A slice of so many pages. */
function pages(most: number, due: 'weekly' | 'first' = 'weekly'): ScopePass {
  let asked = 0;
  return { kind: 'slice', due, isOver: () => ++asked >= most };
}

const WHOLE: ScopePass = { kind: 'whole' };
const LOOK: ScopePass = { kind: 'look' };

function listingsOf({ s3 }: Watched): number {
  return s3.log.requests.filter(({ operation, key }) => operation === 'ListObjectsV2' && key === '').length;
}

describe('A pass over the rest of a bucket', () => {
  it('goes on behind its cursor after the process has died, and misses nothing', async () => {
    // Prepare: five pages; the first page has a root, and the last.
    const watched = await watch();
    watched.job('a/first/').complete(1, [IN_AREA]);
    for (let at = 0; at < 4_500; at++) watched.s3.put('state', `b/${String(at).padStart(5, '0')}`, '');
    watched.job(`z/${OTHER_JOB}/`).complete(2, [IN_AREA]);
    let seen = 0;
    watched.s3.faults.add({
      match: { operation: 'ListObjectsV2', bucket: 'state', key: '' },
      do: { kind: 'run', callback: () => void seen++ },
    });
    const broken = watched.s3.faults.add({
      match: { operation: 'ListObjectsV2', bucket: 'state', nth: (nth) => nth >= 3 },
      do: { kind: 'answer', code: 'InternalError', status: 500 },
    });

    // Act
    const dead = await watched.check(pages(100));
    const left = await watched.known();
    broken();
    const before = seen;
    const gone = await watched.check(pages(100));

    // Assess
    expect(dead).toMatchObject({ undecidable: [{ code: 'outside-root' }] });
    expect(left).toMatchObject({ completed: null, pass: { cursor: expect.stringMatching(/^b\/0/) } });
    expect(left?.failure?.denied).toBe(false);
    expect(left?.pass?.listed).toBeGreaterThan(999);
    expect(gone.undecidable.map(({ object }) => object)).toEqual([
      's3://state/a/first/chk-1/_metadata',
      `s3://state/z/${OTHER_JOB}/chk-2/_metadata`,
    ]);
    expect((await watched.known())?.listed).toBe(4_502);
    expect(seen - before).toBeLessThan(12);
  });

  it('writes its cursor down as it goes, for a process that is killed', async () => {
    // Prepare: each page takes half a minute.
    const watched = await watch();
    for (let at = 0; at < 3_500; at++) watched.s3.put('state', `b/${String(at).padStart(5, '0')}`, '');
    const cursors: unknown[] = [];
    const isOver = (): boolean => {
      watched.now += 30_000;
      return false;
    };
    watched.s3.faults.add({
      match: { operation: 'ListObjectsV2', bucket: 'state', key: '' },
      do: {
        kind: 'run',
        callback: async () => {
          cursors.push((await watched.known())?.pass?.cursor);
        },
      },
    });

    // Act
    await watched.check({ kind: 'slice', due: 'weekly', isOver });

    // Assess: the listing is a page ahead.
    expect(cursors).toContain('b/00999');
    expect(cursors).toContain('b/01999');
  });

  it('takes up what is new in the second one, and forgets what is gone', async () => {
    const watched = await watch();
    const first = watched.job('a/first/');
    first.complete(1, [IN_AREA]);
    await watched.check(WHOLE);
    first.subsume(1);
    watched.job('x/deep/er/second/').complete(1, [IN_AREA]);

    watched.now += 6 * DAY;
    const early = await watched.check(WHOLE);
    watched.now += DAY;
    const due = await watched.check(WHOLE);

    expect(early.undecidable).toEqual([]);
    expect(due.undecidable).toMatchObject([{ object: 's3://state/x/deep/er/second/chk-1/_metadata' }]);
    expect((await watched.known())?.folders).toEqual(['x/deep/er/second/']);
  });

  it('begins anew for another area', async () => {
    const watched = await watch();
    await watched.check(WHOLE);
    const surroundings = { parts: [watched.part], identity: 'another area', areaOnly: false };

    const { refusal } = await watched.check(LOOK, { surroundings });

    expect(refusal).toContain('has not been listed completely yet');
  });

  it('is not begun again by runs that only need the first', async () => {
    const watched = await watch();
    await watched.check(pages(9, 'first'));
    const before = listingsOf(watched);
    watched.now += 30 * DAY;

    const { refusal } = await watched.check(pages(9, 'first'));

    expect([refusal, listingsOf(watched) - before]).toEqual([null, 0]);
  });

  it('is refused where a store lists out of order, since a slice would miss what it skipped', async () => {
    const watched = await watch();
    const object = { bytes: 0, modified: NOW, etag: 'e' };
    const list = async function* () {
      yield [{ key: 'b', ...object }];
      yield [{ key: 'a', ...object }];
    };
    const ordered = { ...watched.part.reader, name: 's3://state', list } as unknown as OutsidePart['ordered'];
    const surroundings = { parts: [{ ...watched.part, ordered }], identity: 'this area', areaOnly: false };

    const { refusal } = await watched.check(pages(9), { surroundings });

    expect(refusal).toContain("listed 'a' after 'b'");
  });
});

describe('The folders in which outside roots were found', () => {
  it('show new checkpoints of their jobs, new jobs and new savepoints beside them, each run', async () => {
    // Prepare
    const watched = await watch();
    watched.job(`a/${OTHER_JOB}/`).complete(1, []);
    watched.s3.put('state', 'sp/savepoint-111111-aaaaaaaaaaaa/_metadata', watched.job('').metadata(1, []));
    await watched.check(WHOLE);
    const before = listingsOf(watched);

    // Act
    watched.job(`a/${OTHER_JOB}/`).complete(2, [IN_AREA]);
    watched.job(`a/${'d'.repeat(32)}/`).complete(1, [IN_AREA]);
    watched.s3.put('state', 'sp/savepoint-222222-bbbbbbbbbbbb/_metadata', watched.job('').metadata(1, [IN_AREA]));
    const { undecidable } = await watched.check(pages(1, 'first'));

    // Assess: and not by another listing of the whole.
    expect(undecidable.map(({ object }) => object)).toEqual([
      `s3://state/a/${'d'.repeat(32)}/chk-1/_metadata`,
      `s3://state/a/${OTHER_JOB}/chk-2/_metadata`,
      's3://state/sp/savepoint-222222-bbbbbbbbbbbb/_metadata',
    ]);
    expect(listingsOf(watched) - before).toBe(0);
  });

  it('show a new job among a thousand directories that former jobs have left', async () => {
    // Prepare
    const store = new MovingStore({ now: NOW });
    const idOf = (number: number): string => number.toString(16).padStart(32, '0');
    for (let at = 1; at <= 1_001; at++) store.put(`a/${idOf(at)}/shared/x`, '', NOW);
    const root = new PlayedJob(store, `a/${idOf(2_000)}/`, 's3://state').complete(8, [IN_AREA]);
    const { part } = await watch();

    // Act
    const { roots } = await checkKnownFolders(
      {
        area: new Area([{ name: 's3://state/flink', store: 's3://state', prefix: 'flink/', hidden: 0 }]),
        part: { ...part, reader: store },
      },
      { roots: [], folders: [`a/${idOf(1)}/`] },
    );

    // Assess
    expect(roots).toMatchObject([{ key: root, files: 1 }]);
  });

  it('are looked at in place of a root that has vanished before it was read', async () => {
    // Prepare: Flink completes the next checkpoint and deletes this one.
    const watched = await watch();
    const job = watched.job(`a/${OTHER_JOB}/`);
    job.complete(7, [IN_AREA]);
    watched.s3.faults.add({
      match: { operation: 'GetObject', key: job.root(7), nth: 1 },
      do: {
        kind: 'run',
        callback: () => {
          job.subsume(7);
          job.complete(8, [IN_AREA]);
        },
      },
    });

    // Act
    const { undecidable } = await watched.check(WHOLE);

    // Assess
    expect(undecidable).toMatchObject([{ code: 'outside-root', object: `s3://state/${job.root(8)}` }]);
  });

  it('are listed again where a root has gone, since the listing may have passed its successor', async () => {
    // Prepare: chk-10 is completed behind the listing, and chk-9 deleted before it.
    const watched = await watch();
    const job = watched.job(`a/${OTHER_JOB}/`);
    job.complete(9, [IN_AREA]);
    await watched.check(WHOLE);
    watched.s3.faults.add({
      match: { operation: 'ListObjectsV2', bucket: 'state', key: `a/${OTHER_JOB}/chk-`, nth: 1 },
      do: { kind: 'run', callback: () => job.subsume(9) },
    });
    watched.s3.faults.add({
      match: { operation: 'ListObjectsV2', bucket: 'state', key: `a/${OTHER_JOB}/chk-`, nth: 2 },
      do: { kind: 'run', callback: () => void job.complete(10, [IN_AREA]) },
    });

    // Act
    const { undecidable } = await watched.check(pages(1, 'first'));

    // Assess
    expect(undecidable).toMatchObject([{ object: `s3://state/${job.root(10)}` }]);
  });

  it('read a content once, and what could not be read again', async () => {
    const watched = await watch();
    const job = watched.job(`a/${OTHER_JOB}/`);
    job.complete(7, []);
    job.complete(8, []);
    const denied = watched.s3.faults.add({
      match: { operation: 'GetObject', key: job.root(8) },
      do: { kind: 'answer', code: 'AccessDenied' },
    });
    const reads = () =>
      watched.s3.log.requests.filter(({ operation, bucket }) => operation === 'GetObject' && bucket === 'state').length;

    const first = await watched.check(WHOLE);
    denied();
    const before = reads();
    const second = await watched.check(WHOLE);

    expect(first.undecidable).toMatchObject([{ code: 'unreadable-outside-root', object: `s3://state/${job.root(8)}` }]);
    expect([second.undecidable, reads() - before]).toEqual([[], 1]);
  });

  it('that can not be listed refuse a run, though the pass is through', async () => {
    const watched = await watch();
    watched.job(`a/${OTHER_JOB}/`).complete(1, []);
    await watched.check(WHOLE);
    watched.s3.faults.add({
      match: { operation: 'ListObjectsV2', bucket: 'state' },
      do: { kind: 'answer', code: 'AccessDenied' },
    });

    const { refusal } = await watched.check(pages(1, 'first'));

    expect(refusal).toContain('Grant it: {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::state"}');
  });
});

describe('An outside root with the name of one', () => {
  it.each([
    [
      'of a newer format',
      (whole: Buffer) => Buffer.concat([whole.subarray(0, 7), Buffer.from([99]), whole.subarray(8)]),
    ],
    ['that is cut short', (whole: Buffer) => whole.subarray(0, whole.length - 1)],
    ['that is empty', () => Buffer.alloc(0)],
  ])('%s is a doubt', async (_, change) => {
    const watched = await watch();
    watched.s3.put('state', 'a/_metadata', change(watched.job('').metadata(1, [])));

    const { undecidable } = await watched.check(WHOLE);

    expect(undecidable).toMatchObject([{ code: 'unreadable-outside-root', object: 's3://state/a/_metadata' }]);
  });

  it.each([
    ['begins with other bytes', Buffer.from('hello, world')],
    ['is a Parquet file', Buffer.from(`PAR1${'x'.repeat(10)}PAR1`)],
  ])('that %s is none', async (_, content) => {
    const watched = await watch();
    watched.s3.put('state', 'a/_metadata', content);

    expect(await watched.check(WHOLE)).toEqual({ undecidable: [], refusal: null, notes: [] });
  });
});

describe('An area that was collected before there was this check', () => {
  /** A run that deleted. @param change makes its record one of another version. */
  async function collectedAt(
    { ledger }: Watched,
    run: string,
    change: (record: RunRecord) => object = (record) => record,
  ): Promise<void> {
    const time = new Date(NOW - DAY).toISOString();
    const record: RunRecord = {
      ...EMPTY_RUN,
      run,
      command: 'collect',
      began: time,
      ended: time,
      area: [],
      executed: true,
      result: 'done',
      why: null,
      deleted: { objects: 5, bytes: 5 },
    };
    await ledger.writeFile(`runs/${run}/summary.json`, Buffer.from(JSON.stringify(change(record))));
  }

  async function collectedBefore(): Promise<Watched> {
    const watched = await watch();
    await collectedAt(watched, '20270228T000000000Z-aaaaa', ({ refused: _, ...of010 }) => of010);
    for (let at = 0; at < 1_500; at++) watched.s3.put('state', `b/${at}`, '');
    return watched;
  }

  it('goes on for 14 days with a note, then waits for the pass', async () => {
    const watched = await collectedBefore();
    watched.s3.faults.add({
      match: { operation: 'ListObjectsV2', bucket: 'state' },
      do: { kind: 'answer', code: 'AccessDenied' },
    });

    const first = await watched.check(pages(1));
    watched.now += 14 * DAY - 1;
    const last = await watched.check(pages(1));
    watched.now += 1;
    const after = await watched.check(pages(1));

    expect([first.refusal, last.refusal]).toEqual([null, null]);
    expect(first.notes).toEqual([
      expect.stringMatching(
        /^The rest of s3:\/\/state, outside the area, can't be listed.* runs continue without this check until 2027-03-15 00:00:00 UTC\.$/,
      ),
    ]);
    expect(after.refusal).toContain("can't be listed");
  });

  it('does not go on where this version has acted since, and its record was lost', async () => {
    const watched = await collectedBefore();
    await collectedAt(watched, '20270301T000000000Z-aaaaa');

    expect((await watched.check(pages(1))).refusal).toContain('has not been listed completely yet');
  });

  it('does not go on once an outside root is found', async () => {
    const watched = await collectedBefore();
    watched.job('a/first/').complete(1, [IN_AREA]);

    const { undecidable } = await watched.check(pages(1));

    expect(undecidable).toHaveLength(1);
  });

  it('is none where a run only looked, nor where the check has begun before it acted', async () => {
    const watched = await watch();
    for (let at = 0; at < 1_500; at++) watched.s3.put('state', `b/${at}`, '');
    await watched.check(pages(1), { surroundings: { parts: [], identity: 'x', areaOnly: true } });
    const other = await collectedBefore();
    await scopeRecordOf(other.ledger).write(
      { since: new Date(NOW).toISOString(), grace: null, area: 'this area', parts: {} },
      null,
    );

    expect((await watched.check(pages(1))).refusal).toContain('has not been listed completely yet');
    expect((await other.check(pages(1))).refusal).toContain('has not been listed completely yet');
  });
});
