import type { JudgementRule } from './verdicts.ts';

/** Whether a rule calls an object garbage, be its quarantine served or not. */
export function isGarbage(rule: JudgementRule): boolean {
  return rule === 'quarantine' || rule === 'garbage';
}
