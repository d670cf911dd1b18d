import { describe, expect, it } from 'vitest';
import { JUDGEMENTS } from '#core/collect/judge.ts';
import { RETENTION_RULES } from '#core/retention/decide.ts';
import { STEPS, type Switch } from '#test/model/mutations.ts';
import { WORLDS } from './worlds/all.ts';

/** Rules without which nothing is lost in any small world, each with the reason. */
const IN_NO_WORLD: ReadonlyMap<Switch, string> = new Map([
  ['special-entry', 'a bucket has none: test/adapters/local, test/core/collect/judge.test.ts'],
  ['undecidable-area', 'the world says "undecidable": then nothing else of a run heeds it either'],
  ['steward-marker', 'most other rules keep a marker as well, by its name, its place or its age'],
  ['breakers', 'they stop runs, and no rule rests on them'],
  ['retain: undecidable-area', 'a run over an undecidable area retires nothing at all'],
  ['retain: unreadable-root', 'a root that was not read makes the area undecidable'],
  ['retain: late', 'what was changed meanwhile has another ETag, and what is completed then is young'],
  ['retain: ambiguous-savepoint', 'such savepoints are in groups of their own; test/core/retention/groups.test.ts'],
  ['retain: stray', 'such roots are in groups of their own'],
  ['retain: needed-by-name', 'damage by Flink is in no small world: test/core/retention/keep-reasons.test.ts'],
  ['retain: repairable', 'damage by Flink is in no small world: test/core/retention/keep-reasons.test.ts'],
  ['retain: min-age', 'of roots so young the job has not ended'],
  ['retain: restore-points', 'the policy of the worlds keeps the last one anyway'],
  ['retain: no-policy', 'a wish of people'],
  ['retain: keep-all', 'a wish of people'],
  ['retain: keep-last', 'a wish of people'],
  ['retain: keep-within', 'a wish of people'],
]);

describe('The small worlds', () => {
  it('lose something without each rule, but for those of which it is said why not', () => {
    const all: readonly Switch[] = [
      ...JUDGEMENTS.map(({ rule }) => rule).filter((rule) => rule !== 'garbage'),
      ...RETENTION_RULES.map(({ rule }): Switch => `retain: ${rule}`),
      ...STEPS,
    ];
    const shown = new Set(WORLDS.flatMap(({ without = [] }) => without.map(({ rule }) => rule)));

    const others = all.filter((rule) => !shown.has(rule));

    expect(others.toSorted()).toEqual([...IN_NO_WORLD.keys()].toSorted());
  });

  it('have names that tell them apart', () => {
    const names = WORLDS.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});
