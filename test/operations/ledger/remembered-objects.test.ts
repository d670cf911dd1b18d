import { beforeEach, describe, expect, it } from 'vitest';
import { Area } from '#core/area/area.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
import type { Part } from '#operations/ledger/line-parts.ts';
import { LostPartError } from '#operations/ledger/line-parts.ts';
import { readCandidates, writeObjectLines } from '#operations/ledger/remembered-objects.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';

const BUCKET = { name: 'b', store: 's3://b', prefix: '', hidden: 0 };
const OTHER = { name: 'c', store: 's3://c', prefix: '', hidden: 0 };
const ETAG = 'etag';

let content: LedgerContent;
let ledger: MemoryLedger;
beforeEach(() => {
  content = new LedgerContent();
  ledger = new MemoryLedger(content, OPEN);
});

/** So long that a part has four of them. */
function nameOf(number: number): string {
  return `${number}${'x'.repeat(999_990)}`;
}

function lineOf(number: number): unknown {
  return [nameOf(number), ETAG, number, 1];
}

/** Three parts: four objects of `a/`, then one of `a/` and three of `z/`, then one of `z/`. */
const LINES = [
  { store: 's3://b', path: 'a/' },
  ...[1, 2, 3, 4, 5].map(lineOf),
  { store: 's3://b', path: 'z/' },
  ...[6, 7, 8, 9].map(lineOf),
];

function listing(...keys: readonly string[]): { readonly area: Area; readonly objects: ObjectTable } {
  const objects = new ObjectTable();
  for (const key of keys) objects.add({ location: 0, key, etag: ETAG, bytes: 1, modified: 0 });
  objects.seal();
  return { area: new Area([BUCKET, OTHER], [], []), objects };
}

/** Since when what was listed is garbage, of each object. */
async function sinceOf(parts: readonly Part[], ...keys: readonly string[]): Promise<readonly (number | undefined)[]> {
  const { area, objects } = listing(...keys);
  const candidacies = await readCandidates(ledger, parts, { area, objects });
  return keys.map((_, object) => candidacies.get(object)?.since);
}

describe('Objects that the ledger remembers', () => {
  it('are read by who lists a part of the area from the parts that tell of it alone', async () => {
    // Prepare
    const parts = await writeObjectLines(ledger, 'memory/1-candidates-', LINES);
    for (const { file } of parts.slice(0, 1)) content.files.delete(file);

    // Act
    const found = await sinceOf(parts, `a/${nameOf(5)}`, `z/${nameOf(9)}`);

    // Assess
    expect(parts).toHaveLength(3);
    expect(found).toEqual([5, 9]);
    await expect(sinceOf(parts, `a/${nameOf(4)}`)).rejects.toThrow(LostPartError);
  });

  it('lie in the directory that a part before has named, though that part was not read', async () => {
    // Prepare: the last part begins amid a directory.
    const parts = await writeObjectLines(ledger, 'memory/1-candidates-', LINES);
    for (const { file } of parts.slice(0, 2)) content.files.delete(file);

    // Act
    const found = await sinceOf(parts, `z/${nameOf(9)}`);

    // Assess
    expect(found).toEqual([9]);
  });

  it('are read from all parts where a part has objects of two places, or an earlier version wrote them', async () => {
    // Prepare
    const mixed = [{ store: 's3://b', path: 'a/' }, lineOf(1), { store: 's3://c', path: 'a/' }, lineOf(2)];
    const parts = await writeObjectLines(ledger, 'memory/1-candidates-', mixed);
    const older = (await writeObjectLines(ledger, 'memory/2-candidates-', LINES)).map(({ covers: _, ...part }) => part);

    // Act
    const found = [await sinceOf(parts, `a/${nameOf(1)}`), await sinceOf(older, `z/${nameOf(9)}`)];

    // Assess
    expect(parts).toEqual([{ file: expect.any(String), sha256: expect.any(String) }]);
    expect(found).toEqual([[1], [9]]);
  });

  it('are read from a part whose place is none of the area any more, or is two of it', async () => {
    const parts = await writeObjectLines(ledger, 'memory/1-candidates-', [
      { store: 's3://elsewhere', path: 'a/' },
      lineOf(1),
    ]);

    expect(parts[0]?.covers?.store).toBe('s3://elsewhere');
    expect(await sinceOf(parts, `a/${nameOf(1)}`)).toEqual([undefined]);
  });
});
