import { isJobId, METADATA_NAME } from './names.ts';

/** A job id is long, so people write its first digits; fewer are too easily typed by mistake. */
const FIRST_DIGITS = /^[0-9a-f]{4,31}$/i;

/**
 * Whether the path of an object, or that of the directory of a root, ends with the segments that a person wrote. The first
 * of several segments may be the first digits of a job id: `9468/chk-42`.
 *
 * @param path a key or a URL.
 * @param text slashes around it do not matter.
 */
export function endsWithPath(path: string, text: string): boolean {
  const end = text.replace(/^\/+|\/+$/g, '');
  return end !== '' && (endsWith(path, end) || endsWith(path, `${end}/${METADATA_NAME}`));
}

function endsWith(path: string, end: string): boolean {
  if (`/${path}`.endsWith(`/${end}`)) return true;
  const [first = '', ...rest] = end.split('/');
  if (rest.length === 0 || !FIRST_DIGITS.test(first) || !path.endsWith(`/${rest.join('/')}`)) return false;
  const id = path.split('/').at(-1 - rest.length);
  return isJobId(id) && id.startsWith(first.toLowerCase());
}
