/** Which jobs a person means by a text. Ids are long, so the first digits will do; a label may be that of many submissions. */

/** What a job is called by. */
export interface Called {
  /** 32 hex digits in lower case; null where no path tells it. */
  readonly job: string | null;
  readonly label: string;
}

/** Fewer digits are too easily typed by mistake. */
const SHORTEST = 4;

/** The jobs that were found, or the different jobs among which one has to be chosen. */
export type Meant<Job> =
  | { readonly jobs: readonly Job[] }
  /** One job for each id. */
  | { readonly several: readonly Job[] };

/**
 * The jobs of an id, else of a label, else those whose id begins with these digits. One id may have several directories, and
 * one label several ids: all of them are meant. If several ids begin with the digits, one has to be chosen.
 *
 * @returns no jobs where none is called so.
 */
export function meantJobs<Job extends Called>(all: readonly Job[], text: string): Meant<Job> {
  const id = text.toLowerCase();
  const exact = all.filter(({ job }) => job === id);
  if (exact.length > 0) return { jobs: exact };
  const labelled = all.filter(({ label }) => label === text);
  if (labelled.length > 0) return { jobs: labelled };
  const begun = id.length < SHORTEST ? [] : all.filter(({ job }) => job?.startsWith(id));
  const byId = new Map(begun.map((one) => [one.job, one]));
  return byId.size > 1 ? { several: [...byId.values()] } : { jobs: begun };
}
