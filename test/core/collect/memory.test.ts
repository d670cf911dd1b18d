import { describe, expect, it } from 'vitest';
import { candidacyOf, NO_MEMORY } from '#core/collect/memory.ts';
import { DIRECTORY, HOUR, uuid, world } from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;

describe('A run without a ledger', () => {
  it('remembers nothing: all garbage is in quarantine, no job has shown itself, and no root is written off', () => {
    const evidence = world({ objects: { [FILE]: HOUR }, roots: { [`${DIRECTORY}/chk-1`]: { age: HOUR } } });
    const [object, root] = [evidence.object(FILE), evidence.root(`${DIRECTORY}/chk-1`)];

    expect(candidacyOf(object, { memory: NO_MEMORY, objects: evidence.objects })).toBeNull();
    expect(NO_MEMORY.isPinned(root)).toBe(false);
    expect(NO_MEMORY.wasNamed(object)).toBe(false);
    expect(NO_MEMORY.retiredSavepointOf(object)).toBeNull();
    expect(NO_MEMORY.remembered(0, `${DIRECTORY}/`)).toBeNull();
    expect(NO_MEMORY.showedFlink('a'.repeat(32))).toBe(false);
    expect(NO_MEMORY.heldRootsIn(0, 'cp/')).toBe(false);
    expect(NO_MEMORY.directoriesOfJobs('aaaaaa')).toEqual([]);
    expect(NO_MEMORY.isWrittenOff(root.key, root.etag)).toBe(false);
  });
});
