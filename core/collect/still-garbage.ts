import type { Grounds } from './evidence.ts';
import { GARBAGE, JUDGEMENTS, type Judgement, judgeObject } from './judge.ts';
import type { RootMarks } from './root-marks.ts';

/**
 * Whether an object is garbage whose quarantine is over, by the present evidence: between judgement and deletion the
 * roots are read again, and what a new root references is live.
 *
 * @param judgements all of them, except in tests of a single rule.
 */
export function isStillGarbage(
  object: number,
  evidence: Grounds,
  roots: RootMarks,
  judgements: readonly Judgement[] = JUDGEMENTS,
): boolean {
  return judgeObject(object, evidence, roots, judgements) === GARBAGE;
}
