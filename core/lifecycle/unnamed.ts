import type { LiveObject } from './judgement.ts';
import { dueAt, isFar, type Loss, lossesBy, takes } from './loss.ts';
import { type LifecycleRule, ruleName, type TransitionMinimum } from './rule.ts';
import { describeCondition } from './sentences.ts';

/** What a rule deletes or archives of the files that jobs need even if no root references them. */
export interface UnnamedLoss {
  /** Of the rule, from 1. */
  readonly position: number;
  readonly objects: number;
  readonly bytes: number;
  readonly firstKey: string;
  readonly sentence: string;
}

/**
 * Judges rules against high-availability storage, task-owned state and the working files of ForSt: no root names them,
 * or none that can be read, and a cluster can't start, or a sink not go on, without them. What goes only in more than
 * ten years is left out.
 *
 * @param now epoch milliseconds.
 */
export function judgeUnnamed(
  rules: readonly LifecycleRule[],
  objects: Iterable<LiveObject>,
  now: number,
  transitionMinimum: TransitionMinimum | null,
): readonly UnnamedLoss[] {
  const isSoon = ({ bytes, modified }: LiveObject, { when, fromBytes }: Loss) =>
    bytes >= fromBytes && !isFar(dueAt(when, modified), now);
  const trials = rules
    .map((rule) => ({
      rule,
      losses: lossesBy(rule, transitionMinimum ?? 'all_storage_classes_128K'),
      objects: 0,
      bytes: 0,
      firstKey: '',
    }))
    .filter(({ losses }) => losses.length > 0);
  for (const object of trials.length > 0 ? objects : []) {
    for (const trial of trials) {
      if (!takes(trial.rule.filter, object) || !trial.losses.some((loss) => isSoon(object, loss))) continue;
      if (trial.objects === 0) trial.firstKey = object.key;
      trial.objects++;
      trial.bytes += object.bytes;
    }
  }
  return trials
    .filter((trial) => trial.objects > 0)
    .map(({ rule, losses: [first], objects: taken, bytes, firstKey }) => {
      const condition = describeCondition(rule);
      const verb = first?.effect === 'archives' ? 'archive' : 'delete';
      const files = `${taken.toLocaleString('en-US')} ${taken === 1 ? 'file' : 'files'}`;
      return {
        position: rule.position,
        objects: taken,
        bytes,
        firstKey,
        sentence: `${ruleName(rule)} ${condition === null ? `${verb}s` : `may ${verb}`} ${files} that jobs need even if no checkpoint references them (high-availability storage, task-owned state, working files), such as ${firstKey}${condition === null ? '' : ` (${condition})`}.`,
      };
    });
}
