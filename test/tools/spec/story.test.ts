import { describe, expect, it } from 'vitest';
import { sentencesOf, storyOf } from '#tools/spec/story.ts';
import { type Step, stepsOf } from '#tools/spec/trace.ts';
import { witnessesIn } from '#tools/spec/witnesses.ts';

function step(who: string, says: string, quiet = false, at = 0): Step {
  return { at, who, quiet, says };
}

describe('A trace', () => {
  it('is read with its times and its sentences, which come in pieces', () => {
    const told = { who: 'Flink', quiet: false, says: ['The job in ', 'a', ' ends. '] };
    const state = { '#meta': { index: 0 }, told, world: { now: { '#bigint': '3' }, bucket: { '#map': [] } } };

    const steps = stepsOf(JSON.stringify({ vars: ['world', 'told'], states: [state] }));

    expect(steps).toEqual([{ at: 3, who: 'Flink', quiet: false, says: 'The job in a ends.' }]);
  });

  it('is told with its times, from capital letters that no path gets', () => {
    const steps = [
      step('steward 1', 'steward 1 begins a run.', false, 2),
      step('end', ''),
      step('end', 'a/b is gone.'),
    ];

    expect(sentencesOf(steps)).toEqual(['At 2: Steward 1 begins a run.', 'At 0: a/b is gone.']);
  });

  it('tells how a run reads only where something else happens in the run', () => {
    const begins = step('steward 1', 'steward 1 begins a run.');
    const lists = step('steward 1', 'steward 1 lists.', true);
    const judges = step('steward 1', 'steward 1 judges.');
    const flink = step('Flink', 'A checkpoint completes.');

    expect(sentencesOf([begins, lists, judges, flink, begins, lists, flink, judges])).toEqual([
      'At 0: Steward 1 begins a run.',
      'At 0: Steward 1 judges.',
      'At 0: A checkpoint completes.',
      'At 0: Steward 1 begins a run.',
      'At 0: Steward 1 lists.',
      'At 0: A checkpoint completes.',
      'At 0: Steward 1 judges.',
    ]);
  });

  it('tells that a checkpoint begins only where somebody else does something next', () => {
    const begins = step('Flink', 'A checkpoint begins.', true);
    const completes = step('Flink', 'It completes.');
    const people = step('people', 'Somebody pins it.');

    expect(sentencesOf([begins, completes, begins, people])).toEqual([
      'At 0: It completes.',
      'At 0: A checkpoint begins.',
      'At 0: Somebody pins it.',
    ]);
  });
});

describe('A story', () => {
  const witness = { name: 'a', rule: 'a-rule', others: ['b', 'c'], about: 'Something happens.' };
  const same = step('Flink', 'One.');

  it('goes on in two ways from where the rule makes a difference', () => {
    const breaks = [same, step('Flink', 'Two.'), step('end', 'a/x is gone.')];
    const holds = [same, step('end', 'Nothing is lost.')];

    expect(storyOf(witness, { holds, breaks })).toBe(`### \`a-rule\`

Something happens. (Both times without \`b\` and \`c\`, which would keep it as well.)

1. At 0: One.

**Without \`a-rule\`:**

2. At 0: Two.
3. At 0: a/x is gone.

**With \`a-rule\`:**

2. At 0: Nothing is lost.`);
  });

  it('says nothing of other rules where this one is enough', () => {
    expect(storyOf({ ...witness, others: [] }, { holds: [same], breaks: [step('end', 'x')] })).toContain(
      '\n\nSomething happens.\n\n',
    );
  });
});

describe('A module of witnesses', () => {
  const text = (holds: string, breaks: string) => `
  /// It happens.
  run w(lacking) = begin(lacking)
  run w_holds = w(Set(${holds})).expect(safe)
  run w_breaks = w(Set(${breaks})).expect(not(safe))
`;

  it('has the rule of each that is taken out in one of its runs, and those that are in both', () => {
    expect(witnessesIn(text('"b"', '"b", "retain: a"'))).toEqual([
      { name: 'w', rule: 'retain: a', others: ['b'], about: 'It happens.' },
    ]);
  });

  it.each([
    ['of no rule', text('"a"', '"a"')],
    ['of two rules', text('', '"a", "b"')],
    ['without its other run', text('', '"a"').replace('w_holds', 'w_ends')],
    ['that plays another story', text('', '"a"').replace('w_holds = w(', 'w_holds = v(')],
    ['without a sentence', text('', '"a"').replace('///', '//')],
  ])('is refused with one %s', (_, refused) => {
    expect(() => witnessesIn(refused)).toThrow('The witness w does not show one rule');
  });
});
