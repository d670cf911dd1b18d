import { isRecord, type LifecycleJson, type RuleJson, withFilter } from './document.ts';

/**
 * A lifecycle configuration as the property `lifecycleRules` of a `Bucket` of the CDK, in TypeScript.
 *
 * @param comments sentences about what was changed, which come before it.
 */
export function cdkRulesOf({ Rules }: LifecycleJson, comments: readonly string[]): string {
  return [
    ...comments.map((comment) => `// ${comment}`),
    'lifecycleRules: [',
    ...Rules.map((rule) => `  { ${properties(withFilter(rule)).join(', ')} },`),
    '],',
    '',
  ].join('\n');
}

function properties({ ID, Status, Filter, ...actions }: RuleJson): readonly string[] {
  return [
    ...(ID === undefined ? [] : [`id: ${literal(ID)}`]),
    ...(Status === 'Disabled' ? ['enabled: false'] : []),
    ...filterProperties(Filter),
    ...Object.entries(actions).flatMap(([key, value]) => actionProperties(key, value)),
  ];
}

function filterProperties(filter: unknown): readonly string[] {
  const outer = isRecord(filter) ? filter : {};
  const {
    Prefix,
    Tag,
    Tags,
    ObjectSizeGreaterThan: larger,
    ObjectSizeLessThan: smaller,
  } = isRecord(outer.And) ? outer.And : outer;
  const tags = (Array.isArray(Tags) ? Tags : [Tag]).filter(isRecord);
  const pairs = tags.map(({ Key, Value }) => `${literal(Key)}: ${literal(Value)}`);
  return [
    ...(Prefix === undefined || Prefix === '' ? [] : [`prefix: ${literal(Prefix)}`]),
    ...(pairs.length === 0 ? [] : [`tagFilters: { ${pairs.join(', ')} }`]),
    ...(larger === undefined ? [] : [`objectSizeGreaterThan: ${literal(larger)}`]),
    ...(smaller === undefined ? [] : [`objectSizeLessThan: ${literal(smaller)}`]),
  ];
}

function actionProperties(key: string, value: unknown): readonly string[] {
  const held = isRecord(value) ? value : {};
  switch (key) {
    case 'Expiration':
      return held.ExpiredObjectDeleteMarker === true
        ? ['expiredObjectDeleteMarker: true']
        : [held.Days === undefined ? `expirationDate: ${date(held.Date)}` : `expiration: ${days(held.Days)}`];
    case 'AbortIncompleteMultipartUpload':
      return [`abortIncompleteMultipartUploadAfter: ${days(held.DaysAfterInitiation)}`];
    case 'NoncurrentVersionExpiration':
      return [
        `noncurrentVersionExpiration: ${days(held.NoncurrentDays)}`,
        ...(held.NewerNoncurrentVersions === undefined
          ? []
          : [`noncurrentVersionsToRetain: ${literal(held.NewerNoncurrentVersions)}`]),
      ];
    case 'Transitions':
      return [
        `transitions: [${listed(value)
          .map((one) => `{ ${transition(one, 'transition')} }`)
          .join(', ')}]`,
      ];
    case 'NoncurrentVersionTransitions':
      return [
        `noncurrentVersionTransitions: [${listed(value)
          .map((one) => `{ ${transition(one, 'noncurrent')} }`)
          .join(', ')}]`,
      ];
    default:
      return [];
  }
}

function listed(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return (Array.isArray(value) ? value : []).filter(isRecord);
}

function transition(one: Readonly<Record<string, unknown>>, kind: 'transition' | 'noncurrent'): string {
  const { StorageClass, Days, Date: on, NoncurrentDays, NewerNoncurrentVersions: kept } = one;
  const at =
    on === undefined
      ? `transitionAfter: ${days(kind === 'transition' ? Days : NoncurrentDays)}`
      : `transitionDate: ${date(on)}`;
  return [
    `storageClass: new StorageClass(${literal(StorageClass)})`,
    at,
    ...(kept === undefined ? [] : [`noncurrentVersionsToRetain: ${literal(kept)}`]),
  ].join(', ');
}

function days(value: unknown): string {
  return `Duration.days(${literal(value)})`;
}

function date(value: unknown): string {
  return `new Date(${literal(value)})`;
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll(/[\\']/g, '\\$&')}'` : JSON.stringify(value);
}
