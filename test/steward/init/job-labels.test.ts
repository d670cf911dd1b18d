import { describe, expect, it } from 'vitest';
import { draftOf } from '#core/discovery/draft.ts';
import { jobLabels } from '#steward/init/job-labels.ts';
import { J1, J2, jobIn, placeOf } from '#test/core/discovery/looks.ts';

function labels(keys: readonly string[], ...reported: readonly (readonly [jobId: string, name: string])[]): unknown {
  const { places } = draftOf([placeOf(keys)]);
  return jobLabels(
    places,
    reported.map(([jobId, name]) => ({ jobId, name })),
  ).map(({ id, name }) => [id, name]);
}

describe('Labels by job id', () => {
  it('are of the jobs whose checkpoints are here', () => {
    expect(labels(jobIn('c/', J1), [J1, 'orders'], [J2, 'clicks'])).toEqual([[J1, 'orders']]);
  });

  it('are not given to an id that several folders have: these are different jobs', () => {
    const keys = [...jobIn('eu/', J1), ...jobIn('us/', J1), ...jobIn('us/', J2)];

    expect(labels(keys, [J1, 'orders'], [J2, 'clicks'])).toEqual([[J2, 'clicks']]);
  });

  it('are not given to an id that two clusters call by different names', () => {
    expect(labels(jobIn('c/', J1), [J1, 'orders'], [J1, 'clicks'])).toEqual([]);
  });

  it('tell jobs of one name apart', () => {
    expect(labels([...jobIn('c/', J1), ...jobIn('c/', J2)], [J1, 'orders'], [J2, 'orders'])).toEqual([
      [J1, 'orders (aaaaaa)'],
      [J2, 'orders (bbbbbb)'],
    ]);
  });

  it('are given to a job whose files are in folders of random names', () => {
    const files = ['17Sr', '1Osp', '2Cnq'].map((random) => `x/${random}/c/${J1}/shared/0`);

    expect(labels([...files, ...jobIn('x/c/', J1)], [J1, 'orders'])).toEqual([[J1, 'orders']]);
  });
});
