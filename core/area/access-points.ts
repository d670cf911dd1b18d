/**
 * Names by which S3 leads to a bucket without being its name. References that were written through one lead nowhere
 * to a reader who knows the bucket only, and one that is surveyed beside its bucket shows each object twice.
 */

export interface AccessPoint {
  readonly kind: 'alias' | 'arn' | 'multi-region';
  /** With an article, for people. */
  readonly what: string;
  /** How references that were written through it begin. */
  readonly name: string;
}

const ARN =
  /^arn:aws[a-z-]*:s3(?:-outposts|-object-lambda)?:(?<region>[a-z0-9-]*):\d{12}:(?:outpost[:/][A-Za-z0-9-]+[:/])?accesspoint[:/][A-Za-z0-9-]+(?<multi>\.mrap)?/;
/** The alias that S3 gives an access point: of one in general, in an Outpost, of Object Lambda, of a volume of FSx. */
const ALIAS = /^[a-z0-9-]+(?:-s3alias|--op-s3|--ol-s3)$/;
const MULTI_REGION = /^[a-z0-9]+\.mrap(?:\.accesspoint\.s3-global\.amazonaws\.com)?$/;

/**
 * The access point that a URL of S3 leads through, or that an ARN is of; null where there is none.
 *
 * @param text `s3a://…`, or an ARN as such.
 */
export function accessPointOf(text: string): AccessPoint | null {
  const rest = text.replace(/^s3[anp]?:\/\//i, '');
  const arn = ARN.exec(rest);
  if (arn !== null) {
    const isMultiRegion = arn.groups?.multi !== undefined;
    return {
      kind: isMultiRegion ? 'multi-region' : 'arn',
      what: isMultiRegion ? 'the ARN of a multi-region access point' : 'the ARN of an access point',
      name: `s3://${arn[0]}`,
    };
  }
  const [bucket = ''] = rest.split('/');
  const name = `s3://${bucket}`;
  if (rest === text) {
    return null;
  }
  if (MULTI_REGION.test(bucket)) {
    return { kind: 'multi-region', what: 'a multi-region access point', name };
  }
  return ALIAS.test(bucket) ? { kind: 'alias', what: 'an access point alias', name } : null;
}

/** An alias can be listed like a bucket; the others can't. */
export function isListable({ kind }: AccessPoint): boolean {
  return kind === 'alias';
}

/** What to do with one that was given as a location and can't be listed, in sentences. */
export function insteadOf({ kind, what, name }: AccessPoint): string {
  const begin = `That is ${what}, and only a bucket can be listed. Use the bucket behind it instead: s3://BUCKET/prefix. If jobs write that name into their checkpoints, add "aliases": {${JSON.stringify(name)}: "s3://BUCKET"} to steward.json.`;
  return kind === 'multi-region'
    ? `${begin} The other buckets behind it are copies of that one: where they are part of the area, add "copies": {"s3://BUCKET": "s3://OTHER-BUCKET"}.`
    : begin;
}
