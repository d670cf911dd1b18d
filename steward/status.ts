import { knownOfDeadJob } from '#core/signals/declared-dead.ts';
import { readAllHistories } from '#operations/ledger/job-histories.ts';
import { isFree, leaseOf } from '#operations/ledger/lease.ts';
import { openLedger } from '#operations/ledger/ledger.ts';
import { type RunRecord, readRun } from '#operations/ledger/run-records.ts';
import { type LedgerState, readState } from '#operations/ledger/state.ts';
import { markerNotes } from '#operations/run/foreign-markers.ts';
import { markedLocations, readIfAllowed } from '#operations/run/marked-locations.ts';
import { recordedRuns } from './history.ts';
import { newRun } from './run-identity.ts';
import type { LedgeredSteward, Steward } from './steward.ts';

/** What is in force in an area, from its ledger and its markers: no object of the area is listed. */

export interface StatusReport {
  readonly area: readonly string[];
  readonly ledger: string;
  /** Whether a run has made the ledger. If not, nothing is in force. */
  readonly exists: boolean;
  /** What is wrong with the markers of the area, such as that another ledger is responsible. */
  readonly markers: readonly string[];
  /** Who holds the lease; null where no run is in progress. */
  readonly inProgress: { readonly run: string; readonly command: string; readonly host: string } | null;
  readonly paused: LedgerState['paused'];
  readonly pins: LedgerState['pins'];
  readonly deadJobs: readonly (LedgerState['deadJobs'][number] & ReturnType<typeof knownOfDeadJob>)[];
  readonly deadRoots: LedgerState['deadRoots'];
  /** Checkpoints and savepoints that were retired and not put back. */
  readonly retired: number;
  /** As the newest run that judged the area left it; null where none did. */
  readonly quarantine: QuarantineStatus | null;
  /** The newest runs, the newest first. */
  readonly runs: readonly RunRecord[];
  /** The newest run that deleted or retired something, which may be older than all of `runs`; null if none did. */
  readonly lastDeleting: RunRecord | null;
}

export interface QuarantineStatus {
  /** The run. */
  readonly run: string;
  readonly asOf: string;
  readonly objects: number;
  readonly bytes: number;
  /** When the first object may go; null where there is none, or the record of the run does not tell. */
  readonly firstEnds: string | null;
}

const RUNS_SHOWN = 5;
/** How many records are searched for a run that judged the area. Pins and pauses leave no record, and undos are few. */
const RUNS_READ = 20;

/** @throws StoreError, LedgerError */
export async function statusOf(steward: LedgeredSteward): Promise<StatusReport> {
  const { ledger: store, input, clock, notes } = steward;
  const ledger = await openLedger(store);
  const markers = await markerNotes(
    markedLocations(input.locations, []),
    ledger ?? { store, id: '', place: null, acted: null },
    null,
  );
  const known = { area: input.locations.map(({ area }) => area.name), ledger: store.name, markers };
  if (ledger === null) return { ...known, ...NOTHING };
  const { paused, pins, deadJobs, deadRoots, retired } = await readState(store);
  const { runs, newestDeleting } = await recordedRuns(steward, RUNS_READ);
  const lease = (await leaseOf(store).read())?.value ?? null;
  const histories = deadJobs.length === 0 ? [] : await readAllHistories(store);
  return {
    ...known,
    exists: true,
    inProgress:
      lease === null || isFree(lease, newRun(clock))
        ? null
        : { run: lease.run, command: lease.command, host: lease.holder.host },
    paused,
    pins,
    deadJobs: deadJobs.map((dead) => ({
      ...dead,
      ...knownOfDeadJob({ job: dead.job, at: Date.parse(dead.at) }, histories),
    })),
    deadRoots,
    retired: retired.filter(({ state }) => state === 'retired').length,
    quarantine: quarantineOf(runs),
    runs: runs.slice(0, RUNS_SHOWN),
    lastDeleting:
      newestDeleting === null
        ? null
        : (runs.find(({ run }) => run === newestDeleting) ??
          (await readRun(store, newestDeleting, (sentence) => notes.add(sentence)))),
  };
}

/** Where no run has made the ledger yet. */
const NOTHING: Omit<StatusReport, 'area' | 'ledger' | 'markers'> = {
  exists: false,
  inProgress: null,
  paused: null,
  pins: [],
  deadJobs: [],
  deadRoots: [],
  retired: 0,
  quarantine: null,
  runs: [],
  lastDeleting: null,
};

/** @param runs newest first. */
function quarantineOf(runs: readonly RunRecord[]): QuarantineStatus | null {
  const judged = runs.find(({ total, result }) => total.objects > 0 && result !== 'undecidable');
  if (judged === undefined) return null;
  const { run, began, quarantined, quarantineEnds = null } = judged;
  return { run, asOf: began, ...quarantined, firstEnds: quarantineEnds };
}

/** The ledger that a marker of the area, or above it, names; null where there is none. @throws StoreError, LedgerError */
export async function ledgerOfMarker({ input, notes }: Steward): Promise<string | null> {
  for (const { spot, above } of markedLocations(input.locations, [])) {
    for (const each of [spot, ...above]) {
      const found = await readIfAllowed(each, (sentence) => notes.add(sentence));
      if (found !== null) return found.marker.place;
    }
  }
  return null;
}
