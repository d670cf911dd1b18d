import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { heal } from '#operations/guard/heal.ts';
import type { LostObject } from '#operations/ledger/lost-objects.ts';
import { updateState } from '#operations/ledger/state.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import type { MovingStore } from '#test/support/moving-store.ts';
import { DAY, NOW, PlayedJob } from '#test/support/played-job.ts';
import { guarded } from './guarded-store.ts';

/** A checkpoint of two files, all of which a rule has hidden, in a place that brings back what is asked of it. */
async function hidden({ versions = true } = {}) {
  let job: PlayedJob | undefined;
  const { store, places } = await guarded((played) => {
    job = new PlayedJob(played);
    job.complete(1, [job.upload(1), job.upload(2)]);
  });
  const played = job ?? new PlayedJob(store);
  const keys = [played.file(1), played.file(2), played.root(1)];
  const contents = new Map(keys.map((key) => [key, store.files()[key]?.content ?? '']));
  store.remove(...keys);
  const ledger = new MemoryLedger(new LedgerContent(), OPEN);
  const restored: string[] = [];
  const place: Place = { store, contents, restored, onRestore: () => {} };
  const input = { ...places, writers: [writerOf(place, versions)], ledger, pace: { take: async () => {} } };
  const root: LostObject = {
    url: `s3://bucket/${played.root(1)}`,
    bytes: -1,
    roots: [`s3://bucket/${played.root(1)}`],
    takenBy: { filters: [], since: NOW },
  };
  return { job: played, place, ledger, root, heal: async (lost = [root]) => await heal(lost, input) };
}

interface Place {
  readonly store: MovingStore;
  /** What the place still has of each key. */
  readonly contents: Map<string, string | Uint8Array>;
  readonly restored: string[];
  onRestore: (key: string) => void;
}

function writerOf(place: Place, versions: boolean): AreaWriter {
  const bytesOf = (key: string) => Buffer.from(place.contents.get(key) ?? '');
  return {
    ...(versions
      ? {
          lastContent: async (key: string) =>
            place.contents.has(key) ? { etag: 'e', bytes: bytesOf(key).length, version: 'v', hidden: NOW - DAY } : null,
          readLast: async (key: string) => {
            const bytes = bytesOf(key);
            const chunks = Readable.from([bytes]);
            return { found: true, etag: 'e', bytes: bytes.length, modified: NOW, chunks };
          },
        }
      : {}),
    restore: async ({ key }: { readonly key: string }) => {
      place.restored.push(key);
      place.store.put(key, place.contents.get(key) ?? '', NOW);
      place.onRestore(key);
      return { outcome: 'restored' };
    },
  } as Partial<AreaWriter> as AreaWriter;
}

describe('Healing a checkpoint that is gone itself', () => {
  it('brings its files back, and it after them', async () => {
    const { job, place, heal: healed } = await hidden();

    const { healed: done, left, stopped } = await healed();

    expect(place.restored).toEqual([job.file(1), job.file(2), job.root(1)]);
    expect(done.map(({ outcome }) => outcome)).toEqual(['restored', 'restored', 'restored']);
    expect({ left, stopped }).toEqual({ left: [], stopped: null });
  });

  it('brings it back where another one references its files, which nobody has taken', async () => {
    const { job, place, heal: healed } = await hidden();
    for (const number of [1, 2]) job.upload(number);

    await healed();

    expect(place.restored).toEqual([job.root(1)]);
  });

  it('leaves it as it is where it is there again', async () => {
    const { job, place, root, heal: healed } = await hidden();
    job.complete(1, []);

    expect((await healed()).healed).toEqual([{ url: root.url, outcome: 'present', why: null }]);
    expect(place.restored).toEqual([]);
  });

  it('looks again before it comes back, since a rule may be at its files still', async () => {
    const { job, place, heal: healed } = await hidden();
    let again = true;
    place.onRestore = (key) => {
      if (key === job.file(2) && again) place.store.remove(job.file(1));
      if (key === job.file(2)) again = false;
    };

    await healed();

    expect(place.restored).toEqual([job.file(1), job.file(2), job.file(1), job.root(1)]);
  });

  it('gives up where its files are deleted again and again', async () => {
    const { job, place, root, heal: healed } = await hidden();
    place.onRestore = (key) => void place.store.remove(key);

    const { healed: done } = await healed();

    expect(place.restored).not.toContain(job.root(1));
    expect(done.at(-1)).toEqual({
      url: root.url,
      outcome: 'lost',
      why: `${root.url} was not brought back, since 2 files that it names are still missing. They are deleted again and again.`,
    });
  });

  it('does not come back without a file of which nothing is left', async () => {
    const { job, place, root, heal: healed } = await hidden();
    place.contents.delete(job.file(2));

    const { healed: done } = await healed();

    expect(place.restored).toEqual([job.file(1)]);
    expect(done.at(-1)).toEqual({
      url: root.url,
      outcome: 'lost',
      why: `${root.url} was not brought back, since a file that it names is still missing. s3://bucket/${job.file(2)} has no version left.`,
    });
  });

  it('stays for a later attempt where deleting is paused meanwhile', async () => {
    const { job, place, ledger, root, heal: healed } = await hidden();
    const paused = { at: new Date(NOW).toISOString(), why: 'a look', by: null };
    await updateState(ledger, (state) => ({ ...state, paused }));

    const { left, stopped } = await healed();

    expect(left).toEqual([root]);
    expect(stopped).toMatch(/^Deleting is paused \(a look\)/);
    expect(place.restored).not.toContain(job.root(1));
  });

  it.each([
    ['nothing is left of it', (place: Place, key: string) => void place.contents.delete(key)],
    ['what is left is no checkpoint', (place: Place, key: string) => void place.contents.set(key, 'no checkpoint')],
  ])('comes without files where %s', async (_, change) => {
    const { job, place, heal: healed } = await hidden();
    change(place, job.root(1));

    const { healed: done } = await healed();

    expect(place.restored).toEqual(place.contents.has(job.root(1)) ? [job.root(1)] : []);
    expect(done).toHaveLength(1);
  });

  it('can not come back in a place without versions', async () => {
    const { root, heal: healed } = await hidden({ versions: false });

    expect((await healed()).healed).toEqual([
      { url: root.url, outcome: 'lost', why: `${root.url} is in a place that keeps no versions.` },
    ]);
  });
});
