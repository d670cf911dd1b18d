import { configWarnings } from '#config/config-warnings.ts';
import type { ProtectPatterns } from '#config/glob.ts';
import type { AreaEntry, StewardConfig } from '#config/steward-config.ts';
import { Area } from '#core/area/area.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import type { Surroundings } from '#operations/scope/check-scope.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { Notes } from './notes.ts';
import { type BucketConnection, LocationError, type OpenedArea, openArea } from './open-area.ts';
import { openLedger, overlapWithLedger, rootOfLedger } from './open-ledger.ts';
import { checkPlaceNames } from './place-names.ts';
import { openSurroundings } from './surroundings.ts';
import { surveyInputOf } from './survey-input.ts';

/** The application: an open area with its configuration and ledger. The command line and the functions both use it. */

export interface Steward {
  readonly config: StewardConfig;
  readonly locations: OpenedArea['locations'];
  /** Null if none is configured. */
  readonly ledger: LedgerStore | null;
  /** The input of a survey of the area. */
  readonly input: SurveyInput;
  /** What is around the area. */
  readonly surroundings: Surroundings;
  /** The patterns of `protect`; after a survey they know which of them matched nothing. */
  readonly patterns: ProtectPatterns;
  /** The clock of this process, epoch milliseconds. */
  readonly clock: () => number;
  readonly notes: Notes;
}

/** A steward with a ledger. Everything that changes anything needs one. */
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
  /** The clock of this process, epoch milliseconds. */
  readonly clock: () => number;
  /** The clock of local directories; a copy can have another time than now. @default `clock` */
  readonly areaClock?: () => number;
  /** How to reach the stores of buckets. @default as the SDK finds them */
  readonly connection?: BucketConnection;
  readonly notes?: Notes;
  /** Aborts requests in progress. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens an area and its ledger, and notes settings that endanger state. It reads neither of them yet.
 *
 * @throws LocationError for a location that can't be used, and if the ledger and the area overlap.
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
  const { input, patterns } = await surveyInputOf(config, opened, areaClock);
  notes.add(...checkPlaceNames(input));
  return {
    config,
    locations: opened.locations,
    ledger,
    input: { ...input, ...(signal === undefined ? {} : { signal }) },
    surroundings: await openSurroundings({
      ...input,
      locations: opened.locations,
      areaOnly: config.scope === 'area',
      ledger: place === null ? null : await rootOfLedger(place, cwd),
      clock: areaClock,
    }),
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
      `The ledger and the area must be separate, but ${inner} is inside ${outer}. Nothing was done. Move the ledger: --ledger DIRECTORY, or "ledger" in steward.json.`,
    );
  }
}

/** The area without its content, to resolve names. */
export function areaOf({ input }: Pick<Steward, 'input'>): Area {
  return new Area(
    input.locations.map(({ area }) => area),
    input.outside,
    input.aliases,
    input.copies,
  );
}
