import { moment } from '#core/quantity.ts';
import type { Ledger } from '#operations/ledger/ledger.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { type FoundMarker, type MarkerSpot, readMarker, whose } from '#operations/ledger/marker.ts';
import type { MarkedLocation } from '#operations/run/marked-locations.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { Examined } from './examined.ts';
import { asStoreError, type Finding, failureFinding, finding } from './finding.ts';

/** Which ledger is responsible for a location, by its marker and those of the folders above it. */

export interface MarkerFindings {
  readonly findings: readonly Finding[];
  /** Whether another ledger is responsible, or it is unknown which. */
  readonly isOthers: boolean;
  /** The location's own marker; null where there is none, or it can't be read. */
  readonly own: FoundMarker | null;
}

/** @param store of the ledger that is used; null for none. `ledger` is null while there is nothing in it. */
export async function checkMarker(
  place: Examined,
  { spot, above }: MarkedLocation,
  { store, ledger }: { readonly store: LedgerStore | null; readonly ledger: Ledger | null },
): Promise<MarkerFindings> {
  const findings: Finding[] = [];
  let own: FoundMarker | null = null;
  for (const each of [spot, ...above]) {
    try {
      const found = await readMarker(each);
      own = each === spot ? found : own;
      if (found !== null) findings.push(markerFinding(place.name, found, store, ledger));
    } catch (error) {
      findings.push(unreadable(place, each, error));
    }
  }
  if (findings.length === 0) {
    const none = 'There is none: no run has deleted or retired here yet. The first one with --execute writes it.';
    findings.push(finding('marker', place.name, 'ok', none));
  }
  return { findings, isOthers: findings.some(({ state }) => state === 'wrong' || state === 'not-checked'), own };
}

function markerFinding(name: string, found: FoundMarker, store: LedgerStore | null, ledger: Ledger | null): Finding {
  const { spot, marker } = found;
  const where = spot.name === name ? '' : ` (${spot.name})`;
  const use = { advice: `Use that ledger: --ledger ${marker.place}, or "ledger" in steward.json.` };
  if (store === null) {
    return finding(
      'marker',
      name,
      'warning',
      `The ledger ${marker.place} is responsible${where}, since ${moment(marker.since)}.`,
      use,
    );
  }
  // A ledger in which there is nothing yet is no marker's.
  const theirs = whose(marker, ledger ?? { store, id: '', place: null, acted: null });
  switch (theirs) {
    case 'ours':
      return finding('marker', name, 'ok', `This ledger is responsible${where}, since ${moment(marker.since)}.`);
    case 'moved here':
      return finding(
        'marker',
        name,
        'ok',
        `This ledger is responsible${where}. It was moved here from ${marker.place}; the next run with --execute records that.`,
      );
    case 'lost':
      return finding(
        'marker',
        name,
        'wrong',
        `The ledger that was responsible${where} is missing from ${marker.place}, with its pins, declarations and retired checkpoints. The next run with --execute pauses deleting.`,
        {
          advice: 'Restore the ledger. If it is lost for good, resume without it.',
          command: { words: ['resume'], last: ['--execute'] },
        },
      );
    case 'moved away':
    case 'foreign': {
      const found =
        theirs === 'foreign'
          ? `Another ledger, ${marker.place}, is responsible${where}, since ${moment(marker.since)}. Runs with --execute are refused.`
          : `This ledger was moved or copied to ${marker.place}, which is responsible${where}, since ${moment(marker.since)}. Runs with --execute are refused.`;
      return finding('marker', name, 'wrong', found, {
        advice: `${use.advice} If that ledger is gone for good, "steward resume --take-over" takes the area over.`,
        command: { words: ['doctor'], ledger: marker.place },
      });
    }
    default:
      return theirs satisfies never;
  }
}

/** One above the location may lie in somebody else's folder, so that runs go on without it. */
function unreadable({ name, arn, signal }: Examined, spot: MarkerSpot, error: unknown): Finding {
  if (error instanceof LedgerError) return finding('marker', name, 'wrong', error.message);
  const resource = arn === null ? null : `${arn.replace(/\/.*$/s, '')}/${spot.key}`;
  return failureFinding(
    'marker',
    name,
    asStoreError(error, signal),
    resource,
    spot.name === name ? 'wrong' : 'warning',
  );
}
