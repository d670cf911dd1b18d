import { StoreError } from '#ports/object-store.ts';

/**
 * Pages in a row without one key. S3 gives such pages where it had to pass over much that it does not show, such as
 * delete markers; so many of them would have passed over a million.
 */
export const MOST_EMPTY_PAGES = 1_000;

/**
 * Follows a listing from page to page by what each says continues it. A page that leads back to where the listing has
 * been before would let it go round for ever, while the run's lease is renewed.
 */
export class PageTrail {
  readonly #place: string;
  readonly #seen = new Set<string>();
  #empty = 0;

  /** @param place what is listed, as people know it. */
  constructor(place: string) {
    this.#place = place;
  }

  /**
   * @param token with which the page continues the listing.
   * @param isEmpty whether it shows nothing itself.
   * @throws StoreError where that leads nowhere
   */
  follow(token: string, isEmpty: boolean): void {
    if (this.#seen.has(token)) throw this.#astray('returned the same continuation token twice');
    this.#seen.add(token);
    this.#empty = isEmpty ? this.#empty + 1 : 0;
    if (this.#empty > MOST_EMPTY_PAGES) throw this.#astray(`has ${this.#empty} pages in a row without a key`);
  }

  #astray(what: string): StoreError {
    return new StoreError(
      'unavailable',
      `The listing of ${this.#place} ${what}, and may never end, so its contents are unknown. Check what is ` +
        'between this machine and the store: S3 does not list like this.',
    );
  }
}
