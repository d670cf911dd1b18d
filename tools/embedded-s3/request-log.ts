import type { Operation } from '#tools/embedded-s3/operation.ts';
import type { S3Request } from '#tools/embedded-s3/request.ts';

export interface LoggedRequest {
  readonly operation: Operation;
  readonly bucket: string;
  /** Of a listing, its prefix. */
  readonly key: string;
}

/** So many are remembered one by one; the counts go on. */
const MOST_REMEMBERED = 100_000;

/** What was asked of the server. */
export class RequestLog {
  readonly #counts = new Map<Operation, number>();
  #requests: LoggedRequest[] = [];
  #atOnce = 0;
  #peak = 0;

  /** In the order of their coming. */
  get requests(): readonly LoggedRequest[] {
    return this.#requests;
  }

  /** The most requests that were under way at the same time. */
  get peak(): number {
    return this.#peak;
  }

  /** Requests of one operation, or of all. */
  count(operation?: Operation): number {
    if (operation !== undefined) return this.#counts.get(operation) ?? 0;
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** By operation, of those that were asked at all. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  clear(): void {
    this.#counts.clear();
    this.#requests = [];
    this.#peak = this.#atOnce;
  }

  /** @returns what is to be called when the answer is out or given up. */
  began({ operation, bucket, key, query }: S3Request): () => void {
    this.#counts.set(operation, this.count(operation) + 1);
    if (this.#requests.length < MOST_REMEMBERED) {
      this.#requests.push({ operation, bucket, key: key === '' ? (query.get('prefix') ?? '') : key });
    }
    this.#atOnce++;
    this.#peak = Math.max(this.#peak, this.#atOnce);
    return () => {
      this.#atOnce--;
    };
  }
}
