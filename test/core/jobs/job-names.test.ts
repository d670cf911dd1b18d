import { describe, expect, it } from 'vitest';
import { type KnownNames, NO_NAMES, namesOf, withName } from '#core/jobs/job-names.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(32)) as [string, string, string];

function labels(names: KnownNames): Record<string, string> {
  return Object.fromEntries([...names].map(([id, { label }]) => [id, label]));
}

function reported(...jobs: readonly (readonly [id: string, name: string])[]) {
  return jobs.map(([jobId, name]) => ({ jobId, name }));
}

describe('Names of jobs', () => {
  it('are what clusters report, on one line', () => {
    expect(labels(namesOf(reported([A, ' orders\n cdc '], [B, 'x'.repeat(300)]), NO_NAMES))).toEqual({
      [A]: 'orders cdc',
      [B]: 'x'.repeat(200),
    });
  });

  it('have the first digits of the id where several jobs of one name run', () => {
    expect(labels(namesOf(reported([A, 'insert'], [B, 'insert'], [C, 'orders']), NO_NAMES))).toEqual({
      [A]: 'insert (aaaaaa)',
      [B]: 'insert (bbbbbb)',
      [C]: 'orders',
    });
  });

  it('stay when the cluster forgets the job, and go on with its next submission', () => {
    const first = namesOf(reported([A, 'orders']), NO_NAMES);

    expect(namesOf([], first)).toEqual(first);
    expect(labels(namesOf(reported([B, 'orders']), first))).toEqual({ [A]: 'orders', [B]: 'orders' });
  });

  it('do not change while the job runs, whatever else is started', () => {
    const first = namesOf(reported([A, 'orders']), NO_NAMES);
    const second = namesOf(reported([A, 'orders'], [B, 'orders']), first);

    expect(labels(second)).toEqual({ [A]: 'orders', [B]: 'orders (bbbbbb)' });
    expect(labels(namesOf(reported([B, 'orders']), second))).toEqual(labels(second));
  });

  it('change where the job is called something else from now on', () => {
    const first = namesOf(reported([A, 'orders']), NO_NAMES);

    expect(labels(namesOf(reported([A, 'orders-v2']), first))).toEqual({ [A]: 'orders-v2' });
  });

  it('are none where clusters disagree, or know no name yet', () => {
    expect(namesOf(reported([A, 'one'], [A, 'two'], [B, B], [C, ' ']), NO_NAMES)).toEqual(NO_NAMES);
    expect(labels(namesOf(reported([A, 'one'], [A, 'one']), NO_NAMES))).toEqual({ [A]: 'one' });
  });
});

describe('A label with a name', () => {
  const names = namesOf(reported([A, 'pay$&ments']), NO_NAMES);

  it.each([
    [A, A, 'pay$&ments'],
    [`eu/${A}`, A, 'eu/pay$&ments'],
    ['orders-cdc', A, 'orders-cdc'],
    [B, B, B],
    ['flink/shared', null, 'flink/shared'],
  ])('of %s is %s', (label, job, expected) => {
    expect(withName(label, job, names)).toBe(expected);
  });
});
