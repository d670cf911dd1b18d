import type { RuleJson } from '#core/lifecycle/document.ts';
import { Expression } from '#core/lifecycle/expression.ts';
import { listIn, recordIn } from './terraform-values.ts';

type Json = Readonly<Record<string, unknown>>;

/** A rule of `AWS::S3::Bucket` in the words of S3's API, with what neither of the two knows unchanged. */
export function ruleOfTemplate(rule: Json): RuleJson {
  const {
    Id,
    Status,
    Prefix,
    TagFilters,
    ObjectSizeGreaterThan,
    ObjectSizeLessThan,
    ExpirationInDays: Days,
    ExpirationDate: date,
    ExpiredObjectDeleteMarker,
    Transition,
    Transitions,
    NoncurrentVersionExpirationInDays: noncurrentDays,
    NoncurrentVersionTransition,
    NoncurrentVersionTransitions,
    ...others
  } = rule;
  const conditions = present({ Prefix, ObjectSizeGreaterThan, ObjectSizeLessThan });
  const expiration = present({ Days, Date: date, ExpiredObjectDeleteMarker: marker(ExpiredObjectDeleteMarker) });
  const transitions = [...transitionsIn(Transitions), ...listIn([Transition])];
  const older = [...listIn(NoncurrentVersionTransitions), ...listIn([NoncurrentVersionTransition])];
  return {
    ...present({ ID: Id }),
    Status,
    Filter: filterOf(
      conditions,
      TagFilters instanceof Expression ? [{ Key: 'a tag', Value: TagFilters }] : listIn(TagFilters),
    ),
    ...(Object.keys(expiration).length === 0 ? {} : { Expiration: expiration }),
    ...(transitions.length === 0 ? {} : { Transitions: transitions.map((one) => transitionOf(one, 'Days')) }),
    ...(noncurrentDays === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays } }),
    ...(older.length === 0
      ? {}
      : { NoncurrentVersionTransitions: older.map((one) => transitionOf(one, 'NoncurrentDays')) }),
    ...others,
  };
}

/** A list that only deploying tells has one transition, of which nothing is known. */
function transitionsIn(list: unknown): readonly Json[] {
  return list instanceof Expression ? [{ TransitionInDays: list, StorageClass: list }] : listIn(list);
}

function filterOf(conditions: RuleJson, tags: readonly Json[]): RuleJson {
  const [only, ...rest] = tags;
  if (Object.keys(conditions).length + tags.length > 1) {
    return { And: { ...conditions, ...(tags.length === 0 ? {} : { Tags: tags }) } };
  }
  return only !== undefined && rest.length === 0 ? { Tag: only } : conditions;
}

function transitionOf(transition: Json, days: 'Days' | 'NoncurrentDays'): RuleJson {
  return Object.fromEntries(
    Object.entries(transition).map(([key, value]) => {
      if (key === 'TransitionInDays') return [days, value];
      return key === 'TransitionDate' ? ['Date', value] : [key, value];
    }),
  );
}

/** Templates may write switches as texts; one that is off says nothing. */
function marker(value: unknown): unknown {
  if (value === 'true') return true;
  return value === false || value === 'false' ? undefined : value;
}

function present(values: Json): RuleJson {
  return Object.fromEntries(Object.entries(recordIn(values)).filter(([, value]) => value !== undefined));
}
