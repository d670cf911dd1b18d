import * as z from 'zod';
import type {
  BystanderAction,
  LifecycleRule,
  NoncurrentExpiry,
  ObjectFilter,
  TransitionMinimum,
  When,
} from '#core/lifecycle/rule.ts';
import { ConfigError } from './config-error.ts';
import { parseJson } from './json-text.ts';

/** What `aws s3api get-bucket-lifecycle-configuration` prints, as rules to judge. */
export interface LifecycleDocument {
  readonly rules: readonly LifecycleRule[];
  /** Null if the document does not contain it, such as one printed by an older AWS CLI. */
  readonly transitionMinimum: TransitionMinimum | null;
  /** Keys of the document itself that are not known; those of a rule are with the rule. */
  readonly notUnderstood: readonly string[];
}

/**
 * Reads a lifecycle document. Unknown keys are kept in mind, not refused: S3 adds some from time to time.
 * @param source how people know the text: a file, or the bucket
 * @throws ConfigError with one sentence for each problem, naming rule and key
 */
export function readLifecycleDocument(text: string, source: string): LifecycleDocument {
  return lifecycleDocumentOf(parseJson(text, source), source);
}

/** What to do about a document of a bucket that can't be read. */
const PRINT_AGAIN = 'Print the document again with: aws s3api get-bucket-lifecycle-configuration --bucket BUCKET';

/**
 * As {@link readLifecycleDocument}, of a document that is no text any more.
 * @param advice what to do about a problem, as the end of its sentence
 */
export function lifecycleDocumentOf(value: unknown, source: string, advice = PRINT_AGAIN): LifecycleDocument {
  const parsed = documentSchema.safeParse(value);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => problem(issue, value, source, advice)).join('\n'));
  }
  const { Rules, TransitionDefaultMinimumObjectSize: minimum } = parsed.data;
  const known = minimum === undefined ? null : minimumOf(minimum);
  return {
    rules: Rules.map((rule, index) => ruleOf(rule, index + 1)),
    // What is not known of small objects must not make them safe.
    transitionMinimum: known === undefined ? 'varies_by_storage_class' : known,
    notUnderstood: [
      ...unknownKeys(parsed.data, documentSchema.shape, ''),
      ...(known === undefined ? [`TransitionDefaultMinimumObjectSize ${JSON.stringify(minimum)}`] : []),
    ],
  };
}

const anObject = { error: 'must be an object' };
const aList = { error: 'must be a list' };
const aText = { error: 'must be a text' };
const text = z.string(aText);

function whole(least: number) {
  const error = `must be a whole number, at least ${least}`;
  return z.int({ error }).min(least, { error });
}

/** S3 API reference: ISO 8601, always midnight UTC. The AWS command line prints an offset, its SDK gives a Date. */
const date = z
  .union([z.iso.datetime({ offset: true }), z.iso.date(), z.date()], {
    error: 'must be a date such as 2026-12-01T00:00:00Z',
  })
  .transform((on) => new Date(on).getTime());

const tagSchema = z.looseObject({ Key: text, Value: text }, anObject);
const conditions = {
  Prefix: text.optional(),
  ObjectSizeGreaterThan: whole(0).optional(),
  ObjectSizeLessThan: whole(0).optional(),
};
const FILTER_KEYS = ['Prefix', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan', 'Tag', 'And'] as const;
const andSchema = z.looseObject({ ...conditions, Tags: z.array(tagSchema, aList).optional() }, anObject);
const filterSchema = z
  .looseObject({ ...conditions, Tag: tagSchema.optional(), And: andSchema.optional() }, anObject)
  .superRefine((filter, context) => {
    if (FILTER_KEYS.filter((key) => filter[key] !== undefined).length > 1) {
      context.addIssue('must have no more than one condition, because S3 accepts several only inside And');
    }
  });
const expirationSchema = z
  .looseObject(
    {
      Days: whole(1).optional(),
      Date: date.optional(),
      ExpiredObjectDeleteMarker: z.boolean({ error: 'must be true or false' }).optional(),
    },
    anObject,
  )
  .superRefine((expiration, context) => {
    if (Object.keys(expiration).length === 0) {
      context.addIssue('must have Days, Date or ExpiredObjectDeleteMarker');
    }
    refuseDaysWithDate(expiration, context);
  });
const transitionSchema = z
  .looseObject({ Days: whole(0).optional(), Date: date.optional(), StorageClass: text }, anObject)
  .superRefine((transition, context) => {
    if (Object.keys(transition).length === 1) context.addIssue('must have Days or Date');
    refuseDaysWithDate(transition, context);
  });
const noncurrentExpirationSchema = z.looseObject(
  { NoncurrentDays: whole(0).optional(), NewerNoncurrentVersions: whole(0).optional() },
  anObject,
);
const noncurrentTransitionSchema = z.looseObject(
  { ...noncurrentExpirationSchema.shape, StorageClass: text.optional() },
  anObject,
);
const abortSchema = z.looseObject({ DaysAfterInitiation: whole(0).optional() }, anObject);

const ruleSchema = z
  .looseObject(
    {
      ID: text.optional(),
      Status: z.enum(['Enabled', 'Disabled'], { error: 'must be "Enabled" or "Disabled"' }),
      Prefix: text.optional(),
      Filter: filterSchema.optional(),
      Expiration: expirationSchema.optional(),
      Transitions: z.array(transitionSchema, aList).optional(),
      // The deprecated `aws s3api get-bucket-lifecycle` prints one of each, under these names.
      Transition: transitionSchema.optional(),
      NoncurrentVersionTransition: noncurrentTransitionSchema.optional(),
      NoncurrentVersionExpiration: noncurrentExpirationSchema.optional(),
      NoncurrentVersionTransitions: z.array(noncurrentTransitionSchema, aList).optional(),
      AbortIncompleteMultipartUpload: abortSchema.optional(),
    },
    anObject,
  )
  .superRefine((rule, context) => {
    if (rule.Prefix !== undefined && rule.Filter !== undefined) {
      context.addIssue('must not have both Prefix and Filter');
    }
  });

const documentSchema = z.looseObject(
  { Rules: z.array(ruleSchema, aList), TransitionDefaultMinimumObjectSize: text.optional() },
  anObject,
);

type RawRule = z.infer<typeof ruleSchema>;
type RawFilter = z.infer<typeof filterSchema>;
interface RawWhen {
  readonly Days?: number | undefined;
  readonly Date?: number | undefined;
}

function refuseDaysWithDate({ Days, Date: on }: RawWhen, context: z.RefinementCtx): void {
  if (Days !== undefined && on !== undefined) context.addIssue('must not have both Days and Date');
}

function minimumOf(name: string): TransitionMinimum | undefined {
  return name === 'all_storage_classes_128K' || name === 'varies_by_storage_class' ? name : undefined;
}

function ruleOf(rule: RawRule, position: number): LifecycleRule {
  const inFilter = unknownInFilter(rule.Filter ?? {});
  return {
    id: rule.ID ?? null,
    position,
    enabled: rule.Status === 'Enabled',
    filter: filterOf(rule.Filter ?? {}, rule.Prefix ?? '', inFilter.length === 0),
    expiration: whenOf(rule.Expiration ?? {}),
    transitions: transitionsOf(rule).flatMap((transition) => {
      const when = whenOf(transition);
      return when === null ? [] : [{ when, storageClass: transition.StorageClass }];
    }),
    bystanders: bystandersOf(rule),
    abortsUploadsAfter: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation ?? null,
    noncurrentExpiry: noncurrentExpiryOf(rule),
    notUnderstood: [...unknownKeys(rule, ruleSchema.shape, ''), ...inFilter, ...unknownInActions(rule)],
  };
}

function filterOf(filter: RawFilter, legacyPrefix: string, understood: boolean): ObjectFilter {
  const conditions = filter.And ?? filter;
  const tags = filter.Tag === undefined ? (filter.And?.Tags ?? []) : [filter.Tag];
  return {
    prefix: conditions.Prefix ?? legacyPrefix,
    tags: tags.map(({ Key, Value }) => ({ key: Key, value: Value })),
    largerThan: conditions.ObjectSizeGreaterThan ?? null,
    smallerThan: conditions.ObjectSizeLessThan ?? null,
    understood,
  };
}

function whenOf({ Days, Date: on }: RawWhen): When | null {
  if (Days !== undefined) return { by: 'age', days: Days };
  return on === undefined ? null : { by: 'date', date: on };
}

function transitionsOf({ Transitions = [], Transition }: RawRule): readonly z.infer<typeof transitionSchema>[] {
  return Transition === undefined ? Transitions : [...Transitions, Transition];
}

function noncurrentTransitionsOf({ NoncurrentVersionTransitions = [], NoncurrentVersionTransition: one }: RawRule) {
  return one === undefined ? NoncurrentVersionTransitions : [...NoncurrentVersionTransitions, one];
}

function noncurrentExpiryOf({ NoncurrentVersionExpiration: expiry }: RawRule): NoncurrentExpiry | null {
  if (expiry === undefined) return null;
  return { days: expiry.NoncurrentDays ?? null, keepsNewest: expiry.NewerNoncurrentVersions ?? 0 };
}

function bystandersOf(rule: RawRule): BystanderAction[] {
  const actions: BystanderAction[] = [];
  if (rule.AbortIncompleteMultipartUpload !== undefined) actions.push('aborts-uploads');
  if (rule.NoncurrentVersionExpiration !== undefined || noncurrentTransitionsOf(rule).length > 0) {
    actions.push('noncurrent-versions');
  }
  if (rule.Expiration?.ExpiredObjectDeleteMarker === true) actions.push('delete-markers');
  return actions;
}

function unknownInFilter(filter: RawFilter): string[] {
  const tags = [
    ...(filter.Tag === undefined ? [] : [{ tag: filter.Tag, path: 'Filter.Tag.' }]),
    ...(filter.And?.Tags ?? []).map((tag, index) => ({ tag, path: `Filter.And.Tags[${index}].` })),
  ];
  return [
    ...unknownKeys(filter, filterSchema.shape, 'Filter.'),
    ...unknownKeys(filter.And ?? {}, andSchema.shape, 'Filter.And.'),
    ...tags.flatMap(({ tag, path }) => unknownKeys(tag, tagSchema.shape, path)),
  ];
}

function unknownInActions(rule: RawRule): string[] {
  const noncurrent = rule.NoncurrentVersionExpiration ?? {};
  return [
    ...unknownKeys(rule.Expiration ?? {}, expirationSchema.shape, 'Expiration.'),
    ...transitionsOf(rule).flatMap((transition, index) =>
      unknownKeys(transition, transitionSchema.shape, `Transitions[${index}].`),
    ),
    ...unknownKeys(noncurrent, noncurrentExpirationSchema.shape, 'NoncurrentVersionExpiration.'),
    ...noncurrentTransitionsOf(rule).flatMap((transition, index) =>
      unknownKeys(transition, noncurrentTransitionSchema.shape, `NoncurrentVersionTransitions[${index}].`),
    ),
    ...unknownKeys(rule.AbortIncompleteMultipartUpload ?? {}, abortSchema.shape, 'AbortIncompleteMultipartUpload.'),
  ];
}

function unknownKeys(value: object, known: object, path: string): string[] {
  return Object.keys(value)
    .filter((key) => !Object.hasOwn(known, key))
    .map((key) => `${path}${key}`);
}

function problem(issue: z.core.$ZodIssue, document: unknown, source: string, advice: string): string {
  const [top, index, ...inRule] = issue.path;
  const inARule = top === 'Rules' && typeof index === 'number';
  const at = inARule ? inRule : issue.path;
  const rule = inARule ? `, rule ${index + 1}${idOf(valueAt(document, ['Rules', index, 'ID']))}` : '';
  const key = at.length === 0 ? (inARule ? 'the rule' : 'the document') : pathText(at);
  const value = valueAt(document, issue.path);
  const is = value === undefined ? 'is missing' : `is ${shorten(JSON.stringify(value))}`;
  return `${source}${rule}: ${key} ${issue.message}, but ${is}, so none of its rules is judged. ${advice}`;
}

function idOf(id: unknown): string {
  return typeof id === 'string' ? ` (${shorten(JSON.stringify(id))})` : '';
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    document,
  );
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .slice(1);
}

function shorten(json: string): string {
  return json.length > 60 ? `${json.slice(0, 59)}…` : json;
}
