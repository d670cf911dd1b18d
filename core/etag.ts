/**
 * An ETag in a form that can be held against another one of the same object. Stores differ from answer to answer in the
 * quotes, in the mark of a weak one (`W/`, which gateways add), and in the case of the digits.
 */
export function comparableEtag(etag: string): string {
  return etag
    .replace(/^W\//i, '')
    .replace(/^"(.*)"$/, '$1')
    .toLowerCase();
}
