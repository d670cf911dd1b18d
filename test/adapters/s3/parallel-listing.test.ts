import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FolderCuts, type ProposedCut } from '#adapters/s3/folder-cuts.ts';
import type { ListPage } from '#adapters/s3/list-page-scanner.ts';
import { listInParallel, type PageRequest } from '#adapters/s3/parallel-listing.ts';
import type { OpenPart } from '#adapters/s3/propose-cut.ts';
import { RequestWidth } from '#adapters/s3/request-width.ts';
import { compareKeys } from '#core/key-order.ts';
import type { KeyRange, ListedObject, ListedPage } from '#ports/object-store.ts';
import { compactPageOf } from '#test/support/compact-pages.ts';

const SEED = 20_260_106;
const JOBS = Array.from({ length: 40 }, (_, job) => `${(job * 6 + 3).toString(16).padStart(2, '0')}${'5'.repeat(30)}`);

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

  it('asks first for as many keys as are expected, and then for whole pages', async () => {
    // Prepare
    const keys = Array.from({ length: 100 }, (_, key) => `${100 + key}`);
    const store = new PagedKeys(keys, 50);
    const asked: (number | undefined)[] = [];
    const fetch = async (request: PageRequest) => {
      asked.push(request.most);
      return store.page(request);
    };
    const range = { prefix: '' };

    // Act
    const pages = await collect(
      listInParallel({ store: 's3://b', range, fetch, expected: 2, width: new RequestWidth(4) }),
    );

    // Assess
    expect(pages).toEqual([keys.slice(0, 43), keys.slice(43, 93), keys.slice(93)]);
    expect(asked).toEqual([43, undefined, undefined]);
  });

  it('cuts no more often than a cut is worth a request', async () => {
    // Prepare: keys that could be cut behind each of them.
    const keys = Array.from({ length: 2_000 }, (_, key) => `${key}`.padStart(5, '0'));
    const store = new PagedKeys(keys, 1);
    let requests = 0;
    const fetch = async (request: PageRequest) => {
      requests++;
      return store.page(request);
    };
    const range = { prefix: '' };
    const propose = ({ after, until }: OpenPart): ProposedCut | null => {
      const next = `${Number(after ?? '0') + 2}`.padStart(5, '0');
      return until === undefined || next < until ? { cut: next, keys: 1 } : null;
    };

    // Act
    const pages = await collect(listInParallel({ store: 's3://b', range, fetch, width: new RequestWidth(4), propose }));

    // Assess
    expect(pages.flat().sort(compareKeys)).toEqual(keys);
    expect(requests).toBeLessThanOrEqual(keys.length + 36 + keys.length / 64 + 1);
  });

  it('lists every key once, whatever folders it is told of, early, late or never', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(jobKey, { maxLength: 60 }),
        fc.array(fc.array(jobKey, { maxLength: 20 }), { maxLength: 6 }),
        fc.boolean(),
        fc.scheduler(),
        fc.record({ pageSize: fc.integer({ min: 1, max: 5 }), width: fc.integer({ min: 1, max: 4 }) }),
        async (keys, told, isBroken, scheduler, { pageSize, width }) => {
          // Prepare
          const store = new PagedKeys(keys, pageSize);
          const fetch = (request: PageRequest) => scheduler.schedule(Promise.resolve()).then(() => store.page(request));
          const folders = async function* () {
            for (const page of told) yield await scheduler.schedule(Promise.resolve(page));
            if (isBroken) throw new Error('folders are denied');
          };
          // As many keys are expected in each folder, as if they were worth a cut.
          const known = new FolderCuts();
          known.add(told.flat());
          const propose = ({ after, until }: OpenPart) => (after === undefined ? null : known.propose(after, until));

          // Act
          const range = { prefix: '' };
          const listing = { store: 's3://b', range, fetch, folders, propose, width: new RequestWidth(width) };
          const pages = await scheduler.waitFor(collect(listInParallel(listing)));

          // Assess
          expect(pages.flat().sort(compareKeys)).toEqual(keys.toSorted(compareKeys));
        },
      ),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('goes on beside the question for folders when that takes the only request that is allowed', async () => {
    const keys = JOBS.slice(0, 4).flatMap((job) => hexNames(`ck/${job}/shared/`, 1_500));
    const store = new PagedKeys(keys);

    const pages = await collect(listJobs(store, 1));

    expect(pages.flat().length).toBe(6_000);
    expect(store.peak).toBe(1);
  });

  it('begins with many jobs at once when it knows their folders', async () => {
    // Prepare
    const keys = JOBS.slice(0, 20).flatMap((job) => hexNames(`ck/${job}/shared/`, 3_000));
    const told = new PagedKeys(keys);
    const untold = new PagedKeys(keys);

    // Act
    const pages = await collect(listJobs(told, 32));
    await collect(list(untold, 32));

    // Assess
    expect(pages.flat().length).toBe(keys.length);
    // One job after the other takes a round for each; all at once those of the first page, the folders and the longest.
    expect(untold.rounds).toBeGreaterThan(20);
    expect(told.rounds).toBeLessThan(12);
    // A part ends within a page, which another one begins with.
    expect(told.requests).toBeLessThan(untold.requests + 20);
  });

  it('asks for the folders of a level once, of few levels, and not at all where a page is enough', async () => {
    // Prepare
    const short = new PagedKeys(hexNames(`ck/${JOBS[0]}/shared/`, 999));
    const long = new PagedKeys(
      Array.from({ length: 12 }, (_, region) => hexNames(`ck/${100 + region}/${JOBS[region]}/shared/`, 2_500)).flat(),
    );

    // Act
    await collect(listJobs(short, 8));
    const pages = await collect(listJobs(long, 8));

    // Assess
    expect(short.levels).toEqual([]);
    expect(pages.flat().length).toBe(30_000);
    expect(long.levels.length).toBe(8);
    expect(new Set(long.levels).size).toBe(8);
    expect(long.levels.slice(0, 2)).toEqual(['ck/100/', 'ck/']);
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

  describe.each([
    ['as an array', (objects: readonly ListedObject[]): ListedPage => objects],
    ['in columns', compactPageOf],
  ])('refuses, of pages %s,', (_what, pageOf) => {
    it.each([
      ['in another order', ['b', 'a'], {}],
      ['in the order of their UTF-16 units', ['\u{1f600}', '\uff21'], {}],
      ['twice', ['a', 'a'], {}],
      ['that do not begin with the prefix', ['x'], { prefix: 'a' }],
      ['of which the first does not begin with the prefix', ['a', 'ba', 'bb'], { prefix: 'b' }],
      ['of which the last does not begin with the prefix', ['ba', 'bb', 'c'], { prefix: 'b' }],
      ['from the beginning though it was told where to begin', ['a', 'b'], { after: 'a' }],
      ['from before where it was told to begin', ['a', 'c'], { after: 'b' }],
    ])('a store that lists keys %s', async (_how, keys, range) => {
      const fetch = async (): Promise<ListPage> => ({ objects: pageOf(keys.map(object)), folders: [], next: null });

      const listing = collect(
        listInParallel({ store: 's3://b', range: { prefix: '', ...range }, fetch, width: new RequestWidth(2) }),
      );

      await expect(listing).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' });
      await expect(listing).rejects.toThrow('This store does not list as S3 does');
    });

    it('a store whose next page begins with the key that the last one ended with', async () => {
      const pages: ListPage[] = [
        { objects: pageOf(['a', 'b'].map(object)), folders: [], next: 'more' },
        { objects: pageOf(['b', 'c'].map(object)), folders: [], next: null },
      ];
      const fetch = async ({ token }: PageRequest): Promise<ListPage> => pages[token === undefined ? 0 : 1] as ListPage;

      const listing = collect(
        listInParallel({ store: 's3://b', range: { prefix: '' }, fetch, width: new RequestWidth(2) }),
      );

      await expect(listing).rejects.toThrow("listed 'b' where keys after 'b' were requested");
    });
  });

  it('loses no key of a store with an order of its own to a cut that the two would understand differently', async () => {
    // Prepare: by UTF-16 units the second key lies before the cut, by UTF-8 bytes behind it.
    const keys = ['a', '\u{1f600}', '\uff22'];
    const fetch = async ({ after, token }: PageRequest): Promise<ListPage> => {
      const from = token ?? after ?? '';
      const rest = keys.filter((key) => key > from);
      const [first = ''] = rest;
      return { objects: rest.slice(0, 1).map(object), folders: [], next: rest.length > 1 ? first : null };
    };
    const propose = () => ({ cut: '\uff21', keys: 1 });

    // Act
    const listing = collect(
      listInParallel({ store: 's3://b', range: { prefix: '' }, fetch, width: new RequestWidth(2), propose }),
    );

    // Assess
    await expect(listing).rejects.toThrow('This store does not list as S3 does');
  });

  it('cuts below a prefix that orders might tell apart, because all keys begin with it', async () => {
    const store = new PagedKeys(
      ['a', 'b', 'c', 'd'].map((name) => `\u{1f600}/${name}`),
      1,
    );
    const begins: (string | undefined)[] = [];
    const fetch = async (request: PageRequest) => {
      begins.push(request.after);
      return await store.page(request);
    };
    const propose = () => ({ cut: '\u{1f600}/b', keys: 1 });
    const range = { prefix: '\u{1f600}/' };

    const pages = await collect(listInParallel({ store: 's3://b', range, fetch, width: new RequestWidth(2), propose }));

    expect(pages.flat().length).toBe(4);
    expect(begins).toContain('\u{1f600}/b');
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
  /** How often requests were answered side by side. */
  rounds = 0;
  readonly levels: string[] = [];
  underWay = 0;
  peak = 0;
  readonly #keys: readonly string[];
  readonly #pageSize: number;
  #round: Promise<void> | undefined;

  constructor(keys: readonly string[], pageSize = 1_000) {
    this.#keys = keys.toSorted(compareKeys);
    this.#pageSize = pageSize;
  }

  async page({ prefix, after, token, most }: PageRequest): Promise<ListPage> {
    this.requests++;
    this.underWay++;
    this.peak = Math.max(this.peak, this.underWay);
    await this.#turn();
    this.underWay--;
    const from = token?.slice('after '.length) ?? after;
    const size = Math.min(this.#pageSize, most ?? this.#pageSize);
    const start = from === undefined ? 0 : this.#keys.findIndex((key) => compareKeys(key, from) > 0);
    const rest = start === -1 ? [] : this.#keys.slice(start).filter((key) => key.startsWith(prefix));
    const keys = rest.slice(0, size);
    const objects = this.requests % 2 === 0 ? keys.map(object) : compactPageOf(keys.map(object));
    return { objects, folders: [], next: rest.length > size ? `after ${keys.at(-1)}` : null };
  }

  async *folders(level: string): AsyncGenerator<readonly string[]> {
    this.levels.push(level);
    this.underWay++;
    this.peak = Math.max(this.peak, this.underWay);
    await this.#turn();
    this.underWay--;
    const below = this.#keys.filter((key) => key.startsWith(level)).map((key) => key.slice(level.length).split('/'));
    yield [...new Set(below.filter((names) => names.length > 1).map(([name]) => `${level}${name}/`))];
  }

  async #turn(): Promise<void> {
    this.#round ??= new Promise((resolve) =>
      setImmediate(() => {
        this.rounds++;
        this.#round = undefined;
        resolve();
      }),
    );
    await this.#round;
  }
}

function listJobs(store: PagedKeys, width: number): AsyncGenerator<ListedPage> {
  return listInParallel({
    store: 's3://b',
    range: { prefix: '' },
    fetch: (request) => store.page(request),
    folders: (level) => store.folders(level),
    width: new RequestWidth(width),
  });
}

function list(store: PagedKeys, width: number): AsyncGenerator<ListedPage> {
  return listInParallel({
    store: 's3://b',
    range: { prefix: '' },
    fetch: (request) => store.page(request),
    width: new RequestWidth(width),
  });
}

async function collect(pages: AsyncIterable<ListedPage>): Promise<string[][]> {
  const all: string[][] = [];
  for await (const page of pages) all.push(Array.from(page, ({ key }) => key));
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
/** Small pages of such keys show jobs, so that folders are asked for. */
const jobKey = fc
  .tuple(
    fc.constantFrom('', 'r/', 'r&/'),
    fc.constantFrom(...JOBS.slice(0, 6)),
    fc.constantFrom('/', '/chk-1/_metadata', '/shared/a', '0'),
  )
  .map((names) => names.join(''));
const anyPrefix = fc.constantFrom('', 'a', 'a/', 'f0/', '\u{1f600}', 'none');
