import { S3Error } from '#tools/embedded-s3/s3-error.ts';

/** Both ends inclusive, counted from 0. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * What a Range header asks for. As in S3, several ranges and what is no range at all are passed over: the whole object
 * is the answer.
 *
 * @returns null for the whole object.
 * @throws S3Error `InvalidRange` where it contains no byte of the object.
 */
export function parseRange(header: string | undefined, bytes: number): ByteRange | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const to = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (from >= bytes) {
    throw new S3Error('InvalidRange', {
      elements: { RangeRequested: header ?? '', ActualObjectSize: String(bytes) },
      headers: { 'content-range': `bytes */${bytes}` },
    });
  }
  return { from, to };
}
