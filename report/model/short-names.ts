/**
 * The names of jobs as the page shows them: of a job id the first digits, as the command line takes them, where that is
 * one job alone. Lists and cards have no room for 32 digits, and nobody reads them.
 */

const JOB_ID = /[0-9a-f]{32}/g;
const DIGITS = 6;
const LONGEST = 40;

/** By label. @param labels each once. */
export function shortNames(labels: readonly string[]): ReadonlyMap<string, string> {
  const uses = new Map<string, number>();
  for (const name of labels.map(shortName)) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return new Map(labels.map((label) => [label, uses.get(shortName(label)) === 1 ? shortName(label) : label]));
}

function shortName(label: string): string {
  const name = label.replace(JOB_ID, (id) => `${id.slice(0, DIGITS)}…`);
  if (name.length <= LONGEST) return name;
  const half = Math.floor((LONGEST - 1) / 2);
  return `${name.slice(0, half)}…${name.slice(-half)}`;
}
