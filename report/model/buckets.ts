import type { LifecycleHazard, LifecycleJudgement, RuleJudgement } from '#core/lifecycle/judgement.ts';
import type { AuditReport } from '#operations/report/audit.ts';
import type { ReportBucket, ReportHazard, ReportRule } from './document.ts';

/** What the lifecycle rules of buckets break. */

/** The most hazards of a rule in the report; its numbers count all of them. */
const MOST_HAZARDS = 50;

/** @returns when a rule may delete or archive the first file of a root, in epoch milliseconds, or null. */
export type FirstBreaks = (...names: readonly string[]) => number | null;

export function bucketsOf({ buckets, lifecycle }: AuditReport): readonly ReportBucket[] {
  if (buckets.length === 0) {
    return lifecycle === null
      ? []
      : [{ bucket: null, known: true, rules: lifecycle.rules.map(ruleOf), unnamed: [], unknown: [] }];
  }
  return buckets.map(({ bucket, judgement, unnamed, unknown }) => ({
    bucket,
    known: judgement !== null,
    rules: (judgement?.rules ?? []).map(ruleOf),
    unnamed: unnamed.map(({ sentence }) => sentence),
    unknown,
  }));
}

function ruleOf(rule: RuleJudgement): ReportRule {
  const { id, position, status, dangerous, certain, sentence, roots, newestRoots, dueRoots, earliest, hazards } = rule;
  return {
    id,
    position,
    enabled: status === 'Enabled',
    dangerous,
    certain,
    sentence,
    roots,
    newestRoots,
    dueRoots,
    earliest,
    hazards: hazards.slice(0, MOST_HAZARDS).map(hazardOf),
  };
}

function hazardOf({ label, job, rootKey, newest, breaksAt, due, objects, firstObject }: LifecycleHazard): ReportHazard {
  return {
    label,
    job,
    root: rootKey.split('/').at(-2) ?? rootKey,
    newest,
    breaksAt,
    due,
    objects,
    firstObject: firstObject.key,
    firstModified: firstObject.modified,
    firstOutside: firstObject.outside,
  };
}

/** Hazards name roots by URL where they lie in another bucket than the rule's, and by key where in the same one. */
export function firstBreaks({ buckets, lifecycle }: AuditReport): FirstBreaks {
  const first = new Map<string, number>();
  const note = (judgement: LifecycleJudgement | null, bucket: string): void => {
    for (const { rootKey, breaksAt } of judgement?.rules.flatMap(({ hazards }) => hazards) ?? []) {
      const name = rootKey.includes('://') ? rootKey : `${bucket}${rootKey}`;
      first.set(name, Math.min(first.get(name) ?? breaksAt, breaksAt));
    }
  };
  if (buckets.length === 0) {
    note(lifecycle, '');
  }
  for (const { bucket, judgement } of buckets) {
    note(judgement, `${bucket}/`);
  }
  return (...names) => names.map((name) => first.get(name)).find((time) => time !== undefined) ?? null;
}
