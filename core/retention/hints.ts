import type { RetentionDecision, RetentionRule } from './decide.ts';
import type { RetentionInput } from './policy.ts';
import { type RootKind, rootKind } from './root-kind.ts';

/** What people should know of a policy that retires nothing, so that they need not find it out from the rows. */

/** Fewer ended jobs than that with one checkpoint each are nothing that a policy should change. */
const FEWEST_GROUPS = 3;
/** What keeps a root only because nothing newer is in its group. */
const BY_COUNT: ReadonlySet<RetentionRule> = new Set(['keep-last', 'restore-points']);

/**
 * Sentences about a policy that can't do what people expect of it.
 *
 * @param decisions on all roots.
 */
export function retentionHints(
  decisions: readonly RetentionDecision[],
  { policies, groupBy }: Pick<RetentionInput, 'policies' | 'groupBy'>,
): readonly string[] {
  if (decisions.length === 0) {
    return [];
  }
  if (policies.length === 0) {
    return [
      'Retiring is off: "retain" in steward.json is empty, so no checkpoint or savepoint is retired. Add "retain".',
    ];
  }
  return groupBy === 'label' ? [] : (['checkpoint', 'savepoint'] as const).flatMap((kind) => oneEach(decisions, kind));
}

function oneEach(decisions: readonly RetentionDecision[], kind: RootKind): readonly string[] {
  const ofKind = decisions.filter(({ root }) => rootKind(root) === kind);
  const counted = ofKind.filter(({ reasons }) => reasons.every(({ rule }) => BY_COUNT.has(rule)));
  const groups = new Set(counted.map(({ group }) => group.id));
  const isOneEach = groups.size === counted.length && ofKind.every(({ action }) => action === 'keep');
  return groups.size >= FEWEST_GROUPS && isOneEach
    ? [
        `"retain" retires no ${kind}: "groupBy" is "job", and each of ${groups.size} jobs has only one that no other rule keeps. If these are submissions of one job, whose id changes each time, give them one label ("labels") and set "groupBy": "label".`,
      ]
    : [];
}
