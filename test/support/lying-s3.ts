import type { Fault, FaultRule } from '#tools/embedded-s3/faults.ts';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';

/** Ways in which S3-compatible stores are no S3, as rules of the embedded one. */

const IGNORED: Fault = { kind: 'ignore-conditions' };

/** MinIO and others. */
export const IGNORES_IF_MATCH_OF_DELETES: FaultRule = {
  match: { operation: ['DeleteObject', 'DeleteObjects'] },
  do: IGNORED,
};
/** versitygw and moto: they honour it of one key. */
export const IGNORES_ETAGS_OF_MANY: FaultRule = { match: { operation: 'DeleteObjects' }, do: IGNORED };
export const IGNORES_CONDITIONS_OF_WRITES: FaultRule = { match: { operation: 'PutObject' }, do: IGNORED };
export const REFUSES_CONDITIONS_OF_DELETES: FaultRule = {
  match: { operation: ['DeleteObject', 'DeleteObjects'] },
  do: { kind: 'answer', code: 'NotImplemented', status: 501 },
};
export const REFUSES_CONDITIONS_OF_WRITES: FaultRule = {
  match: { operation: 'PutObject' },
  do: {
    kind: 'run',
    callback: ({ headers }) => {
      if (headers['if-match'] !== undefined || headers['if-none-match'] !== undefined)
        throw new S3Error('NotImplemented');
    },
  },
};

/** @param key of the prefixes whose listings lie. */
export function listsLate(key?: RegExp): FaultRule {
  return listing((contents) => contents.slice(1), key);
}

/** @param key of the prefixes whose listings lie. */
export function listsOutOfOrder(key?: RegExp): FaultRule {
  return listing((contents) => contents.toReversed(), key);
}

/** @param key of the prefixes whose listings lie. */
export function listsOtherEtags(key?: RegExp): FaultRule {
  return listing((contents) => contents.map((one) => one.replace(/<ETag>&quot;/, '<ETag>&quot;0')), key);
}

/** Changes the objects of each page, which keeps to what is said of their number. */
function listing(change: (contents: readonly string[]) => readonly string[], key?: RegExp): FaultRule {
  const rewrite = (body: string): string => {
    const contents = body.match(/<Contents>.*?<\/Contents>/gs) ?? [];
    const changed = change(contents);
    return body
      .replace(contents.join(''), changed.join(''))
      .replace(/<KeyCount>(\d+)/, (_, count) => `<KeyCount>${Number(count) - contents.length + changed.length}`);
  };
  return {
    match: { operation: 'ListObjectsV2', ...(key === undefined ? {} : { key }) },
    do: { kind: 'rewrite-body', rewrite },
  };
}
