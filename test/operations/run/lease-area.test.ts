import { describe, expect, it } from 'vitest';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { pause, resume } from '#operations/ledger/declarations.ts';
import { Lease } from '#operations/ledger/lease.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { readState, updateState } from '#operations/ledger/state.ts';
import { AreaMarkers } from '#operations/run/area-markers.ts';
import { markedLocations } from '#operations/run/marked-locations.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { DAY, NOW } from '#test/support/played-job.ts';
import { ALONE, KINDS, playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();

function markerOf(area: Stewarded, prefix = ''): unknown {
  return JSON.parse(area.content(`${prefix}${MARKER_NAME}`).toString());
}

/** Forgets the ledger, as when its folder is gone. */
function loseLedger(area: Stewarded): void {
  area.ledger = new MemoryLedger(new LedgerContent(), OPEN);
}

/** What `resume` does. */
async function takeOver(area: Stewarded, store: LedgerStore, id: string, parts = false) {
  const by = { ledger: { store, id, place: store.name, acted: null }, run: `resume-${area.nextRun()}`, lease: null };
  return await new AreaMarkers(markedLocations(area.locations, area.writers), { ...by, now: () => area.time }).takeOver(
    parts,
  );
}

describe.each(KINDS)('The first run that executes in a %s', (kind) => {
  it('marks each location with the name of the ledger', async () => {
    const area = await open(kind, { prefixes: ['a/', 'b/'] });

    await area.run({ execute: false });
    const before = area.keys();
    await area.run();
    area.time = NOW + DAY;
    await area.run();

    const marker = {
      steward: 1,
      ledger: 'ledger-1',
      place: 'the ledger in memory',
      since: '2027-03-01T00:00:00.000Z',
    };
    expect(before).toEqual([]);
    expect(['a/', 'b/'].map((prefix) => markerOf(area, prefix))).toEqual([
      { ...marker, location: 's3://bucket/a/', nonce: '20270301T000000000Z-a2/1' },
      { ...marker, location: 's3://bucket/b/', nonce: '20270301T000000000Z-a2/2' },
    ]);
  });
});

describe('A location that another ledger looks after', () => {
  it('is left alone, and the message names that ledger', async () => {
    const area = await open('directory');
    const job = playJob(area);
    await area.run();
    area.ledger = new MemoryLedger(new LedgerContent(), OPEN, 'another ledger');
    const contents = area.contents();

    await expect(area.run({ newLedgerId: 'ledger-2' })).rejects.toThrow(
      new LedgerError(
        "Another ledger, the ledger in memory, has been responsible for copy/ since 2027-03-01T00:00:00.000Z. Two ledgers don't know each other's pins and retired checkpoints, so nothing was changed. Use that ledger (--ledger the ledger in memory). If it is gone for good, take the area over: steward resume --take-over --execute",
      ),
    );
    expect(area.contents()).toEqual(contents);
    expect(area.keys()).toContain(job.file(2));
  });

  it('keeps neither the lease of the refused run nor its marker', async () => {
    const area = await open('directory', { prefixes: ['a/', 'b/'] });
    area.put(`b/${MARKER_NAME}`, JSON.stringify({ steward: 1, ledger: 'x', place: 'y', since: 'then' }));

    await expect(area.run()).rejects.toThrow('Another ledger, y, has been responsible for copy/b/ since then');

    expect(() => markerOf(area, 'a/')).toThrow();
    const lease = await Lease.take(area.ledger, { run: 'r', command: 'c', holders: ALONE, now: () => area.time });
    await lease.release();
  });

  it('may be looked at all the same', async () => {
    const area = await open('directory');
    playJob(area);
    await area.run();
    area.ledger = new MemoryLedger(new LedgerContent(), OPEN, 'another ledger');

    expect((await area.run({ execute: false })).record.result).toBe('observed');
  });

  it('is taken over by those who say so', async () => {
    const area = await open('directory');
    await area.run();
    const store = new MemoryLedger(new LedgerContent(), OPEN, 'another ledger');
    area.time = NOW + DAY;

    const above = await takeOver(area, store, 'ledger-2');

    expect(above).toEqual([]);
    expect(markerOf(area)).toEqual({
      steward: 1,
      ledger: 'ledger-2',
      place: 'another ledger',
      since: '2027-03-02T00:00:00.000Z',
      location: 's3://bucket/',
      nonce: 'resume-20270302T000000000Z-a2/1',
    });
  });
});

describe('A ledger that has vanished', () => {
  it('means paused, until somebody says that it is all right', async () => {
    // Prepare
    const area = await open('directory');
    const job = playJob(area);
    await area.run();
    loseLedger(area);

    // Act
    area.time = NOW + DAY;
    const first = await area.run({ newLedgerId: 'ledger-2' });
    area.time = NOW + 2 * DAY;
    const second = await area.run({ newLedgerId: 'ledger-2' });
    const kept = area.keys();
    await takeOver(area, area.ledger, 'ledger-2');
    await updateState(area.ledger, resume);
    const resumed = await area.run();

    // Assess
    const why =
      'Deleting has been paused since 2027-03-02T00:00:00.000Z (the ledger that was responsible for copy/ is missing; its pins, retired checkpoints and declarations are unknown). To resume: steward resume --execute';
    expect([first, second].map(({ record }) => [record.result, record.why])).toEqual([
      ['stopped', why],
      ['stopped', why],
    ]);
    expect(kept).toContain(job.file(2));
    expect(resumed.record.deleted.objects).toBe(1);
    expect(markerOf(area)).toMatchObject({ ledger: 'ledger-2' });
  });

  it('is not made up for by ending the pause alone: the marker says more', async () => {
    const area = await open('directory');
    playJob(area);
    await area.run();
    loseLedger(area);
    await area.run({ newLedgerId: 'ledger-2' });
    await updateState(area.ledger, resume);
    area.time = NOW + DAY;

    const { record } = await area.run({ newLedgerId: 'ledger-2' });

    expect(record.result).toBe('stopped');
    expect(markerOf(area)).toMatchObject({ ledger: 'ledger-1' });
  });

  it('leaves the reason of a pause as it is', async () => {
    const area = await open('directory');
    await area.run();
    loseLedger(area);
    await updateState(area.ledger, (state) => pause(state, 'holidays', NOW));

    await area.run({ newLedgerId: 'ledger-2' });

    expect((await readState(area.ledger)).paused).toEqual({
      at: '2027-03-01T00:00:00.000Z',
      why: 'holidays',
      by: null,
    });
  });
});

describe('A ledger that has lost what people said', () => {
  it('stops each run that executes until somebody resumes; pins are not forgotten in silence', async () => {
    // Prepare
    const area = await open('directory');
    const job = playJob(area);
    await area.run();
    area.ledgerContent.documents.delete('state');
    area.time = NOW + DAY;

    // Act
    const lost = await area.run();
    const kept = area.keys();
    await updateState(area.ledger, resume);
    const resumed = await area.run();

    // Assess
    expect(lost.record).toMatchObject({
      result: 'stopped',
      why: 'Deleting is paused: the document "state" of the ledger is missing, and its pins, declarations, retired checkpoints and pause are lost. Restore an earlier copy of it, or continue without them. To resume: steward resume --execute',
    });
    expect(kept).toContain(job.file(2));
    expect(resumed.record.deleted.objects).toBe(1);
  });

  it('and loses it while it deletes stops before its next look at the roots', async () => {
    const area = await open('directory', { prefixes: ['a/', 'b/'] });
    playJob(area, `a/${'a'.repeat(32)}/`);
    playJob(area, `b/${'b'.repeat(32)}/`);
    await area.run();
    area.time = NOW + DAY;
    const deleters = area.deleters.map((deleter) => ({
      delete: async (...batch: Parameters<typeof deleter.delete>) => {
        area.ledgerContent.documents.delete('state');
        area.time += 30_000;
        return await deleter.delete(...batch);
      },
    }));

    const { record } = await area.run({ deleters });

    expect(record).toMatchObject({ result: 'stopped', deleted: { objects: 1 } });
    expect(record.why).toMatch(/^Deleting is paused: the document "state" of the ledger is missing/);
  });
});

describe('A marker', () => {
  it.each(['no JSON', '{"steward": 2}', ''])(
    'that no steward of this version wrote (%j) stops every run',
    async (text) => {
      const area = await open('directory');
      area.put(MARKER_NAME, text);

      await expect(area.run()).rejects.toThrow(
        'The .flink-steward.json in copy/ was not written by this version of the steward, so it is unknown which ledger is responsible. Nothing was changed; read that file, and remove it if no steward wrote it.',
      );
      expect(area.content(MARKER_NAME).toString()).toBe(text);
    },
  );

  it('that another steward writes at the same moment counts', async () => {
    const area = await open('directory');
    const racing = (writer: AreaWriter): AreaWriter => ({
      putIfAbsent: async (key, content) => {
        area.put(key, JSON.stringify({ steward: 1, ledger: 'other', place: 'there', since: 'now' }));
        return await writer.putIfAbsent(key, content);
      },
      replace: (...put) => writer.replace(...put),
      restore: (deleted) => writer.restore(deleted),
      canRestore: (deleted) => writer.canRestore(deleted),
    });

    await expect(area.run({ writers: area.writers.map(racing) })).rejects.toThrow(
      'Another steward has just written its marker to copy/. Nothing was changed; run again to see which ledger is responsible.',
    );
    expect(markerOf(area)).toMatchObject({ ledger: 'other' });
  });

  it('of the steward never goes, whatever else does', async () => {
    const area = await open('directory');
    playJob(area);
    await area.run();
    area.time = NOW + 100 * DAY;
    await area.run();
    area.time = NOW + 102 * DAY;
    await area.run();

    expect(markerOf(area)).toMatchObject({ ledger: 'ledger-1' });
  });
});
