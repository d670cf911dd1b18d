import { saysAside, saysOtherContent } from './telling-names.ts';

/**
 * What the prefix of a rule tells of the keys below it. It is read in whole folders: `logs/` holds logs, while `audit-log-enricher/`
 * may be a job, and `logs` without a slash takes `logs-enricher/` too.
 */

/** Folders that hold no state, whatever is around them. A word that could be the name of a job is not among them. */
const NO_STATE: ReadonlySet<string> = new Set([
  ...['log', 'logs', 'tmp', 'temp', 'temporary', 'jar', 'jars', 'artifact', 'artifacts', 'artefact', 'artefacts'],
  ...['lib', 'libs', 'usrlib', 'plugin', 'plugins', 'completed-jobs', 'tfstate'],
]);

/** Whether it is certain that no state is below a prefix. */
export function holdsNoState(prefix: string): boolean {
  return foldersOf(prefix).some((folder) => NO_STATE.has(folder));
}

/** Whether a folder of the prefix is called after something that Flink does not restore from, and after nothing else. */
export function isOfOtherContent(prefix: string): boolean {
  return holdsNoState(prefix) || foldersOf(prefix).some((folder) => !/[-_.]/.test(folder) && saysOtherContent(folder));
}

/** Whether a prefix speaks of something beside state, but may be about a job all the same. */
export function mayBeAside(prefix: string): boolean {
  return !holdsNoState(prefix) && saysAside(prefix);
}

/**
 * Whether a prefix matches no key that Flink writes: S3 compares it letter by letter, knows no patterns, and keys have
 * neither a slash nor a scheme in front.
 */
export function matchesNothing(prefix: string): boolean {
  return prefix.startsWith('/') || prefix.includes('*') || /^[a-z][\w+.-]*:\/\//i.test(prefix);
}

/** The folders that a prefix names in full, in lower case. */
function foldersOf(prefix: string): readonly string[] {
  return prefix.toLowerCase().split('/').slice(0, -1);
}
