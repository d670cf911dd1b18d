import { isoTime } from '#core/iso-time.ts';
import { type Ledger, numberOfLastActing, sayActed, settlePlace } from '#operations/ledger/ledger.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import {
  type FoundMarker,
  type Marker,
  type MarkerSpot,
  readMarker,
  whose,
  writeMarker,
} from '#operations/ledger/marker.ts';
import { forgetQuarantine } from '#operations/ledger/run-memory.ts';
import { updateState } from '#operations/ledger/state.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import { StoreError } from '#ports/object-store.ts';
import { refuseOthers } from './foreign-markers.ts';
import { listedSpots, type MarkedLocation, readIfAllowed, spotsBelow } from './marked-locations.ts';

/** Who writes markers, so that what it writes can be told from all else. */
export interface MarkingRun {
  readonly ledger: Ledger;
  /** Name of the run. No other one has it. */
  readonly run: string;
  /** Number of its lease; null for what takes none. */
  readonly lease: number | null;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether this run has begun before to say that it acts; asked once the markers were read. @default it has not */
  readonly again?: () => Promise<boolean>;
}

/** What bears on one location. */
interface Found {
  readonly location: MarkedLocation;
  readonly own: FoundMarker | null;
  readonly above: readonly FoundMarker[];
}

/**
 * The markers of an area as one run reads and writes them: it is refused where another ledger is responsible for the
 * area, a part of it, or what it is a part of, and where two locations are one place under two names.
 *
 * The latter shows by a nonce. Where a marker is new, or names another location than its own, the run writes a fresh
 * nonce to each location and reads all again: what it wrote to one location and finds in another is one and the same
 * object. A marker that was copied or renamed with its place shows no fresh nonce, and is replaced.
 */
export class AreaMarkers {
  /** What people should know, in sentences. */
  readonly notes: string[] = [];
  readonly #locations: readonly MarkedLocation[];
  readonly #by: MarkingRun;
  /** The nonce of each location, once this run has written them. */
  #fresh: readonly string[] = [];
  /** The number by which it says that it acts. */
  #number = 0;
  /** Whether the ledger that was responsible has vanished: then its markers stay until somebody resumes. */
  #isLost = false;

  constructor(locations: readonly MarkedLocation[], by: MarkingRun) {
    this.#locations = locations;
    this.#by = by;
  }

  /**
   * Marks each location as this ledger's. Where the ledger that was responsible has vanished, or an earlier copy of
   * ours was put back, deleting is paused: what people said is not known any more.
   *
   * @throws LedgerError where another ledger is responsible, or one place has two names; StoreError
   */
  async settle(): Promise<void> {
    const found = await this.#read();
    refuseOthers(found.flatMap(allOf), this.#by.ledger);
    const lost = found.find((each) => this.#hasLost(each));
    if (lost !== undefined) {
      this.#isLost = true;
      await this.#pause(missing(lost.location.spot));
      return;
    }
    await this.#settleBehind(found);
    if (found.some((each) => this.#isDoubtful(each))) {
      await this.#writeFresh();
    }
    await settlePlace(this.#by.ledger);
  }

  /**
   * Settles the markers that the listing shows below the locations. To be called before anything is judged.
   *
   * @throws LedgerError where another ledger is responsible for a part, or one place has two names; StoreError
   */
  async settleListed(survey: Pick<Survey, 'area' | 'markers'>): Promise<void> {
    for (const { spot, writer, around } of listedSpots(this.#locations, survey)) {
      const found = await readMarker(spot);
      if (found === null) continue;
      refuseOthers([found], this.#by.ledger, around);
      if (whose(found.marker, this.#by.ledger) === 'lost') {
        await this.#pause(missing(spot));
        await this.#replace(found, writer);
      } else if (!this.#isLost) {
        await this.#settleStray(found, writer);
      }
    }
  }

  /** Says that this run acts, so that an earlier copy of the ledger is known as one. @throws LedgerError */
  async sayActing(): Promise<void> {
    const { lease, ledger } = this.#by;
    if (lease === null) return;
    const number = this.#numberAbove(lease, []);
    await sayActed(ledger, number);
    for (const { spot, writer } of this.#locations) {
      const found = await readMarker(spot);
      if (found !== null && writer !== null) {
        refuseOthers([found], ledger);
        await this.#renew(writer, found, { ...found.marker, lease: number });
      }
    }
  }

  /**
   * Makes each location this ledger's, no matter which ledger it belonged to. Only where the operator asked for it.
   *
   * @param takesParts whether the markers below the locations are replaced as well, for which the area is listed.
   * @returns those above the locations that are another ledger's: nothing is written there.
   * @throws LedgerError where one place has two names; StoreError
   */
  async takeOver(takesParts: boolean): Promise<readonly FoundMarker[]> {
    const { ledger } = this.#by;
    const found = await this.#read();
    const hasLost = found.some((each) => this.#hasLost(each));
    await this.#writeFresh(true);
    await settlePlace(ledger);
    for (const location of takesParts || hasLost ? this.#locations : []) {
      for (const { spot, writer } of await spotsBelow(location)) {
        const part = await readMarker(spot);
        if (part !== null && whose(part.marker, ledger) !== 'ours') await this.#replace(part, writer);
      }
    }
    return found
      .flatMap(({ above }) => above)
      .filter(({ marker }) => isOthers(marker, { ...ledger, place: ledger.store.name }));
  }

  async #read(): Promise<readonly Found[]> {
    const all: Found[] = [];
    for (const location of this.#locations) {
      const above: FoundMarker[] = [];
      for (const spot of location.above) {
        const marker = await readIfAllowed(spot, (sentence) => this.#note(sentence));
        if (marker !== null) above.push(marker);
      }
      all.push({ location, own: await readMarker(location.spot), above });
    }
    return all;
  }

  #note(sentence: string): void {
    if (!this.notes.includes(sentence)) this.notes.push(sentence);
  }

  /** Where the location's own marker is ours somebody has resumed, whatever was lost above it. */
  #hasLost({ own, above }: Found): boolean {
    const isLost = ({ marker }: FoundMarker): boolean => whose(marker, this.#by.ledger) === 'lost';
    return own === null ? above.some(isLost) : isLost(own);
  }

  #isDoubtful({ location, own }: Found): boolean {
    const isOwn = own?.marker.nonce !== undefined && own.marker.location === location.spot.url;
    return !isOwn || whose(own.marker, this.#by.ledger) !== 'ours';
  }

  /**
   * A run that acts says its number in the ledger and then in the markers, so that a ledger that is behind its markers is
   * an earlier copy. The leases that were taken since would tell less: their number grows with every run that only looks.
   */
  async #settleBehind(found: readonly Found[]): Promise<void> {
    const { lease, ledger } = this.#by;
    if (lease === null) return;
    const ahead = await this.#aheadOf(
      lease,
      found.flatMap(({ own }) => own ?? []),
    );
    if (ahead === undefined) return;
    await this.#pause(
      `the ledger is older than the marker of ${ahead.spot.name}: an earlier copy of it was put back, or a part of it was removed. Later pins, declarations and retired checkpoints are unknown, and quarantine begins again`,
    );
    await forgetQuarantine(ledger.store);
    // Only now: from here on the ledger itself tells of the pause.
    const number = this.#numberAbove(lease, found);
    await sayActed(ledger, number);
    await this.#renewAll(found, number);
  }

  /** A marker that this ledger can't have written. Another attempt of this run may have, just before they were read. */
  async #aheadOf(lease: number, markers: readonly FoundMarker[]): Promise<FoundMarker | undefined> {
    const { ledger, again } = this.#by;
    const above = (number: number): FoundMarker | undefined =>
      markers.find(({ marker }) => (marker.lease ?? 0) > number);
    if (ledger.acted !== null) {
      return above(ledger.acted) === undefined ? undefined : above(await numberOfLastActing(ledger));
    }
    // A ledger of 0.1.0 does not say its number: each lease has a higher one than all before it.
    return above(lease) ?? ((await again?.()) === true ? undefined : above(lease - 1));
  }

  /** Of this run: higher than all before it, also than those of which an earlier copy of the ledger does not know. */
  #numberAbove(lease: number, found: readonly Found[]): number {
    const known = found.map(({ own }) => own?.marker.lease ?? 0);
    this.#number = Math.max(lease, this.#number, (this.#by.ledger.acted ?? 0) + 1, ...known.map((each) => each + 1));
    return this.#number;
  }

  async #renewAll(found: readonly Found[], number: number): Promise<void> {
    for (const { location, own } of found) {
      if (own !== null && location.writer !== null)
        await this.#renew(location.writer, own, { ...own.marker, lease: number });
    }
  }

  /**
   * @param replacesOthers whether another ledger's markers above the locations are known, and are to go.
   * @throws LedgerError where one location shows what was written to another, or another ledger has come meanwhile.
   */
  async #writeFresh(replacesOthers = false): Promise<void> {
    this.#fresh = this.#locations.map((_, at) => `${this.#by.run}/${at + 1}`);
    for (const [at, { spot, writer }] of this.#locations.entries()) {
      // As it is by now: what was just written to another location may show here.
      if (writer !== null) await this.#put(writer, spot, await readMarker(spot), this.#fresh[at] ?? '');
    }
    const found = await this.#read();
    // Another one may have been written above since: its run sees ours in its listing only if that came after ours.
    if (!replacesOthers) refuseOthers(found.flatMap(allOf), this.#by.ledger);
    for (const [at, { own, above }] of found.entries()) {
      if (own !== null) this.#refuseTwin(own, at);
      for (const marker of above) this.#refuseTwin(marker, null);
    }
  }

  /** @param at the location whose own marker this is; null where it is none's. */
  #refuseTwin({ spot, marker }: FoundMarker, at: number | null): void {
    const other = marker.nonce === undefined ? -1 : this.#fresh.indexOf(marker.nonce);
    if (other < 0 || other === at) return;
    const name = this.#locations[other]?.spot.name;
    throw new LedgerError(
      `${spot.name} and ${name} are one place under two names, or one is a part of the other: the marker that this run has just written to ${name} shows in ${spot.name}. What no checkpoint references by one of the names would be garbage under that name, so nothing was changed. Keep one of the two locations, and declare the other name in "aliases" of steward.json.`,
    );
  }

  /** Writes a marker of this ledger in the place of whatever is there. */
  async #put(writer: AreaWriter, spot: MarkerSpot, there: FoundMarker | null, nonce: string): Promise<void> {
    const { ledger, now } = this.#by;
    const before = there === null ? null : whose(there.marker, ledger);
    const isOurs = before === 'ours';
    const marker: Marker = {
      steward: 1,
      ledger: ledger.id,
      place: ledger.store.name,
      since: there !== null && isOurs ? there.marker.since : isoTime(now()),
      location: spot.url,
      nonce,
      ...(there !== null && isOurs && there.marker.lease !== undefined ? { lease: there.marker.lease } : {}),
      ...(there?.marker.store === undefined ? {} : { store: there.marker.store }),
    };
    if (there !== null && isOurs) {
      await this.#renew(writer, there, marker);
      return;
    }
    await this.#claim(writer, spot, marker, there?.etag ?? null);
    if (before === 'moved here') {
      this.#note(
        `The ledger was moved from ${there?.marker.place} to ${ledger.store.name}. The marker of ${spot.name} says so from now on, and a run with the ledger in the former place is refused.`,
      );
    }
  }

  /** @throws LedgerError where somebody else was first. */
  async #claim(writer: AreaWriter, spot: MarkerSpot, marker: Marker, etag: string | null): Promise<void> {
    const put = await writeMarker(writer, spot, marker, etag);
    if (put.outcome === 'written') return;
    // A pin and a run of one ledger may come together; and another location of ours may be this very place.
    const there = await readMarker(spot);
    if (there === null || whose(there.marker, this.#by.ledger) !== 'ours') {
      throw new LedgerError(
        `Another steward has just written its marker to ${spot.name}. Nothing was changed; run again to see which ledger is responsible.`,
      );
    }
  }

  /** What is ours already is so whether or not it is renewed: a store that refuses that stops no run. */
  async #renew(writer: AreaWriter, { spot, etag }: FoundMarker, marker: Marker): Promise<void> {
    try {
      await this.#claim(writer, spot, marker, etag);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#note(`The marker of ${spot.name} could not be renewed: ${error.message}`);
    }
  }

  /** Ours, where no location begins: copied there, or that of a location of which this is another name. */
  async #settleStray({ spot, marker }: FoundMarker, writer: AreaWriter | null): Promise<void> {
    if (marker.location === spot.url) return;
    if (this.#fresh.length === 0) await this.#writeFresh();
    const now = await readMarker(spot);
    if (now !== null) {
      this.#refuseTwin(now, null);
      await this.#replace(now, writer);
    }
  }

  async #replace(found: FoundMarker, writer: AreaWriter | null): Promise<void> {
    if (writer !== null) await this.#put(writer, found.spot, found, `${this.#by.run}/${found.spot.key}`);
  }

  async #pause(why: string): Promise<void> {
    const at = isoTime(this.#by.now());
    await updateState(this.#by.ledger.store, (state) =>
      state.paused === null ? { ...state, paused: { at, why, by: null } } : state,
    );
  }
}

function allOf({ own, above }: Found): readonly FoundMarker[] {
  return own === null ? above : [own, ...above];
}

function isOthers(marker: Marker, ledger: Ledger): boolean {
  const theirs = whose(marker, ledger);
  return theirs === 'foreign' || theirs === 'moved away';
}

function missing({ name }: MarkerSpot): string {
  return `the ledger that was responsible for ${name} is missing; its pins, retired checkpoints and declarations are unknown`;
}
