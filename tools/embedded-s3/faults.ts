/**
 * Faults that a test or a bench has the server commit, by rules that are looked through for every request.
 */
import type { Operation } from '#tools/embedded-s3/operation.ts';
import type { S3Request } from '#tools/embedded-s3/request.ts';

/** What a rule holds for. What is left out holds for all. */
export interface FaultMatch {
  readonly operation?: Operation | readonly Operation[];
  readonly bucket?: string;
  /** Of the key, or of the prefix of a listing. A string must be equal. */
  readonly key?: string | RegExp;
  /** Of the body, such as the keys that are to be deleted. */
  readonly body?: RegExp;
  /** Which of the requests that match otherwise, counted from 1. */
  readonly nth?: number | readonly number[] | ((nth: number) => boolean);
}

/** One thing that happens to a request. */
export type Fault =
  /** It takes so long longer. */
  | { readonly kind: 'latency'; readonly milliseconds: number }
  /** Something else happens first: the bucket may change between two pages. What it throws is the answer. */
  | { readonly kind: 'run'; readonly callback: (request: S3Request) => void | Promise<void> }
  /** Nothing is done, and this is the answer. The status is the usual one of the code unless it is given. */
  | {
      readonly kind: 'answer';
      readonly code: string;
      readonly status?: number;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Nothing is done, and the connection breaks. */
  | { readonly kind: 'reset' }
  /** Nothing is done, and no answer ever comes. */
  | { readonly kind: 'hang' }
  /** All is done, and the connection breaks instead of the answer. */
  | { readonly kind: 'lose-answer' }
  /** The connection breaks in the midst of the answer's body. */
  | { readonly kind: 'cut-body'; readonly afterBytes: number }
  | { readonly kind: 'slow-body'; readonly bytesAtOnce: number; readonly pauseMilliseconds: number }
  /** The body arrives whole, but is another one. */
  | { readonly kind: 'rewrite-body'; readonly rewrite: (body: string) => string }
  /** A GetObject gives this content, as of that time, not the stored one: a cache that lags. */
  | { readonly kind: 'other-content'; readonly content: Uint8Array; readonly lastModified: number }
  /** This page of a listing is empty but truncated; the missing keys come on later pages. */
  | { readonly kind: 'empty-page' }
  /** A listing starts again instead of continuing, and returns the same continuation token each time. */
  | { readonly kind: 'turn-back' }
  /** The conditions of a write or a deletion are not looked at, as in many stores that speak S3's language. */
  | { readonly kind: 'ignore-conditions' }
  /** A body that holds this is refused, as a store does with a name that its XML can't hold. */
  | { readonly kind: 'refuse-body'; readonly body: RegExp; readonly code: string }
  /** Nothing but a Content-MD5 counts as a checksum of the body, as in stores that know S3 from before 2022. */
  | { readonly kind: 'demand-content-md5'; readonly code: string; readonly message?: string }
  /** A deletion spares these keys and says so, as Object Lock or a policy has it. */
  | { readonly kind: 'refuse-keys'; readonly keys: RegExp; readonly code: string; readonly message?: string };

export interface FaultRule {
  readonly match: FaultMatch;
  readonly do: Fault | readonly Fault[];
}

interface CountedRule {
  readonly rule: FaultRule;
  seen: number;
}

export class Faults {
  #rules: CountedRule[] = [];

  /** @returns what takes the rule away again. */
  add(rule: FaultRule): () => void {
    const counted = { rule, seen: 0 };
    this.#rules.push(counted);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== counted);
    };
  }

  clear(): void {
    this.#rules = [];
  }

  /** What befalls a request: the faults of all rules that match, in the order of the rules. Counts it. */
  of(request: S3Request): readonly Fault[] {
    const all: Fault[] = [];
    for (const counted of this.#rules) {
      const { match, do: faults } = counted.rule;
      if (!matches(match, request)) continue;
      counted.seen++;
      if (isNth(match.nth, counted.seen)) all.push(...(isOne(faults) ? [faults] : faults));
    }
    return all;
  }
}

function isOne(faults: Fault | readonly Fault[]): faults is Fault {
  return 'kind' in faults;
}

function matches({ operation, bucket, key, body }: FaultMatch, request: S3Request): boolean {
  if (operation !== undefined && ![operation].flat().includes(request.operation)) return false;
  if (bucket !== undefined && bucket !== request.bucket) return false;
  if (body !== undefined && !new RegExp(body).test(request.body.toString('utf8'))) return false;
  if (key === undefined) return true;
  const asked = request.key === '' ? (request.query.get('prefix') ?? '') : request.key;
  // A new expression, since one with the flag g or y remembers where it stopped.
  return typeof key === 'string' ? key === asked : new RegExp(key).test(asked);
}

function isNth(wanted: FaultMatch['nth'], nth: number): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'function') return wanted(nth);
  return [wanted].flat().includes(nth);
}
