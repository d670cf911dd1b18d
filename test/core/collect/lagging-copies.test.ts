import { describe, expect, it } from 'vitest';
import { laggingCopies } from '#core/collect/lagging-copies.ts';
import { DAY, DIRECTORY, HOUR, JOB, OTHER_DIRECTORY, uuid, type WorldSpec, world } from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const BACKUP = `backup/${JOB}`;

/** The directories that look like copies, with the originals. */
function found(spec: WorldSpec): readonly (readonly string[])[] {
  const { owners, objects } = world(spec);
  return laggingCopies(owners.all, objects, DAY).map(({ copy, original }) => [copy.class.base, original.class.base]);
}

describe('A job directory that was copied within the area', () => {
  const running = { age: HOUR, names: [FILE] };
  const copied = { age: 9 * DAY, names: [FILE] };
  const objects = { [FILE]: 10 * DAY };

  it('is found where all its checkpoints reference files of the other one, and lag behind it', () => {
    const roots = { [`${DIRECTORY}/chk-9`]: running, [`${BACKUP}/chk-1`]: copied };

    expect(found({ objects, roots })).toEqual([[`${BACKUP}/`, `${DIRECTORY}/`]]);
    expect(found({ objects, roots: { ...roots, [`${BACKUP}/chk-1`]: { ...copied, age: 2 * HOUR } } })).toEqual([]);
  });

  it('lags by more than it may, between the newest checkpoints of both', () => {
    const lagging = (age: number) =>
      world({
        objects,
        roots: {
          [`${DIRECTORY}/chk-8`]: { ...running, age: 5 * DAY },
          [`${DIRECTORY}/chk-9`]: running,
          [`${DIRECTORY}/chk-7`]: { ...running, age: 6 * DAY },
          [`${BACKUP}/chk-2`]: { ...copied, age: 20 * DAY },
          [`${BACKUP}/chk-3`]: { ...copied, age },
          [`${BACKUP}/chk-1`]: { ...copied, age: 21 * DAY },
        },
      });
    const [just, more] = [lagging(HOUR + DAY), lagging(HOUR + DAY + 1)];

    expect(laggingCopies(just.owners.all, just.objects, DAY)).toEqual([]);
    expect(laggingCopies(more.owners.all, more.objects, DAY)).toEqual([
      { job: JOB, copy: more.root(`${BACKUP}/chk-3`), original: more.root(`${DIRECTORY}/chk-9`) },
    ]);
  });

  it('is found whatever savepoint lies in it', () => {
    const own = `${BACKUP}/shared/${uuid(2)}`;
    const savepoint = { age: 8 * DAY, names: [own], kind: 'savepoint-native' as const };
    const roots = { [`${DIRECTORY}/chk-9`]: running, [`${BACKUP}/chk-1`]: copied, [BACKUP]: savepoint };

    expect(found({ objects: { ...objects, [own]: 10 * DAY }, roots })).toEqual([[`${BACKUP}/`, `${DIRECTORY}/`]]);
  });

  it('is none where one of its checkpoints references a file of its own, or none of the other', () => {
    const own = `${BACKUP}/shared/${uuid(2)}`;
    const all = { ...objects, [own]: 10 * DAY };
    const roots = { [`${DIRECTORY}/chk-9`]: running, [`${BACKUP}/chk-1`]: copied };

    expect(
      found({ objects: all, roots: { ...roots, [`${BACKUP}/chk-2`]: { age: 8 * DAY, names: [FILE, own] } } }),
    ).toEqual([]);
    expect(found({ objects: all, roots: { ...roots, [`${BACKUP}/chk-2`]: { age: 8 * DAY } } })).toEqual([]);
  });

  it('is none under another id, and none of a job that is declared dead', () => {
    expect(
      found({ objects, roots: { [`${DIRECTORY}/chk-9`]: running, [`${OTHER_DIRECTORY}/chk-1`]: copied } }),
    ).toEqual([]);
    expect(
      found({
        objects,
        roots: { [`${DIRECTORY}/chk-9`]: running, [`${BACKUP}/chk-1`]: copied },
        deadJobs: { [JOB]: 0 },
      }),
    ).toEqual([]);
  });
});
