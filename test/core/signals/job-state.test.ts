import { describe, expect, it } from 'vitest';
import { standingOf } from '#core/signals/job-state.ts';
import {
  DAY,
  DIRECTORY,
  HOUR,
  JOB,
  MINUTE,
  OTHER_DIRECTORY,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;

function standing(age: number, cadence: number | null, spec: WorldSpec = {}) {
  const evidence = world({
    ...spec,
    objects: { [FILE]: age },
    roots: { [`${DIRECTORY}/chk-9`]: { age, names: [FILE] } },
  });
  return standingOf(evidence.owner(FILE), cadence, evidence);
}

describe('The state of a job', () => {
  it.each([
    [30 * MINUTE, 10 * MINUTE, 'running', 'last write 30 min ago, usually every 10 min'],
    [30 * MINUTE + 1, 10 * MINUTE, 'silent', 'last write 30 min ago, usually every 10 min'],
    [15 * MINUTE, 10_000, 'running', 'last write 15 min ago, usually every 10 s'],
    [15 * MINUTE + 1, 10_000, 'silent', 'last write 15 min ago, usually every 10 s'],
    [HOUR, null, 'running', 'last write 1 h ago'],
    [HOUR + 1, null, 'silent', 'last write 1 h ago'],
    [14 * DAY - 1, HOUR, 'silent', 'last write 14 d ago, usually every 1 h'],
    [14 * DAY, HOUR, 'ended', 'last write 14 d ago, longer than deadAfter (14 d)'],
  ])('that wrote %d ms ago, with a cadence of %s, is %s', (age, cadence, state, why) => {
    expect(standing(age, cadence)).toEqual({ state, why });
  });

  it('is not running because a checkpoint was put back', () => {
    const evidence = world({
      objects: { [FILE]: 10 * DAY },
      roots: { [`${DIRECTORY}/chk-9`]: { age: 9 * DAY, names: [FILE] } },
    });
    const owner = { ...evidence.owner(FILE), lastWrite: evidence.start };

    expect(standingOf(owner, HOUR, evidence)).toEqual({
      state: 'silent',
      why: 'last write 9 d ago, usually every 1 h',
    });
  });

  it('is running by an upload, long before the next checkpoint completes', () => {
    const upload = `${DIRECTORY}/shared/${uuid(2)}`;
    const evidence = world({
      objects: { [FILE]: 10 * DAY, [upload]: MINUTE },
      roots: { [`${DIRECTORY}/chk-9`]: { age: 9 * DAY, names: [FILE] } },
    });

    expect(standingOf(evidence.owner(FILE), HOUR, evidence).state).toBe('running');
  });

  it('is running where Flink says so, however long it has written nothing', () => {
    expect(standing(90 * DAY, HOUR, { running: [{ jobId: JOB }] })).toEqual({
      state: 'running',
      why: 'Flink says that it runs',
    });
  });

  it('without a cadence is waited for as long as two of its checkpoints may take', () => {
    const slow = { settings: { checkpointTimeout: 2 * HOUR } };

    expect([standing(4 * HOUR, null, slow).state, standing(4 * HOUR + 1, null, slow).state]).toEqual([
      'running',
      'silent',
    ]);
  });

  it('is ended where its operator says so', () => {
    expect(standing(DAY, HOUR, { deadJobs: { [JOB]: HOUR } })).toEqual({ state: 'ended', why: 'declared dead' });
  });

  it('is ended where nothing is known to have been written', () => {
    const marker = `${OTHER_DIRECTORY}/`;
    const evidence = world({ objects: { [marker]: DAY } });
    const owner = { ...evidence.owner(marker), lastWrite: Number.NEGATIVE_INFINITY };

    expect(standingOf(owner, null, evidence)).toEqual({
      state: 'ended',
      why: 'no write is known, longer than deadAfter (14 d)',
    });
  });
});
