import { describe, expect, it } from 'vitest';
import { knownOfDeadJob } from '#core/signals/declared-dead.ts';
import type { JobHistory, Measure } from '#core/signals/job-history.ts';

const JOB = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);

const completion = (jobId: string, completed: number) => ({
  completed,
  jobId,
  checkpointId: '1',
  savepoint: false,
  bytes: 1,
  incrementBytes: null,
});

function history(completions: JobHistory['completions'], surveyed: number | null, ended: boolean): JobHistory {
  return { label: 'orders', completions, measures: surveyed === null ? [] : [{ at: surveyed } as Measure], ended };
}

describe('A job that was declared dead at 10', () => {
  it.each([
    ['has written since, where it completed a checkpoint at 11', history([completion(JOB, 11)], null, false), true],
    ['has not, where a survey at 12 found it ended', history([completion(JOB, 9)], 12, true), false],
    ['may have, where no survey has looked since', history([completion(JOB, 9)], 10, true), null],
    ['may have, where no survey has looked at all', history([completion(JOB, 9)], null, true), null],
    [
      'may have, where a later submission goes on',
      history([completion(JOB, 9), completion(OTHER, 11)], 12, false),
      null,
    ],
  ])('%s', (_, known, lapsed) => {
    expect(knownOfDeadJob({ job: JOB, at: 10 }, [history([completion(OTHER, 11)], 12, false), known])).toEqual({
      label: 'orders',
      lapsed,
    });
  });

  it('is not known where no history names it', () => {
    expect(knownOfDeadJob({ job: JOB, at: 10 }, [history([completion(OTHER, 11)], 12, true)])).toEqual({
      label: null,
      lapsed: null,
    });
  });
});
