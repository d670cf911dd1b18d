import { describe, expect, it } from 'vitest';
import { assumeQuarantined } from '#core/collect/assume-quarantined.ts';
import { NO_MEMORY } from '#core/collect/memory.ts';
import { DAY, DIRECTORY, fate, HOUR, NOW, uuid, world } from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const EXCLUSIVE = `${DIRECTORY}/chk-9/${uuid(2)}`;
const evidence = world({
  objects: { [FILE]: { age: 10 * DAY, etag: 'e7' }, [`${DIRECTORY}/taskowned/${uuid(1)}`]: 10 * DAY },
  roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR } },
});

describe('without a ledger', () => {
  const forgetful = { ...evidence, memory: NO_MEMORY };

  it('nothing has served its quarantine, nothing is pinned and nothing was named before', () => {
    expect(NO_MEMORY.directoriesOfJobs('aaaaaa')).toEqual([]);
    expect(fate(forgetful, FILE)).toBe('quarantined (quarantine)');
    expect(fate(forgetful, `${DIRECTORY}/taskowned/${uuid(1)}`)).toBe('keep-protected (taskowned)');
    expect(fate(forgetful, `${DIRECTORY}/chk-9/_metadata`)).toBe('keep-live (root)');
  });

  it('a look ahead takes the quarantine for served, and nothing else', () => {
    const ahead = { ...forgetful, memory: assumeQuarantined(NO_MEMORY, forgetful) };

    expect(fate(ahead, FILE)).toBe('delete (garbage)');
    expect(fate(ahead, `${DIRECTORY}/taskowned/${uuid(1)}`)).toBe('keep-protected (taskowned)');
    expect(ahead.memory.candidacy(evidence.object(FILE))).toEqual({ since: NOW - 20 * HOUR, runs: 1, etag: null });
  });

  it('a look ahead takes a longer quarantine for served too', () => {
    const slow = world({
      objects: { [FILE]: 10 * DAY, [EXCLUSIVE]: 3 * DAY },
      roots: { [`${DIRECTORY}/chk-9`]: { age: DAY, names: [EXCLUSIVE] } },
    });
    const ahead = { ...slow, memory: assumeQuarantined(NO_MEMORY, slow) };

    expect(ahead.memory.candidacy(slow.object(FILE))?.since).toBe(NOW - 4 * DAY);
    expect(fate(ahead, FILE)).toBe('delete (garbage)');
  });
});
