import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListPage } from '#adapters/s3/list-page-scanner.ts';
import { listInParallel, type PageRequest, type ProposedCut } from '#adapters/s3/parallel-listing.ts';
import { RequestWidth } from '#adapters/s3/request-width.ts';
import { compareKeys } from '#core/key-order.ts';
import type { KeyRange, ListedObject } from '#ports/object-store.ts';

const SEED = 20_260_106;

describe('listInParallel', () => {
  it('lists every key once, wherever it cuts and in whatever order the pages come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyKey, { maxLength: 60 }),
        fc.record({ prefix: anyPrefix, after: fc.option(anyKey), until: fc.option(anyKey) }),
        fc.infiniteStream(fc.option(anyKey, { freq: 6 })),
        fc.scheduler(),
        fc.integer({ min: 1, max: 5 }),
        async (keys, { prefix, after, until }, cuts, scheduler, pageSize) => {
          // Prepare
          const store = new PagedKeys(keys, pageSize);
          const range = { prefix, ...(after === null ? {} : { after }), ...(until === null ? {} : { until }) };
          const propose = (): ProposedCut | null => {
            const { value: cut } = cuts.next();
            return cut === null ? null : { cut, keys: 1 };
          };

          // Act
          const fetch = (request: PageRequest) => scheduler.schedule(Promise.resolve()).then(() => store.page(request));
          const listed = collect(
            listInParallel({ store: 's3://b', range, fetch, width: new RequestWidth(4), propose }),
          );
          const pages = await scheduler.waitFor(listed);

          // Assess
          expect(pages.flat().sort(compareKeys)).toEqual(keysOfRange(keys, range));
          expect(pages.every((page) => page.join() === page.toSorted(compareKeys).join())).toBe(true);
        },
      ),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('cuts by itself what is long, and leaves alone what is short', async () => {
    // Prepare
    const long = new PagedKeys(hexNames('job/shared/', 60_000));
    const short = new PagedKeys(hexNames('job/shared/', 999));

    // Act
    const longPages = await collect(list(long, 8));
    await collect(list(short, 8));

    // Assess
    expect(longPages.flat().length).toBe(60_000);
    expect(long.peak).toBe(8);
    // Sixty full pages, one more for each part's end, and the few that found nothing behind the directory.
    expect(long.requests).toBeLessThan(85);
    expect(short.requests).toBe(1);
  });

  it('holds no more pages than twice its width while the consumer waits', async () => {
    // Prepare
    const store = new PagedKeys(hexNames('job/shared/', 60_000));
    const pages = list(store, 4);

    // Act
    await pages.next();
    await idle();
    const fetchedWhileWaiting = store.requests;
    const rest = await collect(pages);

    // Assess
    expect(fetchedWhileWaiting).toBeLessThanOrEqual(1 + 2 * 4);
    expect(rest.flat().length).toBeGreaterThan(50_000);
  });

  it('ends what is under way when the consumer stops early', async () => {
    const store = new PagedKeys(hexNames('job/shared/', 60_000));

    for await (const page of list(store, 8)) {
      if (page.length > 0) break;
    }

    const asked = store.requests;
    await idle();
    expect({ underWay: store.underWay, asked: store.requests }).toEqual({ underWay: 0, asked });
  });

  it('fails with the first failure, and asks for nothing more', async () => {
    // Prepare
    const store = new PagedKeys(hexNames('job/shared/', 60_000));
    const fetch = async (request: PageRequest): Promise<ListPage> => {
      if (store.requests === 20) throw new Error('broken');
      return await store.page(request);
    };

    // Act
    const listing = collect(
      listInParallel({ store: 's3://b', range: { prefix: '' }, fetch, width: new RequestWidth(8) }),
    );

    // Assess
    await expect(listing).rejects.toThrow('broken');
    const asked = store.requests;
    await idle();
    expect(store.requests).toBe(asked);
  });

  it('rejects with the reason of the signal while pages are under way', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const fetch = (_request: PageRequest, signal: AbortSignal): Promise<ListPage> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('the connection was closed')));
      });
    const pages = listInParallel({
      store: 's3://b',
      range: { prefix: '' },
      fetch,
      width: new RequestWidth(8),
      signal: abort.signal,
    });

    const next = pages.next();
    abort.abort(reason);

    await expect(next).rejects.toBe(reason);
  });

  it.each([
    ['in another order', ['b', 'a'], {}],
    ['twice', ['a', 'a'], {}],
    ['that do not begin with the prefix', ['x'], { prefix: 'a' }],
    ['from the beginning though it was told where to begin', ['a', 'b'], { after: 'a' }],
  ])('refuses a store that lists keys %s', async (_how, keys, range) => {
    const fetch = async (): Promise<ListPage> => ({ objects: keys.map(object), folders: [], next: null });

    const listing = collect(
      listInParallel({ store: 's3://b', range: { prefix: '', ...range }, fetch, width: new RequestWidth(2) }),
    );

    await expect(listing).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' });
    await expect(listing).rejects.toThrow('This store does not list as S3 does');
  });

  it('begins no more requests than the width allows, also when it shrinks', async () => {
    const store = new PagedKeys(hexNames('job/shared/', 40_000));
    const width = new RequestWidth(8);
    const peaks: number[] = [];
    const fetch = async (request: PageRequest): Promise<ListPage> => {
      if (store.requests === 10) {
        width.throttled();
        store.peak = 0;
      }
      if (store.requests > 20 && store.requests < 23) peaks.push(store.underWay);
      return await store.page(request);
    };

    const pages = await collect(listInParallel({ store: 's3://b', range: { prefix: '' }, fetch, width }));

    expect(pages.flat().length).toBe(40_000);
    expect(Math.max(...peaks)).toBeLessThan(8);
  });
});

/** Keys in pages, as S3 gives them, with tokens of its own. */
class PagedKeys {
  requests = 0;
  underWay = 0;
  peak = 0;
  readonly #keys: readonly string[];
  readonly #pageSize: number;

  constructor(keys: readonly string[], pageSize = 1_000) {
    this.#keys = keys.toSorted(compareKeys);
    this.#pageSize = pageSize;
  }

  async page({ prefix, after, token, most }: PageRequest): Promise<ListPage> {
    this.requests++;
    this.underWay++;
    this.peak = Math.max(this.peak, this.underWay);
    await new Promise((resolve) => setImmediate(resolve));
    this.underWay--;
    const from = token?.slice('after '.length) ?? after;
    const size = Math.min(this.#pageSize, most ?? this.#pageSize);
    const start = from === undefined ? 0 : this.#keys.findIndex((key) => compareKeys(key, from) > 0);
    const rest = start === -1 ? [] : this.#keys.slice(start).filter((key) => key.startsWith(prefix));
    const keys = rest.slice(0, size);
    return { objects: keys.map(object), folders: [], next: rest.length > size ? `after ${keys.at(-1)}` : null };
  }
}

function list(store: PagedKeys, width: number): AsyncGenerator<readonly ListedObject[]> {
  return listInParallel({
    store: 's3://b',
    range: { prefix: '' },
    fetch: (request) => store.page(request),
    width: new RequestWidth(width),
  });
}

async function collect(pages: AsyncIterable<readonly ListedObject[]>): Promise<string[][]> {
  const all: string[][] = [];
  for await (const page of pages) all.push(page.map(({ key }) => key));
  return all;
}

/** Until everything that can go on has gone on. */
async function idle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function keysOfRange(keys: readonly string[], { prefix, after, until }: KeyRange): string[] {
  return keys
    .filter((key) => key.startsWith(prefix))
    .filter((key) => after === undefined || compareKeys(key, after) > 0)
    .filter((key) => until === undefined || compareKeys(key, until) <= 0)
    .sort(compareKeys);
}

function hexNames(prefix: string, count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) =>
      prefix +
      Math.floor((index / count) * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
  );
}

function object(key: string): ListedObject {
  return { key, bytes: 1, modified: 0, etag: 'e' };
}

const anyName = fc.constantFrom('0', '7f', 'a', 'a-', 'f0', 'g', '&', ' ', '%2F', '+', 'é', '\uffee', '\u{1f600}', '');
const anyKey = fc
  .array(anyName, { minLength: 1, maxLength: 3 })
  .map((names) => names.join('/'))
  .filter((key) => key !== '');
const anyPrefix = fc.constantFrom('', 'a', 'a/', 'f0/', '\u{1f600}', 'none');
