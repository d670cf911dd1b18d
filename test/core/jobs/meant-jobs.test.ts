import { describe, expect, it } from 'vitest';
import { meantJobs } from '#core/jobs/meant-jobs.ts';

const A = `abcd1${'0'.repeat(27)}`;
const B = `abcd2${'0'.repeat(27)}`;
const job = (id: string | null, label: string, at = '') => ({ job: id, label, at });
const ALL = [job(A, 'orders', 'eu'), job(A, 'orders', 'us'), job(B, 'orders'), job(null, 'savepoints'), job(null, A)];

describe('Jobs that a person means', () => {
  it.each([
    ['by an id, in all its directories', A, ALL.slice(0, 2)],
    ['by an id in upper case', A.toUpperCase(), ALL.slice(0, 2)],
    ['by the first digits of one id', 'abcd1', ALL.slice(0, 2)],
    ['by a label, whatever ids have it', 'orders', ALL.slice(0, 3)],
    ['by the label of a job without an id', 'savepoints', [ALL[3]]],
    ['by no digits fewer than four', 'abc', []],
    ['by no part of a label', 'order', []],
  ])('are found %s', (_, text, jobs) => {
    expect(meantJobs(ALL, text)).toEqual({ jobs });
  });

  it('are in doubt where several ids begin alike, and each is told once', () => {
    expect(meantJobs(ALL, 'ABCD')).toEqual({ several: [ALL[1], ALL[2]] });
  });

  it('are those of a label, rather than those whose ids begin like it', () => {
    const labelled = job(B, 'abcd');

    expect(meantJobs([...ALL, labelled], 'abcd')).toEqual({ jobs: [labelled] });
  });
});
