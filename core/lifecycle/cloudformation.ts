import { isRecord, type LifecycleJson, type RuleJson, withFilter } from './document.ts';

/**
 * A lifecycle configuration as `AWS::S3::Bucket` has it (CloudFormation template reference, "LifecycleConfiguration"):
 * the properties to put in place of those that are there.
 */
export function cloudFormationOf({
  Rules,
  TransitionDefaultMinimumObjectSize: minimum,
}: LifecycleJson): Readonly<Record<string, unknown>> {
  return {
    LifecycleConfiguration: {
      ...(minimum === undefined ? {} : { TransitionDefaultMinimumObjectSize: minimum }),
      Rules: Rules.map((rule) => ruleOf(withFilter(rule))),
    },
  };
}

function ruleOf({ ID, Status, Filter, ...actions }: RuleJson): Readonly<Record<string, unknown>> {
  return {
    ...(ID === undefined ? {} : { Id: ID }),
    Status,
    ...filterOf(Filter),
    ...Object.fromEntries(Object.entries(actions).flatMap(([key, value]) => actionOf(key, value))),
  };
}

/** CloudFormation has no `And`: all conditions stand side by side. */
function filterOf(filter: unknown): Readonly<Record<string, unknown>> {
  const outer = isRecord(filter) ? filter : {};
  const { Prefix, Tag, Tags, ...sizes } = isRecord(outer.And) ? outer.And : outer;
  const tags = Array.isArray(Tags) ? Tags : Tag === undefined ? [] : [Tag];
  return {
    ...(Prefix === undefined || Prefix === '' ? {} : { Prefix }),
    ...(tags.length === 0 ? {} : { TagFilters: tags }),
    ...sizes,
  };
}

function actionOf(key: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (key === 'Expiration' && isRecord(value)) {
    const { Days, Date: date, ExpiredObjectDeleteMarker } = value;
    return Object.entries({ ExpirationInDays: Days, ExpirationDate: date, ExpiredObjectDeleteMarker }).filter(
      ([, held]) => held !== undefined,
    );
  }
  if (key === 'Transitions' || key === 'NoncurrentVersionTransitions') {
    return [[key, (Array.isArray(value) ? value : []).map(transitionOf)]];
  }
  return [[key, value]];
}

function transitionOf(transition: unknown): unknown {
  if (!isRecord(transition)) return transition;
  return Object.fromEntries(
    Object.entries(transition).map(([key, value]) => [TRANSITION_NAMES.get(key) ?? key, value]),
  );
}

const TRANSITION_NAMES: ReadonlyMap<string, string> = new Map([
  ['Days', 'TransitionInDays'],
  ['NoncurrentDays', 'TransitionInDays'],
  ['Date', 'TransitionDate'],
]);
