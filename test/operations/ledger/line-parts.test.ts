import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { LostPartError, parseLines, readLines, writeLines } from '#operations/ledger/line-parts.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { failureOf } from '#test/support/object-store-contract.ts';

let content: LedgerContent;
let ledger: MemoryLedger;
beforeEach(() => {
  content = new LedgerContent();
  ledger = new MemoryLedger(content, OPEN);
});

async function all(lines: AsyncIterable<unknown>): Promise<unknown[]> {
  const read = [];
  for await (const line of lines) read.push(line);
  return read;
}

describe('A long list in the ledger', () => {
  it('is read as it was written', async () => {
    const lines = [{ store: 's3://b', path: 'a/"\n"/' }, ['日本', 'e', 1, 2], 'text', 7, null];

    const parts = await writeLines(ledger, 'memory/1-x-', lines);

    expect(parts).toEqual([{ file: 'memory/1-x-00001.ndjson.gz', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(await all(readLines(ledger, parts))).toEqual(lines);
  });

  it('is no part at all where it is empty', async () => {
    expect(await writeLines(ledger, 'memory/1-x-', [])).toEqual([]);
    expect(await all(readLines(ledger, []))).toEqual([]);
    expect(content.files.size).toBe(0);
  });

  it('is cut into parts of four million characters', async () => {
    const line = 'x'.repeat(999_997);

    const parts = await writeLines(
      ledger,
      'memory/1-x-',
      Array.from({ length: 9 }, () => line),
    );

    expect(parts.map(({ file }) => file)).toEqual([1, 2, 3].map((part) => `memory/1-x-0000${part}.ndjson.gz`));
    const counts = [...content.files.values()].map((part) => [...parseLines(part)].length);
    expect(counts).toEqual([4, 4, 1]);
    expect(await all(readLines(ledger, parts))).toEqual(Array.from({ length: 9 }, () => line));
  });

  it('gives nothing of a part that is not the one that was written', async () => {
    const parts = await writeLines(ledger, 'memory/1-x-', [1, 2, 3]);
    content.files.set('memory/1-x-00001.ndjson.gz', gzipSync('1\n2\n4\n'));
    const read: unknown[] = [];

    const failure = await failureOf(async () => {
      for await (const line of readLines(ledger, parts)) read.push(line);
    });

    expect(failure).toEqual(
      new LostPartError('memory/1-x-00001.ndjson.gz of the ledger the ledger in memory is not what was written.'),
    );
    expect(read).toEqual([]);
  });

  it('that is missing says so', async () => {
    const parts = await writeLines(ledger, 'memory/1-x-', [1]);
    content.files.clear();

    expect(await failureOf(() => all(readLines(ledger, parts)))).toEqual(
      new LostPartError('memory/1-x-00001.ndjson.gz of the ledger the ledger in memory is missing.'),
    );
  });

  it('ends, though its last line does not', () => {
    expect(() => [...parseLines(gzipSync('[1]\n[2'))]).toThrow(SyntaxError);
    expect([...parseLines(gzipSync('[1]\n[2]'))]).toEqual([[1], [2]]);
  });
});
