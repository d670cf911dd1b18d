import type { ObjectKind } from '#core/flink/layout.ts';
import type { Job } from '#core/jobs/jobs.ts';
import { type MissingRule, missingRules, versionsExpireAfter } from '#core/lifecycle/coverage.ts';
import { judgeLifecycle } from '#core/lifecycle/judge.ts';
import type { LifecycleJudgement, LiveObject } from '#core/lifecycle/judgement.ts';
import { type LifecyclePolicy, MANAGED_IDS } from '#core/lifecycle/managed-rules.ts';
import { changeComments, type Replacement, safeReplacement } from '#core/lifecycle/replacement.ts';
import { terraformOf } from '#core/lifecycle/terraform.ts';
import { judgeUnnamed, type UnnamedLoss } from '#core/lifecycle/unnamed.ts';
import { liveRootsOf } from '#operations/look/live-roots.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { BucketLifecycle } from '#ports/bucket-facts.ts';

/** The prefix of all keys of a location. Keys of a directory without a bucket name are the paths below it. */
export function bucketPrefix({ area }: Survey, location: number): string {
  const { store, prefix } = area.locations[location] ?? { store: 'file://', prefix: '' };
  return store === 'file://' ? '' : prefix;
}

const UNNAMED_KINDS: ReadonlySet<ObjectKind> = new Set(['ha', 'taskowned', 'forst']);

function* unnamedObjects({ area, objects }: Survey, within: ReadonlySet<number>): Generator<LiveObject> {
  for (let object = 0; object < objects.size; object++) {
    const location = objects.location(object);
    if (!within.has(location) || !UNNAMED_KINDS.has(objects.kind(object))) continue;
    const key = objects.key(object);
    const isBare = area.locations[location]?.store === 'file://';
    yield {
      key: isBare ? area.storeKey(location, key) : key,
      bytes: objects.bytes(object),
      modified: objects.modified(object),
      outside: false,
    };
  }
}

/** The safe configuration, as it is written and as files have it. */
export interface ReplacementView extends Replacement {
  /** What to do before it is written; null where nothing is. */
  readonly beforehand: string | null;
  /** For `aws s3api put-bucket-lifecycle-configuration --lifecycle-configuration`, which takes the rules alone. */
  readonly json: { readonly Rules: Replacement['document']['Rules'] };
  readonly terraform: string;
}

/** What the lifecycle rules of one bucket do to what is live in it. */
export interface JudgedRules {
  /** Of the rules that are about the area's keys, each against the live objects of this bucket. Null: not readable. */
  readonly judgement: LifecycleJudgement | null;
  /** What rules take of high-availability storage and other files that no root names and jobs need. */
  readonly unnamed: readonly UnnamedLoss[];
  /** How many rules of the bucket are about other keys only. */
  readonly elsewhere: number;
  /** Fields of the document other than its rules. */
  readonly notUnderstood: readonly string[];
  readonly missing: readonly MissingRule[];
  /** Days after which rules have expired every noncurrent version below the prefixes; null where they don't, or not known. */
  readonly versionsExpireAfter: number | null;
  /** Null where the rules could not be read. */
  readonly replacement: ReplacementView | null;
}

/** Where the rules could not be read. */
export const NOT_JUDGED: JudgedRules = {
  judgement: null,
  unnamed: [],
  elsewhere: 0,
  notUnderstood: [],
  missing: [],
  versionsExpireAfter: null,
  replacement: null,
};

/** The lifecycle rules of one bucket, and what they are judged against. */
export interface RulesToJudge {
  readonly survey: Survey;
  readonly jobs: readonly Job[];
  /** Which locations of the area lie in the bucket, and the prefixes of theirs. */
  readonly locations: readonly number[];
  readonly prefixes: readonly string[];
  /** `s3://bucket`. */
  readonly bucket: string;
  /** Null where the bucket has no rules. */
  readonly lifecycle: BucketLifecycle | null;
  readonly versioned: boolean;
  readonly policy: LifecyclePolicy;
}

/** Judges the rules of one bucket against what is live in it, and says what they should be. */
export function judgeRules({
  survey,
  jobs,
  locations,
  prefixes,
  bucket,
  lifecycle,
  versioned,
  policy,
}: RulesToJudge): JudgedRules {
  const rules = lifecycle?.rules ?? [];
  const roots = liveRootsOf(survey, jobs, new Set(locations));
  const judgement = judgeLifecycle(rules, roots, survey.start, {
    transitionMinimum: lifecycle?.transitionMinimum ?? null,
    prefixes,
  });
  const here = judgement.rules.filter(({ applies }) => applies);
  const unnamed = judgeUnnamed(
    rules,
    unnamedObjects(survey, new Set(locations)),
    survey.start,
    lifecycle?.transitionMinimum ?? null,
  );
  const replacement = safeReplacement({
    existing: lifecycle?.document ?? null,
    rules,
    judgements: judgement.rules,
    unnamed,
    prefixes,
    versioned,
    policy,
  });
  return {
    // A rule about other keys takes nothing here, so the totals are those of the rest.
    judgement: { ...judgement, rules: here },
    unnamed,
    elsewhere: rules.length - here.length,
    notUnderstood: lifecycle?.notUnderstood ?? [],
    missing: missingRules(rules, prefixes, versioned),
    versionsExpireAfter: versionsExpireAfter(rules, prefixes),
    replacement: viewReplacement(bucket.slice('s3://'.length), replacement, beforehand(jobs, replacement)),
  };
}

function viewReplacement(bucket: string, replacement: Replacement, first: string | null): ReplacementView {
  return {
    ...replacement,
    beforehand: first,
    json: { Rules: replacement.document.Rules },
    terraform: terraformOf(bucket, replacement.document, changeComments(replacement.changes)),
  };
}

/** Files that a rule has expired still exist as noncurrent versions, and a new rule would delete those versions. */
function beforehand(jobs: readonly Job[], { changes }: Replacement): string | null {
  const endsVersions = changes.some(({ action, rule }) => action !== 'kept' && rule.startsWith(MANAGED_IDS.versions));
  if (!endsVersions || jobs.every(({ damaged }) => damaged.length === 0)) return null;
  return 'Before you write these rules: checkpoints in this bucket lack files. If a lifecycle rule or a person deleted those files, deleting their delete markers puts them back, as long as their noncurrent versions exist. The new rule deletes those versions. To see the checkpoints: steward restore-points';
}
