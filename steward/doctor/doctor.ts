import { isoTime } from '#core/iso-time.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { markedLocations } from '#operations/run/marked-locations.ts';
import { probeStores, type StoreFindings } from '../probe.ts';
import type { Steward } from '../steward.ts';
import { checkClusters } from './clusters.ts';
import { checkConfiguration } from './configuration.ts';
import { checkCredentials } from './credentials.ts';
import { type Examined, examinedLocations } from './examined.ts';
import { asStoreError, CHECKS, type Finding, failureFinding, finding } from './finding.ts';
import { checkGuard } from './guard.ts';
import { checkLedger, type LedgerFindings, ledgerFailure } from './ledger.ts';
import { checkLedgerWriting } from './ledger-writing.ts';
import { checkLifecycle } from './lifecycle.ts';
import { checkMarker, type MarkerFindings } from './marker.ts';
import { checkReach, notAsked } from './reach.ts';
import { checkReading } from './reading.ts';
import { checkScopeOf } from './scope.ts';
import { checkStore, probedFinding } from './store.ts';
import { checkVersioning } from './versioning.ts';
import { checkWriting } from './writing.ts';

/** Finds out whether everything is there that runs need, and says what to do about what is not. */

export type { CheckName, CheckState, Finding, GrantStatement, NextStep } from './finding.ts';
export { CHECK_STATES, CHECKS } from './finding.ts';

export interface Doctoring {
  /** The file of the configuration, as people know it; null where there is none. */
  readonly configFile: string | null;
  /** Whether it is tried what writes and deletes, with objects of the steward's own. */
  readonly write: boolean;
  readonly signal?: AbortSignal | undefined;
  /** How many objects outside the area are listed by now. */
  readonly onListedOutside?: ((objects: number) => void) | undefined;
}

/** What the doctor has found. */
export interface DoctorReport {
  /** When it was asked, ISO 8601, by the clock of this machine. */
  readonly at: string;
  /** The area, as people know its locations. */
  readonly area: readonly string[];
  /** What holds for all locations first, then location by location; in the order of the checks. */
  readonly findings: readonly Finding[];
}

/**
 * Examines an area, its ledger and its stores. What a store refuses is a finding and no error.
 *
 * Without `write` it is a look: it writes nothing but what it has seen around the area, which saves the next run a pass,
 * and that only into a ledger that exists and is this area's.
 *
 * @throws what ends `signal`.
 */
export async function examine(steward: Steward, doctoring: Doctoring): Promise<DoctorReport> {
  const { signal, write, configFile, onListedOutside } = doctoring;
  const credentials = await checkCredentials(steward);
  const hasCredentials = credentials.every(({ state }) => state === 'ok');
  const ledger = await checkLedger(steward);
  const all: Finding[] = [
    ...checkConfiguration(steward, configFile),
    ...credentials,
    ...ledger.findings,
    ...(await checkClusters(steward, signal)),
  ];
  const isReadable =
    ledger.findings.every(({ state }) => state !== 'not-checked') && ledger.findings[0]?.state !== 'wrong';
  if (write && steward.ledger !== null && isReadable)
    all.push(await checkLedgerWriting(steward.ledger, steward.clock()));
  let isOthers = false;
  let isReached = hasCredentials;
  for (const place of examinedLocations(steward.locations, signal)) {
    const examined = await examineLocation(steward, place, ledger, hasCredentials, write);
    all.push(...examined.findings);
    isOthers ||= examined.isOthers;
    isReached &&= examined.isReached;
  }
  if (isReached) {
    all.push(...(await scopeFindings(steward, { ...ledger, isOthers, signal, onListed: onListedOutside })));
  } else if (steward.surroundings.parts.length > 0) {
    all.push(
      finding('scope', null, 'not-checked', 'What is around the area was not listed: a location does not answer.'),
    );
  }
  return { at: isoTime(steward.clock()), area: steward.locations.map(({ area }) => area.name), findings: sorted(all) };
}

interface ExaminedLocation {
  readonly findings: readonly Finding[];
  readonly isOthers: boolean;
  readonly isReached: boolean;
}

async function examineLocation(
  steward: Steward,
  place: Examined,
  { ledger }: LedgerFindings,
  hasCredentials: boolean,
  write: boolean,
): Promise<ExaminedLocation> {
  const isBucket = place.location.reach.kind === 'bucket';
  if (isBucket && !hasCredentials) return { findings: [notAsked(place)], isOthers: true, isReached: false };
  const { findings, answers, listable } = await checkReach(place, steward.clock);
  if (!answers) return { findings: [...findings, notAsked(place)], isOthers: true, isReached: false };
  const all = [
    ...findings,
    ...(await checkVersioning(place)),
    ...(await checkLifecycle(place, steward.clock())),
    ...(await checkGuard(place, steward, ledger?.store ?? null)),
  ];
  // Without the right to list, S3 does not tell what is absent from what must not be read.
  if (!listable) return { findings: [...all, notAsked(place)], isOthers: true, isReached: true };
  const marker = await markerOf(steward, place, ledger);
  all.push(await checkReading(place), ...marker.findings);
  if (write) all.push(...(await writeFindings(steward, place)));
  else all.push(...(await checkStore(place, marker.own)));
  return { findings: all, isOthers: marker.isOthers, isReached: true };
}

async function markerOf(steward: Steward, place: Examined, ledger: LedgerFindings['ledger']): Promise<MarkerFindings> {
  const marked = markedLocations(steward.input.locations, [])[place.at];
  if (marked === undefined) throw new RangeError(`${place.name} is no location of the area.`);
  return await checkMarker(place, marked, { store: steward.ledger, ledger });
}

async function writeFindings(steward: Steward, place: Examined): Promise<readonly Finding[]> {
  let store: StoreFindings | undefined;
  const findings: Finding[] = [];
  try {
    [store] = await probeStores({ ...steward, locations: [place.location], input: inputOf(steward, place) });
    if (store !== undefined) findings.push(...probedFinding(store));
  } catch (error) {
    findings.push(
      error instanceof LedgerError
        ? finding('store', place.name, 'not-checked', error.message)
        : failureFinding('store', place.name, asStoreError(error, place.signal), place.arn),
    );
  }
  return [...findings, ...(await checkWriting(place, store))];
}

/** The input of a survey of one location alone. */
function inputOf({ input }: Steward, { at }: Examined): Steward['input'] {
  return { ...input, locations: input.locations.slice(at, at + 1) };
}

async function scopeFindings(
  steward: Steward,
  {
    ledger,
    ...checking
  }: Omit<LedgerFindings, 'findings'> & {
    readonly isOthers: boolean;
    readonly signal: AbortSignal | undefined;
    readonly onListed: Doctoring['onListedOutside'];
  },
): Promise<readonly Finding[]> {
  const store = ledger?.store ?? null;
  try {
    return await checkScopeOf(steward, { ...checking, ledger: store });
  } catch (error) {
    checking.signal?.throwIfAborted();
    if (store === null) throw error;
    return [ledgerFailure('scope', store, error)];
  }
}

/** What holds for all locations comes first; otherwise in the order in which it was found, check by check. */
function sorted(findings: readonly Finding[]): readonly Finding[] {
  const places = [...new Set(findings.map(({ location }) => location))].sort(
    (a, b) => Number(a !== null) - Number(b !== null),
  );
  const rank = ({ location, check }: Finding): number =>
    places.indexOf(location) * CHECKS.length + CHECKS.indexOf(check);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}
