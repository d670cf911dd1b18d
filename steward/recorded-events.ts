import { recordedEvents } from '#core/signals/recorded-events.ts';
import type { JobEvents } from '#core/signals/replay.ts';
import { parseHistories, readAllHistories } from '#operations/ledger/job-histories.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { requireExistingLedger } from './declarations.ts';

/** The events of all jobs that the runs of a ledger recorded, by label. @throws RefusedError if there is no ledger yet */
export async function eventsInLedger(ledger: LedgerStore): Promise<readonly JobEvents[]> {
  await requireExistingLedger(ledger);
  return byLabel((await readAllHistories(ledger)).map(recordedEvents));
}

/** The same of one file of its folder `history`; null for anything else. */
export function eventsInLedgerFile(content: Uint8Array): readonly JobEvents[] | null {
  try {
    return byLabel(parseHistories(content).map(recordedEvents));
  } catch {
    return null;
  }
}

function byLabel(events: readonly JobEvents[]): readonly JobEvents[] {
  return events.toSorted((a, b) => (a.job < b.job ? -1 : 1));
}
