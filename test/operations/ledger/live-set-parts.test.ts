import { describe, expect, it } from 'vitest';
import { LiveSet } from '#core/guard/live-set.ts';
import { hashText, spread } from '#core/guard/text-hash.ts';
import { NameFilter } from '#core/inventory/name-filter.ts';
import { ReadLiveSet, rootsBefore, writeLiveSet } from '#operations/ledger/live-set-parts.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { NOW } from '#test/support/played-job.ts';

const READERS = new Map([['s3://b/flink/a/', [{ directory: 's3://b/flink/heir/', holdsCheckpoints: true }]]]);

const ROOTS = new Set(['s3://b/flink/a/chk-1/_metadata']);
const FORMER = new Set(['s3://b/flink/a/chk-0/_metadata']);
const NONE = { readers: new Map(), roots: new Set<string>(), former: new Set<string>() };

function liveSet(names: number, start = NOW): LiveSet {
  const filter = new NameFilter(names);
  for (let name = 0; name < names; name++) filter.add(spread(hashText(`s3://b/${name}`)));
  return new LiveSet({ start, names, filter, readers: READERS, roots: ROOTS, former: FORMER });
}

function ledger() {
  const content = new LedgerContent();
  return { content, store: new MemoryLedger(content, OPEN) };
}

describe('The live set in the ledger', () => {
  it('is read as it was written, in parts', async () => {
    const { store, content } = ledger();
    const live = liveSet(50_000);

    await writeLiveSet(store, live);
    const read = await new ReadLiveSet().read(store);

    expect(read?.filter.bytes).toEqual(live.filter.bytes);
    expect(read?.readers).toEqual(READERS);
    expect(read?.roots).toEqual(ROOTS);
    expect(read?.former).toEqual(FORMER);
    expect(await rootsBefore(store)).toEqual(ROOTS);
    expect({ start: read?.start, names: read?.names }).toEqual({ start: NOW, names: 50_000 });
    expect([...content.files.keys()]).toEqual(
      ['filter', 'readers', 'roots', 'former'].map((part) => `guard/1-${part}-00001.ndjson.gz`),
    );
  });

  it('takes two megabytes for a million names', async () => {
    const { store, content } = ledger();

    await writeLiveSet(store, new LiveSet({ start: NOW, names: 1e6, filter: new NameFilter(1e6), ...NONE }));

    // Of a filter that is full, nothing can be compressed.
    expect(new NameFilter(1e6).bytes.length).toBe(2_000_000);
    expect(content.files.size).toBe(1);
  });

  it('is read once as long as it is the same', async () => {
    const { store, content } = ledger();
    const known = new ReadLiveSet();
    await writeLiveSet(store, liveSet(10));
    const first = await known.read(store);
    content.files.clear();

    expect(await known.read(store)).toBe(first);
  });

  it('is the newest one, written beside the one before', async () => {
    const { store, content } = ledger();
    const known = new ReadLiveSet();
    for (let survey = 0; survey < 6; survey++) await writeLiveSet(store, liveSet(10, NOW + survey));

    expect((await known.read(store))?.start).toBe(NOW + 5);
    expect([...content.files.keys()].filter((path) => path.includes('filter'))).toHaveLength(4);
  });

  it('is none before the first survey, and none where a part is lost or is no filter', async () => {
    const { store, content } = ledger();
    expect(await new ReadLiveSet().read(store)).toBeNull();
    expect(await rootsBefore(store)).toEqual(new Set());

    await writeLiveSet(store, liveSet(10));
    content.files.clear();

    expect(await new ReadLiveSet().read(store)).toBeNull();
    expect(await rootsBefore(store)).toEqual(new Set());
    const empty = { bytes: new Uint8Array(0) } as NameFilter;
    await writeLiveSet(store, new LiveSet({ start: NOW, names: 0, filter: empty, ...NONE }));
    expect(await new ReadLiveSet().read(store)).toBeNull();
  });

  it('is none where an earlier version has left it, and the next survey leaves another', async () => {
    const { store } = ledger();
    await writeLiveSet(store, liveSet(10));
    const document = await store.readDocument('live-set');
    const earlier = JSON.stringify({ ...JSON.parse(document?.text ?? ''), roots: undefined });
    await store.writeDocument('live-set', earlier, document?.tag ?? null);

    expect(await new ReadLiveSet().read(store)).toBeNull();
    expect(await rootsBefore(store)).toEqual(new Set());

    await writeLiveSet(store, liveSet(10));
    expect((await new ReadLiveSet().read(store))?.roots).toEqual(ROOTS);
  });

  it('is not taken for lost where the store fails', async () => {
    const { content, store } = ledger();
    await writeLiveSet(store, liveSet(10));
    const failing = new MemoryLedger(content, {
      ...OPEN,
      pass: async (call, effect, failure) => {
        if (call.includes('read file')) throw failure('Try again.');
        return effect();
      },
    });

    await expect(new ReadLiveSet().read(failing)).rejects.toThrow('Try again.');
    await expect(rootsBefore(failing)).rejects.toThrow('Try again.');
  });
});
