import { describe, expect, it } from 'vitest';
import { BitColumn } from '#core/inventory/columns.ts';
import { nameHash } from '#operations/ledger/name-hashes.ts';
import { NeededNames } from '#operations/run/needed-names.ts';
import { DAY, DIRECTORY, uuid, world } from '#test/support/world.ts';

/** A job with so many needed files, and one of garbage. */
function needing(count: number) {
  const files = Array.from({ length: count }, (_, number) => `${DIRECTORY}/shared/${uuid(number + 1)}`);
  const garbage = `${DIRECTORY}/shared/${uuid(0)}`;
  const area = world({
    objects: Object.fromEntries([...files, garbage].map((key) => [key, 5 * DAY])),
    roots: { [`${DIRECTORY}/chk-7`]: { age: DAY, names: [...files, `${DIRECTORY}/shared/missing`] } },
  });
  const planned = new BitColumn();
  planned.add(area.object(garbage));
  return { area, planned, names: [...files.map((key) => key.slice(key.lastIndexOf('/') + 1)), 'missing'] };
}

describe('The needed names of a certificate', () => {
  it('are all of them, ascending, the missing ones too', async () => {
    const { area, planned, names } = needing(2_000);

    const needed = await NeededNames.of(area, planned);

    expect(needed).toMatchObject({ count: 2_001, groupBits: 0 });
    expect([...needed.hashes]).toEqual(names.map(nameHash).sort((a, b) => (a < b ? -1 : 1)));
  });

  it('are those near a deleted one where there are very many', async () => {
    const { area, planned, names } = needing(2_000);

    const needed = await NeededNames.of(area, planned, { mostWhole: 1_000 });

    const group = (hash: bigint): bigint => hash >> BigInt(64 - 11);
    const own = group(nameHash(uuid(0)));
    expect(needed).toMatchObject({ count: 2_001, groupBits: 11 });
    expect([...needed.hashes]).toEqual(
      names
        .map(nameHash)
        .filter((hash) => group(hash) === own)
        .sort((a, b) => (a < b ? -1 : 1)),
    );
  });

  it('give others their turn, since a lease has to be renewed meanwhile', async () => {
    const { area, planned } = needing(2_000);
    let turns = 0;
    const timer = setImmediate(() => turns++);

    await NeededNames.of(area, planned, { turnEvery: 1_000 });

    clearImmediate(timer);
    expect(turns).toBe(1);
  });
});
