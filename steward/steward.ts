import type { ProtectPatterns } from '#config/glob.ts';
import { type AreaEntry, configWarnings, type StewardConfig } from '#config/steward-config.ts';
import { Area } from '#core/area/area.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { Notes } from './notes.ts';
import { type BucketConnection, LocationError, type OpenedArea, openArea } from './open-area.ts';
import { openLedger, overlapWithLedger } from './open-ledger.ts';
import { checkPlaceNames } from './place-names.ts';
import { surveyInputOf } from './survey-input.ts';

/** The application: a configured area with its ledger, opened. Command line and functions reach everything through it. */

export interface Steward {
  readonly config: StewardConfig;
  readonly locations: OpenedArea['locations'];
  /** Null where nobody named one. */
  readonly ledger: LedgerStore | null;
  /** What a survey of the area takes. */
  readonly input: SurveyInput;
  /** Knows, after a survey, which patterns of `protect` matched nothing. */
  readonly patterns: ProtectPatterns;
  /** Our own clock, epoch milliseconds. */
  readonly clock: () => number;
  readonly notes: Notes;
}

/** A steward that remembers. What changes anything takes one. */
export interface LedgeredSteward extends Steward {
  readonly ledger: LedgerStore;
}

export interface Opening {
  readonly config: StewardConfig;
  /** Directories relative to `cwd`. */
  readonly entries: readonly AreaEntry[];
  /** A directory relative to `cwd`, or `s3://bucket/prefix`; null for none. */
  readonly ledger: string | null;
  readonly cwd: string;
  /** Our own clock, epoch milliseconds. */
  readonly clock: () => number;
  /** The clock of local directories, where another time than now is to count as now: that of a copy. @default `clock` */
  readonly areaClock?: () => number;
  /** How to reach the stores of buckets. @default as the SDK finds them */
  readonly connection?: BucketConnection;
  readonly notes?: Notes;
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens an area and its ledger, and notes settings that endanger state. Nothing is read from either yet.
 *
 * @throws LocationError for a place that can't be used, and where the ledger and the area overlap.
 */
export async function openSteward(opening: Opening & { readonly ledger: string }): Promise<LedgeredSteward>;
export async function openSteward(opening: Opening): Promise<Steward>;
export async function openSteward({
  config,
  entries,
  ledger: place,
  cwd,
  clock,
  areaClock = clock,
  connection = {},
  notes = new Notes(),
  signal,
}: Opening): Promise<Steward> {
  notes.add(...configWarnings(config));
  if (place !== null) await refuseOverlap(place, cwd, entries);
  const ledger = place === null ? null : await openLedger(place, cwd, connection);
  const opened = await openArea(entries, cwd, areaClock, connection);
  const { input, patterns } = surveyInputOf(config, opened, areaClock);
  notes.add(...checkPlaceNames(input));
  return {
    config,
    locations: opened.locations,
    ledger,
    input: { ...input, ...(signal === undefined ? {} : { signal }) },
    patterns,
    clock,
    notes,
  };
}

async function refuseOverlap(place: string, cwd: string, entries: readonly AreaEntry[]): Promise<void> {
  const overlap = await overlapWithLedger(place, cwd, entries);
  if (overlap !== null) {
    const [inner, outer] = overlap.inner === 'ledger' ? [place, overlap.location] : [overlap.location, place];
    throw new LocationError(
      `The ledger and the area must be apart, and ${inner} is inside ${outer}. Nothing is done. Name another place for the ledger: --ledger DIRECTORY, or "ledger" in steward.json.`,
    );
  }
}

/** The area itself, for names: nothing of its content is known. */
export function areaOf({ input }: Pick<Steward, 'input'>): Area {
  return new Area(
    input.locations.map(({ area }) => area),
    input.outside,
    input.aliases,
    input.copies,
  );
}
