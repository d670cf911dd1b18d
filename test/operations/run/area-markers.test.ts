import { describe, expect, it } from 'vitest';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { identityOf } from '#operations/ledger/ledger-identity.ts';
import { readState, updateState } from '#operations/ledger/state.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import type { RunReport } from '#operations/run/run.ts';
import { type ObjectStore, StoreError } from '#ports/object-store.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { DAY, NOW } from '#test/support/played-job.ts';
import { playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();
const FOREIGN = { steward: 1, ledger: 'theirs', place: 's3://theirs', since: '2026-01-01T00:00:00.000Z' };
const refused = (name: string): string =>
  `Another ledger, s3://theirs, has been responsible for ${name} since 2026-01-01T00:00:00.000Z. Two ledgers don't know each other's pins and retired checkpoints, so nothing was changed. Use that ledger (--ledger s3://theirs). If it is gone for good, take the area over: steward resume --take-over --execute`;

function mark(area: Stewarded, prefix: string, marker: object = FOREIGN): void {
  area.put(`${prefix}${MARKER_NAME}`, JSON.stringify(marker));
}

function markerOf(area: Stewarded, prefix = ''): Record<string, unknown> {
  return JSON.parse(area.content(`${prefix}${MARKER_NAME}`).toString());
}

/** The same locations under the names that these stores have. */
function renamed(area: Stewarded, ...stores: readonly string[]): Partial<SurveyInput> {
  return {
    locations: area.locations.map(({ area: location, store }, at) => {
      const name = stores[at] ?? location.store;
      return { area: { ...location, store: name, name: `${name}/${location.prefix}` }, store };
    }),
  };
}

/** A ledger that is kept elsewhere, with what this one holds now. */
function copyOf(area: Stewarded, name: string): MemoryLedger {
  const content = new LedgerContent();
  for (const [path, document] of area.ledgerContent.documents) content.documents.set(path, document);
  for (const [path, file] of area.ledgerContent.files) content.files.set(path, file);
  content.writes = area.ledgerContent.writes;
  return new MemoryLedger(content, OPEN, name);
}

describe.each(['directory', 'bucket'] as const)('A marker of another ledger below a location in a %s', (kind) => {
  it('refuses a run that executes before the area is judged, and is told by one that looks', async () => {
    // Prepare
    const area = await open(kind, { prefixes: ['flink/'] });
    const job = playJob(area);
    await area.run();
    area.time = NOW + DAY;
    mark(area, 'flink/checkpoints/');

    // Act
    const dry = await area.run({ execute: false });
    const remembered = area.ledgerContent.documents.get('memory')?.text;

    // Assess
    await expect(area.run()).rejects.toThrow(
      new LedgerError(
        refused('s3://bucket/flink/checkpoints/')
          .replace('nothing was changed', 'nothing was deleted or retired')
          .replace(
            '(--ledger s3://theirs)',
            `(--ledger s3://theirs) and remove s3://bucket/flink/${MARKER_NAME}, with which this ledger refuses it`,
          ),
      ),
    );
    expect(dry.record.result).toBe('observed');
    expect(dry.notes).toEqual([
      'Another ledger, s3://theirs, has been responsible for s3://bucket/flink/checkpoints/ since 2026-01-01T00:00:00.000Z. With --execute this is refused.',
    ]);
    expect(area.ledgerContent.documents.get('memory')?.text).toBe(remembered);
    expect(area.keys()).toContain(job.file(2));
  });
});

describe('A marker below a location of a ledger that was kept where this one is', () => {
  it('pauses until somebody resumes, as that of the location does, and is then this ledger’s', async () => {
    // Prepare
    const area = await open('bucket', { prefixes: ['flink/'] });
    const job = playJob(area);
    await area.run();
    area.time = NOW + DAY;
    mark(area, 'flink/cp/', { ...FOREIGN, place: 'the ledger in memory' });

    // Act
    const dry = await area.run({ execute: false });
    const first = await area.run();
    const second = await area.run();
    await updateState(area.ledger, (state) => ({ ...state, paused: null }));
    const resumed = await area.run();

    // Assess
    expect(dry.notes).toEqual([
      'The ledger that was responsible for s3://bucket/flink/cp/ is missing. With --execute deleting is paused.',
    ]);
    expect([first, second].map(({ record }) => record.result)).toEqual(['stopped', 'stopped']);
    expect(first.record.why).toContain('the ledger that was responsible for s3://bucket/flink/cp/ is missing');
    expect(markerOf(area, 'flink/cp/')).toMatchObject({ ledger: 'ledger-1', location: 's3://bucket/flink/cp/' });
    expect(resumed.record.deleted.objects).toBe(1);
    expect(area.keys()).not.toContain(job.file(2));
  });
});

describe('A marker of another ledger above a location', () => {
  it.each(['', 'data/'])('refuses a run that executes, and is told by one that looks (%j)', async (folder) => {
    const area = await open('bucket', { prefixes: ['data/flink/'] });
    mark(area, folder);

    const dry = await area.run({ execute: false });

    await expect(area.run()).rejects.toThrow(new LedgerError(refused(`s3://bucket/${folder}`)));
    expect(dry.notes).toEqual([expect.stringContaining(`has been responsible for s3://bucket/${folder} since`)]);
    expect(() => markerOf(area, 'data/flink/')).toThrow();
  });

  it('in one of the folders that a directory is in does as well', async () => {
    const outer = await open('directory');
    const area = await open('directory');
    mark(outer, '');
    const above = outer.locations.map(({ store }) => store);
    const locations = area.locations.map((location) => ({ ...location, above }));

    await expect(area.run({ survey: { locations } })).rejects.toThrow(refused(above[0]?.name ?? ''));
  });

  it('that is written while the run writes its own refuses it as well', async () => {
    // Prepare
    const area = await open('bucket', { prefixes: ['flink/'] });
    const job = playJob(area);
    await area.run({ execute: false });
    area.time = NOW + DAY;
    const writers = area.writers.map((writer) => ({
      restore: writer.restore.bind(writer),
      canRestore: writer.canRestore.bind(writer),
      replace: writer.replace.bind(writer),
      putIfAbsent: async (...put: Parameters<typeof writer.putIfAbsent>) => {
        mark(area, '');
        return await writer.putIfAbsent(...put);
      },
    }));

    // Act
    const run = area.run({ writers });

    // Assess
    await expect(run).rejects.toThrow(new LedgerError(refused('s3://bucket/')));
    expect(area.keys()).toContain(job.file(2));
  });

  it('that may not be read is a note', async () => {
    const area = await open('directory');
    const denied = { name: '/above', read: async () => Promise.reject(new StoreError('denied', 'Not yours.')) };
    const locations = area.locations.map((location) => ({ ...location, above: [denied as unknown as ObjectStore] }));
    const note = "Whether another ledger is responsible for /above can't be seen: Not yours.";

    expect((await area.run({ survey: { locations } })).notes).toEqual([note]);
    expect((await area.run({ survey: { locations }, execute: false })).notes).toEqual([note]);
  });

  it('that can’t be read for another reason stops the run', async () => {
    const area = await open('directory');
    const broken = { name: '/above', read: async () => Promise.reject(new StoreError('unavailable', 'Broken.')) };
    const locations = area.locations.map((location) => ({ ...location, above: [broken as unknown as ObjectStore] }));

    await expect(area.run({ survey: { locations } })).rejects.toThrow('Broken.');
  });
});

describe('A marker of this ledger', () => {
  it('above or below a location is no matter', async () => {
    const area = await open('bucket', { prefixes: ['a/b/'] });
    const ours = { ...FOREIGN, ledger: 'ledger-1', place: 'the ledger in memory' };
    mark(area, '', ours);
    mark(area, 'a/', ours);

    expect((await area.run()).notes).toEqual([]);
  });

  it('that version 0.1.0 wrote is rewritten with location and nonce, and keeps its date', async () => {
    const area = await open('bucket', { prefixes: ['a/'] });
    const old = { ...FOREIGN, ledger: 'ledger-1', place: 'the ledger in memory' };
    await area.run({ execute: false });
    mark(area, 'a/', old);

    const { notes } = await area.run();

    expect(notes).toEqual([]);
    expect(markerOf(area, 'a/')).toEqual({ ...old, location: 's3://bucket/a/', nonce: '20270301T000000000Z-a2/1' });
  });

  it('is left as it is by the runs that follow', async () => {
    const area = await open('bucket', { prefixes: ['a/'] });
    await area.run();
    const marker = markerOf(area, 'a/');

    await area.run();

    expect(markerOf(area, 'a/')).toEqual(marker);
  });

  it('that can’t be renewed stops no run', async () => {
    const area = await open('bucket', { prefixes: ['a/'] });
    await area.run({ execute: false });
    mark(area, 'a/', { ...FOREIGN, ledger: 'ledger-1', place: 'the ledger in memory' });
    const writers = area.writers.map((writer) => ({
      putIfAbsent: writer.putIfAbsent.bind(writer),
      restore: writer.restore.bind(writer),
      canRestore: writer.canRestore.bind(writer),
      replace: async () => Promise.reject(new StoreError('unavailable', 'Not implemented.')),
    }));

    const { record, notes } = await area.run({ writers });

    expect(record.result).toBe('nothing-to-do');
    expect(notes).toEqual(['The marker of s3://bucket/a/ could not be renewed: Not implemented.']);
  });

  it('that was copied or renamed with its place is replaced', async () => {
    const area = await open('bucket', { prefixes: ['a/'] });
    await area.run();
    mark(area, 'a/backup/', markerOf(area, 'a/'));

    const copied = await area.run();
    const again = await area.run({ survey: renamed(area, 's3://new') });

    expect([copied.notes, again.notes]).toEqual([[], []]);
    expect(markerOf(area, 'a/backup/')).toMatchObject({ location: 's3://new/a/backup/' });
    expect(markerOf(area, 'a/')).toMatchObject({ location: 's3://new/a/' });
  });
});

describe('One place under two names', () => {
  const twins = (one: string, other: string) =>
    `${one} and ${other} are one place under two names, or one is a part of the other: the marker that this run has just written to ${other} shows in ${one}. What no checkpoint references by one of the names would be garbage under that name, so nothing was changed.`;

  async function refusal(run: Promise<RunReport>): Promise<string> {
    return await run.then(
      () => 'not refused',
      (error: unknown) => (error instanceof LedgerError ? error.message : String(error)),
    );
  }

  it('is found where both names lead to the same prefix, in each run', async () => {
    // Prepare
    const area = await open('bucket', { prefixes: ['flink/', 'flink/'] });
    const job = playJob(area);
    const survey = renamed(area, 's3://bucket', 's3://alias');
    const message = twins('s3://bucket/flink/', 's3://alias/flink/');

    // Act
    const first = await refusal(area.run({ survey }));
    area.time = NOW + DAY;
    const second = await refusal(area.run({ survey }));

    // Assess
    expect([first, second]).toEqual([expect.stringContaining(message), expect.stringContaining(message)]);
    expect(area.keys()).toContain(job.file(1));
  });

  it('is found where one name leads to a part of the other, by the listing', async () => {
    // Prepare
    const area = await open('bucket', { prefixes: ['', 'flink/'] });
    const job = playJob(area);
    const survey = renamed(area, 's3://bucket', 's3://alias');

    // Act
    const first = await refusal(area.run({ survey }));
    area.time = NOW + DAY;
    const second = await refusal(area.run({ survey }));

    // Assess
    const above = twins('s3://alias/', 's3://bucket/');
    expect([first, second]).toEqual([expect.stringContaining(above), expect.stringContaining(above)]);
    expect(area.keys()).toContain(job.file(1));
  });

  it('is found where only the listing shows it: a part of a directory, mounted elsewhere', async () => {
    // Prepare: of directories nothing is asked of what is above them here.
    const area = await open('directory', { prefixes: ['', 'flink/'] });
    playJob(area);
    const survey = renamed(area, 'file://', 's3://mount');
    const message = twins('file:///flink/', 's3://mount/flink/');

    // Act
    const first = await refusal(area.run({ survey }));
    area.time = NOW + DAY;
    const second = await refusal(area.run({ survey }));

    // Assess
    expect([first, second]).toEqual([expect.stringContaining(message), expect.stringContaining(message)]);
  });

  it('is not seen in a copy of a place that is marked, nor in two places', async () => {
    const area = await open('bucket', { prefixes: ['a/', 'b/'] });
    await area.run();
    mark(area, 'b/', markerOf(area, 'a/'));
    mark(area, 'b/inside/', markerOf(area, 'a/'));

    const { notes } = await area.run();

    expect(notes).toEqual([]);
    expect(['a/', 'b/', 'b/inside/'].map((prefix) => markerOf(area, prefix).location)).toEqual([
      's3://bucket/a/',
      's3://bucket/b/',
      's3://bucket/b/inside/',
    ]);
  });
});

describe('A ledger that was moved or copied', () => {
  const MOVED =
    'The ledger was moved from the ledger in memory to the new place. The marker of copy/ says so from now on, and a run with the ledger in the former place is refused.';

  async function openMoved(): Promise<{ area: Stewarded; moved: MemoryLedger }> {
    const area = await open('directory');
    await area.run();
    return { area, moved: copyOf(area, 'the new place') };
  }

  it('says so in the marker, and the one that was left behind is refused', async () => {
    // Prepare
    const { area, moved } = await openMoved();
    const before = await area.run({ ledger: moved, execute: false });
    area.time = NOW + DAY;

    // Act
    const first = await area.run({ ledger: moved });
    const second = await area.run({ ledger: moved });
    const looked = await area.run({ execute: false });

    // Assess
    expect(before.notes).toEqual([
      'The ledger that is responsible for copy/ was moved here from the ledger in memory. With --execute the marker says so from then on.',
    ]);
    expect(first.notes).toEqual([MOVED]);
    expect(second.notes).toEqual([]);
    expect(markerOf(area)).toMatchObject({ ledger: 'ledger-1', place: 'the new place' });
    await expect(area.run()).rejects.toThrow(
      new LedgerError(
        'This ledger was moved or copied to the new place, which has been responsible for copy/ since 2027-03-02T00:00:00.000Z. What was declared there since is unknown here, so nothing was changed. Use that ledger (--ledger the new place). If it is gone for good, take the area over: steward resume --take-over --execute',
      ),
    );
    expect(looked.notes).toEqual([expect.stringMatching(/^This ledger was moved or copied to the new place/)]);
  });

  it('may be moved back', async () => {
    const { area, moved } = await openMoved();
    await area.run({ ledger: moved });
    const text = (await moved.readDocument('ledger'))?.text ?? '';
    area.ledgerContent.documents.set('ledger', { text, tag: 'moved back' });

    const { notes } = await area.run();

    expect(notes).toEqual([expect.stringMatching(/^The ledger was moved from the new place to the ledger in memory/)]);
    expect(markerOf(area)).toMatchObject({ place: 'the ledger in memory' });
  });

  it('by version 0.1.0 is known as moved by its marker, and the one left behind is refused afterwards', async () => {
    // Prepare: as version 0.1.0 leaves a ledger and its marker.
    const { area } = await openMoved();
    const identity = JSON.stringify({ format: 1, id: 'ledger-1', created: '2026-01-01T00:00:00.000Z' });
    area.ledgerContent.documents.set('ledger', { text: identity, tag: 'old' });
    mark(area, '', { ...FOREIGN, ledger: 'ledger-1', place: 'the ledger in memory' });
    const moved = copyOf(area, 'the new place');

    // Act
    const first = await area.run({ ledger: moved });

    // Assess
    expect(first.notes).toEqual([MOVED]);
    await expect(area.run()).rejects.toThrow('This ledger was moved or copied to the new place');
  });
});

describe('An earlier copy of a ledger that is put back', () => {
  const WHY =
    'the ledger is older than the marker of copy/: an earlier copy of it was put back, or a part of it was removed. Later pins, declarations and retired checkpoints are unknown, and quarantine begins again';

  /** A run that deletes, and the ledger as it was before it. Meanwhile a checkpoint referenced another file. */
  async function openBehind(): Promise<{ area: Stewarded; backup: MemoryLedger; again: string }> {
    const area = await open('directory');
    const job = playJob(area);
    const again = job.upload(5);
    await area.run();
    const backup = copyOf(area, 'the ledger in memory');
    area.time = NOW + DAY;
    job.complete(2, [job.file(1), job.file(3), again], NOW + DAY - 3_600_000);
    await area.run();
    job.complete(3, [job.file(1), job.file(3)], NOW + 2 * DAY - 3_600_000);
    job.subsume(2);
    area.time = NOW + 2 * DAY;
    return { area, backup, again };
  }

  it('is paused, says so, and lets quarantine begin anew for what it had forgotten of', async () => {
    // Prepare
    const { area, backup, again } = await openBehind();

    // Act
    const behind = await area.run({ ledger: backup });
    const { paused } = await readState(backup);
    await updateState(backup, (state) => ({ ...state, paused: null }));
    const resumed = await area.run({ ledger: backup });
    area.time = NOW + 3 * DAY;
    const later = await area.run({ ledger: backup });

    // Assess
    expect(behind.record).toMatchObject({ result: 'stopped', quarantined: { objects: 1 } });
    expect(paused).toEqual({ at: '2027-03-03T00:00:00.000Z', why: WHY, by: null });
    expect(resumed.record).toMatchObject({ result: 'nothing-to-do', quarantined: { objects: 1 } });
    expect(later.record).toMatchObject({ result: 'done', deleted: { objects: 1 } });
    expect(area.keys()).not.toContain(again);
  });

  it('is known as one however many leases it has given since to runs that only look', async () => {
    // Prepare
    const { area, backup } = await openBehind();
    for (let run = 0; run < 5; run++) await area.run({ ledger: backup, execute: false });

    // Act
    const { record } = await area.run({ ledger: backup });

    // Assess
    expect(record).toMatchObject({ result: 'stopped', deleted: { objects: 0 } });
    expect((await readState(backup)).paused?.why).toBe(WHY);
  });

  it('is known as one by the leases alone where version 0.1.0 made it', async () => {
    // Prepare
    const { area, backup } = await openBehind();
    const known = await identityOf(backup).read();
    if (known === null) throw new Error('There is no ledger.');
    const { acted: _, ...identity } = known.value;
    await identityOf(backup).write(identity, known.tag);

    // Act
    const { record } = await area.run({ ledger: backup });
    await updateState(backup, (state) => ({ ...state, paused: null }));
    const resumed = await area.run({ ledger: backup });

    // Assess
    expect(record.result).toBe('stopped');
    expect(resumed.record.result).toBe('nothing-to-do');
  });

  it('is not suspected of a ledger that goes on', async () => {
    const { area } = await openBehind();
    const { record } = await area.run();

    expect(record.result).toBe('nothing-to-do');
    expect((await readState(area.ledger)).paused).toBeNull();
    expect(markerOf(area).lease).toBe(2);
  });
});
