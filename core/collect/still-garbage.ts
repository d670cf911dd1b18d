import type { Evidence } from './evidence.ts';
import { JUDGEMENTS, type Judgement, subjectOf } from './judge.ts';
import type { Root } from './roots.ts';

/**
 * Whether an object is garbage whose quarantine is served, asked of the evidence as it is now: between judgement and
 * deletion the roots are read again, and what a new one names is alive.
 *
 * @param judgements all of them, but for tests that show what a rule is good for.
 */
export function isStillGarbage(
  object: number,
  evidence: Evidence,
  roots: ReadonlyMap<number, Root>,
  judgements: readonly Judgement[] = JUDGEMENTS,
): boolean {
  const subject = subjectOf(object, evidence, roots);
  return !judgements.some(({ applies }) => applies(subject, evidence));
}
