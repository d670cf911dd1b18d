import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { type StayingKind, stayingOf } from '#core/collect/staying.ts';
import {
  DAY,
  DIRECTORY,
  HOUR,
  JOB,
  NOW,
  OTHER_DIRECTORY,
  OTHER_JOB,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

function staying(spec: WorldSpec, kind: StayingKind) {
  const evidence = world(spec);
  return stayingOf(evidence, judgeAll(evidence), null).find((one) => one.kind === kind);
}

describe('What waits or stays', () => {
  it('is no file beside the root of a savepoint: nobody can free it but who removes the savepoint', () => {
    const savepoint = 'sp/savepoint-aaaaaa-000000000001';
    const spec: WorldSpec = {
      objects: { [`${savepoint}/${uuid(9)}`]: 50 * DAY },
      roots: { [savepoint]: { age: 50 * DAY, kind: 'savepoint-native' } },
    };

    expect(staying(spec, 'unfinished-savepoints')).toBe(undefined);
  });

  describe('for a later checkpoint', () => {
    const files = [`${DIRECTORY}/shared/${uuid(1)}`, `${OTHER_DIRECTORY}/shared/${uuid(2)}`] as const;
    const spec: WorldSpec = {
      objects: { [files[0]]: 3 * DAY, [files[1]]: 4 * DAY },
      roots: { [`${DIRECTORY}/chk-9`]: { age: 5 * DAY }, [`${OTHER_DIRECTORY}/chk-9`]: { age: 5 * DAY } },
    };
    const waits = (running: WorldSpec['running'] = []) => {
      const found = staying({ ...spec, running }, 'later-checkpoint');
      return typeof found?.from === 'number' ? found.from - NOW : found?.from;
    };

    it('waits until the first of its jobs has written nothing for deadAfter', () => {
      expect(waits()).toBe(10 * DAY);
      expect(staying(spec, 'later-checkpoint')).toMatchObject({
        objects: 2,
        oldest: NOW - 4 * DAY,
        newest: NOW - 3 * DAY,
      });
    });

    it('waits for no time where its job runs', () => {
      expect(waits([{ jobId: JOB }])).toBe(10 * DAY);
      expect(waits([{ jobId: OTHER_JOB }])).toBe(11 * DAY);
      expect(waits([{ jobId: JOB }, { jobId: OTHER_JOB }])).toBe(null);
    });
  });

  it('waits for no time for the first checkpoint of a directory that several jobs may share', () => {
    const of = (key: string) => staying({ objects: { [key]: 2 * DAY } }, 'first-checkpoint')?.from;

    expect(of(`flat/shared/${uuid(1)}`)).toBe(null);
    expect(of(`${DIRECTORY}/shared/${uuid(1)}`)).toBe(NOW + 28 * DAY);
  });

  it('is what the checkpoints of an ended job alone reference, pinned or not, however many they are', () => {
    const file = `${DIRECTORY}/shared/${uuid(1)}`;
    const roots = Object.fromEntries(
      [1, 2, 3, 4, 5, 6].map((at) => [`${DIRECTORY}/chk-${at}`, { age: (70 - at) * DAY, names: [file] }]),
    );
    const spec: WorldSpec = { objects: { [file]: 80 * DAY }, roots };
    const shared = { ...roots, [`${OTHER_DIRECTORY}/chk-1`]: { age: HOUR, names: [file] } };

    expect(staying(spec, 'ended-jobs')?.objects).toBe(7);
    expect(staying({ ...spec, pinned: [`${DIRECTORY}/chk-1`] }, 'ended-jobs')?.objects).toBe(7);
    expect(staying({ ...spec, roots: shared }, 'ended-jobs')?.objects).toBe(6);
  });

  it('is a job directory that holds nothing but marks of folders, and no other folder', () => {
    const objects = {
      'flat/shared/': 60 * DAY,
      [`${OTHER_DIRECTORY}/shared/`]: 60 * DAY,
      [`${DIRECTORY}/shared/`]: 60 * DAY,
      [`${DIRECTORY}/shared/${uuid(1)}`]: 60 * DAY,
    };

    expect(staying({ objects }, 'empty-job-directories')?.objects).toBe(1);
  });
});
