import { expect, it } from 'vitest';
import { useVirtualTime } from '#test/model/virtual-time.ts';
import type { Witnessed } from './script.ts';
import { witnessOf } from './witness.ts';
import { WORLDS } from './worlds/all.ts';

/** One test for each rule of each world: without the rule something goes wrong by some schedule, and with it nothing. */
export function witnessWorlds(isMeant: (witnessed: Witnessed) => boolean): void {
  useVirtualTime();
  const all = WORLDS.flatMap((world) =>
    (world.without ?? [])
      .filter(isMeant)
      .map((witnessed) => ({ world, witnessed, name: world.name, rule: witnessed.rule })),
  );
  it.each(all)('$name: something goes wrong without $rule', async ({ world, witnessed }) => {
    const witness = await witnessOf(world, witnessed);

    expect(witness?.wrong).toEqual(expect.any(String));
  });
}
