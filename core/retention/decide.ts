import { baseId } from '../collect/rootless-directories.ts';
import { isDamaged, type Root } from '../collect/roots.ts';
import type { RetentionEvidence } from './evidence.ts';
import { groupRoots, type RetentionGroup } from './groups.ts';
import * as keepReasons from './keep-reasons.ts';
import type { RetentionInput } from './policy.ts';
import { contextOf, type RetentionContext, type RetentionSubject, subjectsOf } from './subject.ts';

/**
 * Which roots are kept and which are retired by policy, each with all its reasons. Retiring is a decision of its own:
 * every root counts when the live objects are computed.
 */

interface KeepRule {
  readonly rule: string;
  /** The reason for which it keeps a root, as a clause; null if it does not apply. */
  readonly keeps: (subject: RetentionSubject, context: RetentionContext) => string | null;
}

/** The rules in the order in which their reasons are told; any one of them keeps a root. */
export const RETENTION_RULES = [
  { rule: 'undecidable-area', keeps: keepReasons.undecidableArea },
  { rule: 'starting-job', keeps: keepReasons.startingJob },
  { rule: 'unreadable-root', keeps: keepReasons.unreadable },
  { rule: 'late', keeps: keepReasons.late },
  { rule: 'distrusted-times', keeps: keepReasons.distrustedTimes },
  { rule: 'pinned', keeps: keepReasons.pinned },
  { rule: 'protect-pattern', keeps: keepReasons.protectPattern },
  { rule: 'restored-from', keeps: keepReasons.restoredFrom },
  { rule: 'running-job', keeps: keepReasons.runningJob },
  { rule: 'unended-job', keeps: keepReasons.unendedJob },
  { rule: 'unknown-job', keeps: keepReasons.unknownJob },
  { rule: 'ambiguous-savepoint', keeps: keepReasons.ambiguousSavepoint },
  { rule: 'stray', keeps: keepReasons.stray },
  { rule: 'needed-by-name', keeps: keepReasons.neededByName },
  { rule: 'repairable', keeps: keepReasons.repairable },
  { rule: 'no-policy', keeps: keepReasons.noPolicy },
  { rule: 'keep-all', keeps: keepReasons.keepAll },
  { rule: 'keep-last', keeps: keepReasons.keepLast },
  { rule: 'keep-within', keeps: keepReasons.keepWithin },
  { rule: 'min-age', keeps: keepReasons.young },
  { rule: 'restore-points', keeps: keepReasons.restorePoints },
] as const satisfies readonly KeepRule[];

/** `policy` and `damaged` are reasons of retired roots. */
export type RetentionRule = (typeof RETENTION_RULES)[number]['rule'] | 'policy' | 'damaged';

/** Why a root is kept or retired. */
export interface RetentionReason {
  readonly rule: RetentionRule;
  /** A clause without a full stop. */
  readonly sentence: string;
}

/** What the policy decides about one root. */
export interface RetentionDecision {
  readonly root: Root;
  /** What it was counted with. */
  readonly group: RetentionGroup;
  readonly action: 'keep' | 'retire';
  /** All reasons that keep it, or for a retired root the reasons why it is retired. At least one. */
  readonly reasons: readonly RetentionReason[];
}

/**
 * Decides on every root that was there: group by group in the order of their labels, the newest first. Where the operator
 * has said something of one directory, on the roots of that one.
 *
 * @param rules all of them, except in tests of a single rule.
 */
export function decideRetention(
  evidence: RetentionEvidence,
  input: RetentionInput,
  rules: readonly (typeof RETENTION_RULES)[number][] = RETENTION_RULES,
): readonly RetentionDecision[] {
  const context = contextOf(evidence, input);
  const { word = null } = input;
  const { directoriesOfJobs } = evidence.memory;
  const grouping = { ...input, directoriesOfJobs };
  return groupRoots(evidence.owners, word === null ? grouping : { ...grouping, groupBy: 'job' })
    .filter(({ group }) => word === null || group.id === baseId(word.location, word.base))
    .flatMap((grouped) => subjectsOf(grouped, input, evidence))
    .map((subject): RetentionDecision => {
      const { root, group } = subject;
      const reasons = rules.flatMap(({ rule, keeps }) => {
        const sentence = keeps(subject, context);
        return sentence === null ? [] : [{ rule, sentence }];
      });
      return reasons.length > 0
        ? { root, group, action: 'keep', reasons }
        : { root, group, action: 'retire', reasons: reasonsToRetire(subject, context) };
    });
}

function reasonsToRetire(subject: RetentionSubject, context: RetentionContext): readonly RetentionReason[] {
  const { root, kind, limits, word } = subject;
  const beyond =
    word !== null
      ? ['requested for its job directory']
      : limits === null || limits === 'all'
        ? []
        : [
            ...(limits.keepLast === undefined ? [] : [`not among the last ${limits.keepLast} (keepLast)`]),
            ...(limits.keepWithin === undefined ? [] : ['not young enough (keepWithin)']),
          ];
  const ended = kind === 'checkpoint' ? keepReasons.endOf(subject, context.evidence) : null;
  const policy: RetentionReason = {
    rule: 'policy',
    sentence: [...(ended === null ? [] : [ended]), ...beyond].join(', '),
  };
  return isDamaged(root)
    ? [
        policy,
        {
          rule: 'damaged',
          sentence: `damaged: ${root.missing.length} of its files ${root.missing.length === 1 ? 'is' : 'are'} missing or of another size${keepReasons.livesOn(subject, context) ? '; another job continues from its files' : ''}`,
        },
      ]
    : [policy];
}
