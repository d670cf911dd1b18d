import { describe, expect, it } from 'vitest';
import { type Findings, findInSeries } from '#test/support/growth-findings.ts';
import {
  BEGINNING,
  DAY,
  growthSeries,
  HOUR,
  isLeak,
  LENGTH,
  ONSET,
  SHAPES,
  type Shape,
} from '#test/support/growth-series.ts';
import { publishSeries } from '#test/support/sparing-publication.ts';

/** A small part of what `npm run bench:growth` plays; its seed is the first of those. */
const SEEDS = [1];

const played = new Map<Shape, readonly Findings[]>();

function found(shape: Shape): readonly Findings[] {
  const findings = played.get(shape) ?? SEEDS.map((seed) => findInSeries(growthSeries(shape, seed), shape));
  played.set(shape, findings);
  return findings;
}

describe('Histories as buckets show them', () => {
  it.each(SHAPES.filter((shape) => /normal|weekly|redeploy/.test(shape)))('raise no alarm: %s', (shape) => {
    expect(found(shape).map(({ episodes }) => episodes)).toEqual(SEEDS.map(() => []));
  });

  it('raise one alarm of a few hours where the same submission goes from one hour to six', () => {
    for (const { episodes } of found('cadence change')) {
      expect(episodes.map(({ alarm }) => alarm)).toEqual(['late-checkpoint']);
      const [{ fired, recovered } = { fired: 0, recovered: null }] = episodes;
      expect((fired - BEGINNING) / DAY).toBeCloseTo(ONSET + 3 / 24, 1);
      expect(((recovered ?? Infinity) - fired) / HOUR).toBeLessThan(3.1);
    }
  });

  it('raise one alarm where checkpoints end without a word, until the job counts as dead', () => {
    for (const { episodes } of found('job ended')) {
      expect(episodes.map(({ alarm }) => alarm)).toEqual(['late-checkpoint']);
      const [{ recovered } = { recovered: null }] = episodes;
      expect(((recovered ?? Infinity) - BEGINNING) / DAY).toBeLessThan(ONSET + 14 + 0.1);
    }
  });

  it.each([
    ['leak of state, 100 % a day', 2.5],
    ['leak of state, 20 % a day', 11],
    ['leak of garbage, 100 % a day', 2.5],
    ['leak of garbage, 20 % a day', 11],
  ] as const)('are found by their budget: %s within %d days', (shape, most) => {
    for (const { budget } of found(shape)) {
      expect(budget.isFalse).toBe(false);
      expect(budget.delay).toBeGreaterThan(0);
      expect(budget.delay).toBeLessThan(most);
    }
  });

  it('are found by a jump where the state doubles each day', () => {
    for (const { jump } of found('leak of state, 100 % a day')) {
      expect(jump.isFalse).toBe(false);
      expect(jump.delay).toBeLessThan(2.2);
    }
  });

  it.each([
    ['leak of state, 100 % a day', 'state'],
    ['leak of garbage, 100 % a day', 'garbage'],
  ] as const)('have their cause told: %s', (shape, cause) => {
    for (const { episodes } of found(shape)) {
      expect(episodes.find(({ alarm }) => alarm === 'budget')?.cause).toContain(cause);
    }
  });

  it.each(SHAPES)('raise the same alarms of CloudWatch where only what matters is published: %s', (shape) => {
    for (const seed of SEEDS) {
      const { all, sparing } = publishSeries(growthSeries(shape, seed));
      expect(sparing.inAlarm).toEqual(all.inAlarm);
      expect(sparing.inAlarm.budget?.length === 0).toBe(!isLeak(shape));
      expect(sparing.billedHours).toBeLessThan(all.billedHours / 2);
    }
  });

  it.each(SHAPES.filter((shape) => /normal|weekly/.test(shape)))(
    'cost nothing but the two metrics of each job where nothing is wrong: %s',
    (shape) => {
      for (const seed of SEEDS) {
        const { sparing } = publishSeries(growthSeries(shape, seed));
        expect(Object.values(sparing.inAlarm).flat()).toEqual([]);
        expect(sparing.billedHours).toBe(0);
      }
    },
  );

  it('last for five weeks', () => {
    const { completions, measures } = growthSeries('normal', 1);
    expect([completions.length, measures.length]).toEqual([LENGTH * 24, LENGTH * 24]);
  });
});
