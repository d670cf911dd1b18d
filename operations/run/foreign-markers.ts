import { MARKER_NAME } from '#core/collect/marker-name.ts';
import type { Ledger } from '#operations/ledger/ledger.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { type FoundMarker, type MarkerSpot, type Whose, whose } from '#operations/ledger/marker.ts';
import type { Survey } from '#operations/look/survey.ts';
import { listedSpots, type MarkedLocation, readIfAllowed } from './marked-locations.ts';

/** Markers that give a place to another ledger: who acts is refused, and who looks is told. */

/**
 * @param ours the marker of the location in which these are, where it is this ledger's already: it refuses the runs of the
 * other one until somebody removes it.
 * @throws LedgerError for the first that gives its place to another ledger, or to ours in another place.
 */
export function refuseOthers(found: readonly FoundMarker[], ledger: Ledger, ours: MarkerSpot | null = null): void {
  for (const each of found) {
    const theirs = whose(each.marker, ledger);
    if (theirs === 'foreign' || theirs === 'moved away') {
      const nothing = ours === null ? 'nothing was changed' : 'nothing was deleted or retired';
      const why =
        theirs === 'foreign'
          ? `Two ledgers don't know each other's pins and retired checkpoints, so ${nothing}.`
          : `What was declared there since is unknown here, so ${nothing}.`;
      const first = ours === null ? '' : ` and remove ${ours.url}${MARKER_NAME}, with which this ledger refuses it`;
      throw new LedgerError(
        `${sentenceOf(each, theirs)} ${why} Use that ledger (--ledger ${each.marker.place})${first}. If it is gone for good, take the area over: steward resume --take-over --execute`,
      );
    }
  }
}

/** The first marker of the locations, or above them, that is one of these; null where there is none. @throws StoreError, LedgerError */
export async function markerThatIs(
  kinds: readonly Whose[],
  locations: readonly MarkedLocation[],
  ledger: Ledger,
  onDenied: (sentence: string) => void,
): Promise<FoundMarker | null> {
  for (const { spot, above } of locations) {
    for (const each of [spot, ...above]) {
      const found = await readIfAllowed(each, onDenied);
      if (found !== null && kinds.includes(whose(found.marker, ledger))) return found;
    }
  }
  return null;
}

/**
 * What a run that executes would be refused for, in sentences, or would say.
 *
 * @param survey for the markers below the locations; null for those of the locations and above them.
 * @throws StoreError
 */
export async function markerNotes(
  locations: readonly MarkedLocation[],
  ledger: Ledger,
  survey: Pick<Survey, 'area' | 'markers'> | null,
): Promise<readonly string[]> {
  const own = locations.flatMap(({ spot, above }) => [spot, ...above]);
  const spots = survey === null ? own : listedSpots(locations, survey).map(({ spot }) => spot);
  const notes: string[] = [];
  for (const spot of spots) {
    notes.push(...(await notesOn(spot, ledger)));
  }
  return [...new Set(notes)];
}

async function notesOn(spot: MarkerSpot, ledger: Ledger): Promise<readonly string[]> {
  const notes: string[] = [];
  try {
    const found = await readIfAllowed(spot, (sentence) => notes.push(sentence));
    const theirs = found === null ? 'ours' : whose(found.marker, ledger);
    if (found !== null && theirs !== 'ours') notes.push(`${sentenceOf(found, theirs)} ${CONSEQUENCE[theirs]}`);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    notes.push(error.message);
  }
  return notes;
}

const CONSEQUENCE = {
  foreign: 'With --execute this is refused.',
  'moved away': 'With --execute this is refused.',
  lost: 'With --execute deleting is paused.',
  'moved here': 'With --execute the marker says so from then on.',
} as const satisfies Record<Exclude<Whose, 'ours'>, string>;

function sentenceOf({ spot, marker }: FoundMarker, theirs: Exclude<Whose, 'ours'>): string {
  switch (theirs) {
    case 'foreign':
      return `Another ledger, ${marker.place}, has been responsible for ${spot.name} since ${marker.since}.`;
    case 'moved away':
      return `This ledger was moved or copied to ${marker.place}, which has been responsible for ${spot.name} since ${marker.since}.`;
    case 'lost':
      return `The ledger that was responsible for ${spot.name} is missing.`;
    case 'moved here':
      return `The ledger that is responsible for ${spot.name} was moved here from ${marker.place}.`;
    default:
      return theirs satisfies never;
  }
}
