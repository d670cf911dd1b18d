/**
 * A job's label as the value of a CloudWatch dimension: ASCII without control characters, not beginning with a colon,
 * not blank, 1,024 characters at most (CloudWatch API reference, "Dimension"). What is no such character is written
 * as a URL writes it, so that two jobs never share a metric and the label can be told from its metric.
 */

/** Of the metrics of one job. */
export const JOB_DIMENSION = 'Job';
/** Of metrics of one state, beside its job. */
export const STATE_DIMENSION = 'State';
/** Of totals of one location, where an area has several. */
export const AREA_DIMENSION = 'Area';

const LONGEST = 1024;
const CUT = '...';

/** The value of a job's dimension. Of a label that is too long the end is kept, which tells jobs apart. */
export function dimensionOf(label: string): string {
  const plain = escaped(label);
  return plain.length <= LONGEST ? plain : `${CUT}${plain.slice(CUT.length - LONGEST)}`;
}

/** The label of a job whose metric has this dimension; of a label that was too long what was left of it. */
export function labelOfDimension(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // Not ours: somebody else publishes in our namespace.
    return value;
  }
}

function escaped(label: string): string {
  const text = label
    .replace(/\p{Cs}/gu, '\ufffd')
    // Blanks are allowed among others, and easier to read as they are.
    .replace(/[^\x20-\x24\x26-\x7e]/gu, (character) => encodeURIComponent(character))
    .replace(/^:/, '%3A');
  return /^ *$/.test(text) ? text.replaceAll(' ', '%20') || '%20' : text;
}
