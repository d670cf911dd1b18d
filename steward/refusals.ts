/** Requests that are refused before anything is written. */

export type Refusal =
  | { readonly code: 'no-such-root'; readonly name: string }
  | { readonly code: 'several-roots'; readonly name: string; readonly urls: readonly string[] }
  | { readonly code: 'several-objects'; readonly name: string; readonly urls: readonly string[] }
  | { readonly code: 'no-such-pin'; readonly name: string; readonly pins: readonly string[] }
  | { readonly code: 'etag-missing'; readonly name: string; readonly url: string; readonly etag: string }
  | { readonly code: 'other-etag'; readonly url: string; readonly etag: string; readonly given: string }
  | {
      readonly code: 'foreign-ledger';
      readonly location: string;
      /** The ledger that is responsible for the location. */
      readonly place: string;
      readonly since: string;
      readonly asked: 'pause' | 'resume';
    }
  | { readonly code: 'no-ledger'; readonly ledger: string }
  | { readonly code: 'no-such-run'; readonly run: string; readonly ledger: string }
  | { readonly code: 'several-runs'; readonly name: string; readonly runs: readonly string[] }
  | { readonly code: 'no-such-job'; readonly job: string }
  | { readonly code: 'several-jobs'; readonly name: string; readonly jobs: readonly string[] }
  | { readonly code: 'several-directories'; readonly job: string; readonly directories: readonly string[] };

/**
 * A refusal, with a sentence as its message. The caller adds what to do next: the command line a command, `manual` an
 * event.
 */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(sentenceOf(refusal));
    this.refusal = refusal;
  }
}

/** Whether it was refused because another ledger is responsible for the area, which no other question changes. */
export function isOfAnotherLedger(error: unknown): boolean {
  return error instanceof RefusedError && error.refusal.code === 'foreign-ledger';
}

/** Of names in a sentence. */
const MOST_NAMED = 10;

function someOf(names: readonly string[]): string {
  return `${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ', …' : ''}`;
}

function sentenceOf(refusal: Refusal): string {
  switch (refusal.code) {
    case 'no-such-root':
      return `${refusal.name}: the area contains no checkpoint or savepoint of that name. Write its path as for "flink run -s".`;
    case 'several-roots':
      return `${refusal.name}: this name matches ${refusal.urls.length} checkpoints and savepoints. Nothing was changed. Give a longer part of one of these paths: ${someOf(refusal.urls)}.`;
    case 'several-objects':
      return `${refusal.name}: runs deleted ${refusal.urls.length} objects that this name matches. Give a longer part of one of these paths: ${someOf(refusal.urls)}.`;
    case 'no-such-pin':
      return `${refusal.name}: this name does not match exactly one pin. Nothing was changed. ${refusal.pins.length === 0 ? 'Nothing is pinned.' : `Pinned roots: ${refusal.pins.join(', ')}.`}`;
    case 'etag-missing':
      return `To declare ${refusal.name} dead, give its ETag, so that the declaration applies only to this content. Nothing was changed. The ETag is ${refusal.etag} now.`;
    case 'other-etag':
      return `${refusal.url} has the ETag ${refusal.etag}, not ${refusal.given}, so its content has changed. Nothing was changed by this command.`;
    case 'foreign-ledger':
      return `Another ledger, ${refusal.place}, has been responsible for ${refusal.location} since ${refusal.since}. Nothing was changed.`;
    case 'no-ledger':
      return `The ledger ${refusal.ledger} does not exist yet.`;
    case 'no-such-run':
      return `${refusal.run}: the ledger ${refusal.ledger} contains no run of that name.`;
    case 'several-runs':
      return `${refusal.name}: the names of ${refusal.runs.length} runs begin like this. Nothing was changed. Give more characters of one name: ${someOf(refusal.runs)}.`;
    case 'no-such-job':
      return `No job in the area is called ${refusal.job}.${/^[0-9a-f]{1,3}$/i.test(refusal.job) ? ' Give at least the first four digits of an id.' : ''}`;
    case 'several-directories':
      return `Job ${refusal.job} has several directories: ${refusal.directories.join(', ')}. They may be of different jobs. Nothing was changed. Name one of them.`;
    case 'several-jobs':
      return `${refusal.name}: this name matches ${refusal.jobs.length} jobs. Nothing was changed. Give the id of one of them: ${someOf(refusal.jobs)}.`;
    default:
      return refusal satisfies never;
  }
}
