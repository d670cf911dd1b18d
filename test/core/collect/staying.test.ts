import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { stayingOf } from '#core/collect/staying.ts';
import { DAY, uuid, world } from '#test/support/world.ts';

describe('What waits or stays', () => {
  it('is no file beside the root of a savepoint: nobody can free it but who removes the savepoint', () => {
    const savepoint = 'sp/savepoint-aaaaaa-000000000001';
    const evidence = world({
      objects: { [`${savepoint}/${uuid(9)}`]: 50 * DAY },
      roots: { [savepoint]: { age: 50 * DAY, kind: 'savepoint-native' } },
    });

    const kinds = stayingOf(evidence, judgeAll(evidence), null).map(({ kind }) => kind);

    expect(kinds).not.toContain('unfinished-savepoints');
  });
});
