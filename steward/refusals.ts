/** What is refused because of what was asked, before anything is written. */

export type Refusal =
  | { readonly code: 'no-such-root'; readonly name: string }
  | { readonly code: 'no-such-pin'; readonly name: string; readonly pins: readonly string[] }
  | { readonly code: 'etag-missing'; readonly name: string; readonly url: string; readonly etag: string }
  | { readonly code: 'other-etag'; readonly url: string; readonly etag: string; readonly given: string }
  | {
      readonly code: 'foreign-ledger';
      readonly location: string;
      /** The ledger that looks after the location, and since when. */
      readonly place: string;
      readonly since: string;
      readonly asked: 'pause' | 'resume';
    }
  | { readonly code: 'no-ledger'; readonly ledger: string }
  | { readonly code: 'no-such-run'; readonly run: string; readonly ledger: string }
  | { readonly code: 'no-such-job'; readonly job: string };

/**
 * The refusal as a sentence. Each door adds what to do next in its own words: a command line, or an event for `manual`.
 */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(sentenceOf(refusal));
    this.refusal = refusal;
  }
}

function sentenceOf(refusal: Refusal): string {
  switch (refusal.code) {
    case 'no-such-root':
      return `${refusal.name}: the area holds no checkpoint or savepoint of that name. Write its path as "flink run -s" takes it.`;
    case 'no-such-pin':
      return `${refusal.name}: no pin, or more than one, fits that name. ${refusal.pins.length === 0 ? 'Nothing is pinned.' : `Pinned are: ${refusal.pins.join(', ')}.`}`;
    case 'etag-missing':
      return `${refusal.name} needs its ETag, so that the declaration holds for this content only. The ETag is ${refusal.etag} now.`;
    case 'other-etag':
      return `${refusal.url} has the ETag ${refusal.etag}, not ${refusal.given}: its content is another one than the one that was meant. Nothing is changed.`;
    case 'foreign-ledger':
      return `Another ledger, ${refusal.place}, has been responsible for ${refusal.location} since ${refusal.since}. Nothing was changed.`;
    case 'no-ledger':
      return `${refusal.ledger}: there is no ledger here yet.`;
    case 'no-such-run':
      return `${refusal.run}: no run of that name is on record in ${refusal.ledger}.`;
    case 'no-such-job':
      return `No job of the area is called ${refusal.job}.`;
    default:
      return refusal satisfies never;
  }
}
