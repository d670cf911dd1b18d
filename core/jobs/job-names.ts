/**
 * Names that Flink clusters report for their jobs. They are for people: nothing that is decided about an object or a root
 * depends on them.
 */

/** The name of a job id, and what stands for the id in labels. */
export interface KnownName {
  /** As Flink reports it. */
  readonly name: string;
  /** The name, or the name with the first digits of the id where several jobs of that name run at once. */
  readonly label: string;
}

/** By job id. */
export type KnownNames = ReadonlyMap<string, KnownName>;

/** Where no cluster was asked, and none is remembered. */
export const NO_NAMES: KnownNames = new Map();

const DIGITS = 6;
const LONGEST = 200;

/**
 * The names of the jobs that run, beside those that are known already. A job keeps the label that it has been given, as long as
 * Flink calls it by the same name, also when no cluster knows it any more: reports, metrics and histories go by it.
 *
 * @param reported what all clusters say; an id that has two names is not named.
 */
export function namesOf(
  reported: readonly { readonly jobId: string; readonly name: string }[],
  known: KnownNames,
): KnownNames {
  const running = new Map<string, Set<string>>();
  for (const { jobId, name } of reported) {
    running.set(jobId, (running.get(jobId) ?? new Set()).add(nameFor(name)));
  }
  const names = new Map(known);
  const unnamed = new Map<string, string>();
  for (const [id, all] of running) {
    const [name = '', ...others] = all;
    // Flink gives the id in place of a name that it does not know yet.
    const isName = others.length === 0 && name !== '' && name !== id;
    if (isName && known.get(id)?.name !== name) unnamed.set(id, name);
  }
  const kept = [...running.keys()].filter((id) => !unnamed.has(id)).flatMap((id) => known.get(id)?.name ?? []);
  for (const [id, name] of unnamed) {
    const isShared = kept.includes(name) || [...unnamed].some(([other, itsName]) => other !== id && itsName === name);
    names.set(id, { name, label: isShared ? `${name} (${id.slice(0, DIGITS)})` : name });
  }
  return names;
}

/** On one line and no longer than a line should be. */
function nameFor(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST);
}

/** A label in which the name of the job stands for its id. Labels that don't tell the id are left as they are. */
export function withName(label: string, job: string | null, names: KnownNames): string {
  const name = job === null ? undefined : names.get(job)?.label;
  return name === undefined || job === null ? label : label.replaceAll(job, () => name);
}
