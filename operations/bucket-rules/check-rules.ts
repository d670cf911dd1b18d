import { plusInClass } from '#core/inventory/storage-class.ts';
import type { Job } from '#core/jobs/jobs.ts';
import type { LifecycleJudgement } from '#core/lifecycle/judgement.ts';
import type { LifecyclePolicy } from '#core/lifecycle/managed-rules.ts';
import type { Survey } from '#operations/look/survey.ts';
import type {
  AskOptions,
  BucketFacts,
  IncompleteUploads,
  OlderVersions,
  OlderVersionsOfClass,
  Told,
  Versioning,
} from '#ports/bucket-facts.ts';
import { bucketPrefix, type JudgedRules, judgeRules, NOT_JUDGED } from './judge-rules.ts';

/** What the rules of the area's buckets do to live state, what is missing of them, and what they should be. */

/** A bucket of the area that can be asked about itself. */
export interface BucketToCheck {
  readonly facts: BucketFacts;
  /** Which locations of the area lie in it. */
  readonly locations: readonly number[];
}

/** The buckets of a survey whose lifecycle rules are judged. */
export interface BucketsToCheck {
  readonly survey: Survey;
  /** Those of the survey. */
  readonly jobs: readonly Job[];
  readonly buckets: readonly BucketToCheck[];
  /** What the lifecycle rules should do. */
  readonly policy: LifecyclePolicy;
}

/** What one bucket tells about itself, judged against the live state in it. */
export interface BucketRulesReport extends JudgedRules {
  /** `s3://bucket`. */
  readonly bucket: string;
  /** Of the area in it. */
  readonly prefixes: readonly string[];
  /** Null where it is not known. */
  readonly versioning: Versioning | null;
  /** Below the prefixes; null where it is not known. */
  readonly uploads: IncompleteUploads | null;
  /** Below the prefixes; null where it is not known, or where the bucket has never kept versions. */
  readonly versions: OlderVersions | null;
  /** Sentences about what could not be found out, and what to do. */
  readonly unknown: readonly string[];
}

/** Asks each bucket about itself and judges what it says; never fails because of what a bucket refuses to say. */
export async function checkBuckets(
  { survey, jobs, buckets, policy }: BucketsToCheck,
  options: AskOptions = {},
): Promise<readonly BucketRulesReport[]> {
  const reports: BucketRulesReport[] = [];
  for (const bucket of buckets) {
    reports.push(await checkBucket(bucket, { survey, jobs, policy }, options));
  }
  return reports;
}

/** A finding for each rule that takes live state, will take it, or is not understood. */
export function hazardsOf({
  judgement,
  unnamed,
}: Pick<BucketRulesReport, 'judgement' | 'unnamed'>): readonly RuleFinding[] {
  const told = new Set(unnamed.map(({ position }) => position));
  // What a rule takes today says more than that it will take something.
  const dangerous = (judgement?.rules ?? []).filter(
    (rule) => rule.dangerous && (rule.hazards.length > 0 || !told.has(rule.position)),
  );
  return [...dangerous, ...unnamed].map(({ sentence }) => ({ kind: 'lifecycle-rule', sentence }));
}

/**
 * Whether something in a bucket's lifecycle configuration is not understood that may do harm, so that nobody can say
 * all that the rules do.
 */
export function isUnclear({
  judgement,
  notUnderstood = [],
}: {
  readonly judgement: LifecycleJudgement | null;
  readonly notUnderstood?: readonly string[];
}): boolean {
  const isOfRules = judgement?.rules.some((rule) => rule.dangerous && rule.notUnderstood.length > 0) ?? false;
  return isOfRules || notUnderstood.some((path) => !isHarmless(path));
}

/** boto3 puts ResponseMetadata beside the rules. A strange minimum size is taken as the one that spares nothing. */
function isHarmless(path: string): boolean {
  return path === 'ResponseMetadata' || path.startsWith('TransitionDefaultMinimumObjectSize');
}

/** A lifecycle rule that deletes or archives live state, or may do so. */
export interface RuleFinding {
  readonly kind: 'lifecycle-rule';
  readonly sentence: string;
}

/** Locations of one bucket together, in the order in which the buckets are named first. */
export function bucketsOf(locations: readonly { readonly facts: BucketFacts | null }[]): readonly BucketToCheck[] {
  const buckets = new Map<string, { facts: BucketFacts; locations: number[] }>();
  for (const [location, { facts }] of locations.entries()) {
    if (facts === null) continue;
    const known = buckets.get(facts.name) ?? { facts, locations: [] };
    known.locations.push(location);
    buckets.set(facts.name, known);
  }
  return [...buckets.values()];
}

async function checkBucket(
  { facts, locations }: BucketToCheck,
  { survey, jobs, policy }: Omit<BucketsToCheck, 'buckets'>,
  options: AskOptions,
): Promise<BucketRulesReport> {
  const prefixes = locations.map((location) => bucketPrefix(survey, location));
  const [lifecycle, versioning] = [await facts.lifecycle(options), await facts.versioning(options)];
  const versioned = versioning.known && versioning.value !== 'never';
  const uploads = sumOf(await askEach(prefixes, (prefix) => facts.incompleteUploads(prefix, options)), addUploads);
  const versions = versioned
    ? sumOf(await askEach(prefixes, (prefix) => facts.olderVersions(prefix, options)), addVersions)
    : null;
  const judged = lifecycle.known
    ? judgeRules({
        survey,
        jobs,
        locations,
        prefixes,
        bucket: facts.name,
        lifecycle: lifecycle.value,
        versioned,
        policy,
      })
    : NOT_JUDGED;
  return {
    bucket: facts.name,
    prefixes,
    versioning: versioning.known ? versioning.value : null,
    ...judged,
    uploads: uploads?.value ?? null,
    versions: versions?.value ?? null,
    // One refusal may be the answer to several questions.
    unknown: [
      ...new Set([
        ...(lifecycle.known ? [] : [lifecycle.why]),
        ...(versioning.known ? [] : [versioning.why]),
        ...(uploads?.unknown ?? []),
        ...(versions?.unknown ?? []),
      ]),
    ],
  };
}

interface Sum<T> {
  readonly value: T | null;
  readonly unknown: readonly string[];
}

async function askEach<T>(prefixes: readonly string[], ask: (prefix: string) => Promise<Told<T>>): Promise<Told<T>[]> {
  const answers: Told<T>[] = [];
  for (const prefix of prefixes) {
    answers.push(await ask(prefix));
  }
  return answers;
}

/** One unknown part makes the sum unknown; the same sentence is told once. */
function sumOf<T>(answers: readonly Told<T>[], add: (a: T, b: T) => T): Sum<T> {
  const unknown = [...new Set(answers.flatMap((answer) => (answer.known ? [] : [answer.why])))];
  const values = answers.flatMap((answer) => (answer.known ? [answer.value] : []));
  return { value: unknown.length > 0 || values.length === 0 ? null : values.reduce(add), unknown };
}

function addUploads(a: IncompleteUploads, b: IncompleteUploads): IncompleteUploads {
  const oldest = [a.oldest, b.oldest].filter((time) => time !== null);
  return {
    count: a.count + b.count,
    bytes: a.bytes + b.bytes,
    oldest: oldest.length === 0 ? null : Math.min(...oldest),
    atLeast: a.atLeast || b.atLeast,
  };
}

function addVersions(a: OlderVersions, b: OlderVersions): OlderVersions {
  const classes = addClasses(a.classes ?? [], b.classes ?? []);
  return {
    noncurrent: a.noncurrent + b.noncurrent,
    noncurrentBytes: a.noncurrentBytes + b.noncurrentBytes,
    deleteMarkers: a.deleteMarkers + b.deleteMarkers,
    ...(classes.length === 0 ? {} : { classes }),
    atLeast: a.atLeast || b.atLeast,
  };
}

function addClasses(
  a: readonly OlderVersionsOfClass[],
  b: readonly OlderVersionsOfClass[],
): readonly OlderVersionsOfClass[] {
  const sums = new Map(a.map((one) => [one.storageClass, one]));
  for (const one of b) {
    const known = sums.get(one.storageClass);
    sums.set(
      one.storageClass,
      known === undefined ? one : { storageClass: one.storageClass, ...plusInClass(known, one) },
    );
  }
  return [...sums.values()];
}
