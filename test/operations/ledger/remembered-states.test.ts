import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LedgerFolder } from '#adapters/ledger/ledger-folder.ts';
import type { TableProperties } from '#core/states/table-properties.ts';
import {
  fileId,
  NO_STATES,
  type RememberedStates,
  readSizesOf,
  readStates,
  STATES_FOLDER,
  writeStates,
} from '#operations/ledger/remembered-states.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();
const NOTHING = {
  family: null,
  entries: null,
  deletions: null,
  merges: null,
  rawKeyBytes: null,
  rawValueBytes: null,
  compression: null,
  written: null,
  oldest: null,
};
const PAYLOAD = {
  family: 'payload',
  entries: 400,
  deletions: 1,
  merges: 2,
  rawKeyBytes: 3,
  rawValueBytes: 4,
  compression: 'Snappy',
  written: 5,
  oldest: 6,
};
const STATES: RememberedStates = {
  tables: new Map<string, TableProperties | null>([
    ['one', PAYLOAD],
    ['two', { ...PAYLOAD, family: 'count', compression: 'LZ4' }],
    ['silent', NOTHING],
    ['empty', null],
  ]),
  sizes: [
    { at: 1, states: new Map([['a/payload', { bytes: 7, entries: 8, deletions: 2, rawValueBytes: 9 }]]) },
    { at: 2, states: new Map([['a//database', { bytes: 7, entries: null, deletions: null, rawValueBytes: null }]]) },
  ],
  names: new Map([
    ['a/payload', { operator: 'dedupe', kind: 'state', state: 'payload', hasTtl: true }],
    ['a//database', { operator: 'dedupe', kind: 'database', state: null, hasTtl: null }],
  ]),
};

async function ledger() {
  return new LedgerFolder(await makeDirectory({}));
}

async function contentOf(store: LedgerFolder): Promise<string> {
  for await (const path of store.listFiles(`${STATES_FOLDER}/`)) return path;
  throw new Error('Nothing was written.');
}

describe('what a ledger remembers of state files', () => {
  it('is what was written, each label by itself', async () => {
    const store = await ledger();

    await writeStates(store, 'orders', STATES);

    expect(await readStates(store, 'orders')).toEqual(STATES);
    expect(await readStates(store, 'customers')).toEqual(NO_STATES);
  });

  it.each([
    ['no archive', Buffer.from('x')],
    ['nothing', gzipSync('')],
    ['another version', gzipSync('["states",2,[],[]]\n')],
    ['another line', gzipSync('["states",1,[],[]]\n["x",1]\n')],
  ])('begins anew where it is %s', async (_, content) => {
    // Prepare
    const store = await ledger();
    await writeStates(store, 'orders', STATES);
    await store.writeFile(await contentOf(store), content);

    // Act and assess
    expect(await readStates(store, 'orders')).toEqual(NO_STATES);
  });

  it('tells the sizes of those labels of which it knows some', async () => {
    const store = await ledger();
    await writeStates(store, 'orders', STATES);

    const found = await readSizesOf(store, ['clicks', 'orders']);

    expect([...found]).toEqual([['orders', { sizes: STATES.sizes, names: STATES.names }]]);
  });

  it('takes some thirty bytes for a file', async () => {
    const store = await ledger();
    const files = Array.from({ length: 5_000 }, (_, file) => fileId(`s3://b/${file}`, 'etag', null));
    const tables = files.map(
      (id, at) => [id, { ...PAYLOAD, entries: 100_000 + at, rawValueBytes: 10_000_000 + 977 * at }] as const,
    );

    await writeStates(store, 'orders', { tables: new Map(tables), sizes: [], names: new Map() });

    const chunks = await store.readFile(await contentOf(store));
    const content = chunks === null ? Buffer.of() : await buffer(chunks);
    expect(content.length / 5_000).toBeLessThan(40);
  });
});

describe('the id of a file', () => {
  it('differs by URL, ETag and part', () => {
    const ids = [
      fileId('s3://b/x', 'etag', null),
      fileId('s3://b/y', 'etag', null),
      fileId('s3://b/x', 'other', null),
      fileId('s3://b/x', 'etag', 0),
      fileId('s3://b/x', 'etag', 1),
    ];

    expect(new Set(ids).size).toBe(5);
    expect(ids[0]).toMatch(/^[\w-]{16}$/);
  });
});
