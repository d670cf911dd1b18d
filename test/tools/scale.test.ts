import { describe, expect, it } from 'vitest';
import { partsOfNames } from '#core/shards/named-rows.ts';
import { objectsOfShard } from '#functions/shared/shard-size.ts';
import { ASSUMED_SCALE, reckon, reckonCertificate } from '#tools/scale/reckoning.ts';
import { scaleTable } from '#tools/scale/table.ts';
import { readText } from '../infra/read-text.ts';

describe('What a collection in shards takes', () => {
  it('is in docs/scale.md as it is reckoned; npx tsx tools/scale/print.ts prints it', () => {
    expect(readText('docs/scale.md')).toContain(scaleTable());
  });

  it('is reckoned with the shards that the functions lay', () => {
    expect(objectsOfShard({})).toBe(ASSUMED_SCALE.objectsOfShard);
    expect(partsOfNames(1_000)).toBe(1_000 / ASSUMED_SCALE.shardsOfPart);
  });

  it('is less than a quarter of an hour and fits into a function, for a thousand million objects', () => {
    const { minutes, memory } = reckon(1e9);

    expect(minutes).toBeLessThan(15);
    expect(memory).toBeLessThan(1_024 * ASSUMED_SCALE.memoryGiB);
  });

  it('is less than $15 for a thousand million objects, its certificate included', () => {
    const dollars = [reckon(1e9), reckonCertificate(1e9)].flatMap((of) => Object.values(of.dollars));

    expect(dollars.reduce((sum, part) => sum + part, 0)).toBeLessThan(15);
  });
});
