import { areaIdentity } from '#core/collect/breakers.ts';
import { budgetFor } from '#core/signals/gauges.ts';
import type { Outlook } from '#core/signals/outlook.ts';
import { outlookOf } from '#core/signals/outlook.ts';
import { type LoggedDeletion, loggedDeletions } from '#operations/ledger/audit-log.ts';
import { readAllHistories } from '#operations/ledger/job-histories.ts';
import { knownRuns, runsMeant } from '#operations/ledger/run-names.ts';
import { newestRuns, type RunRecord, readRun } from '#operations/ledger/run-records.ts';
import type { LedgerState } from '#operations/ledger/state.ts';
import { findGone, type GoneObject, goneByEnd } from '#operations/report/deleted-object.ts';
import { readingsOf } from '#operations/report/object-names.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { existingState, type Names, requireExistingLedger } from './declarations.ts';
import { RefusedError } from './refusals.ts';
import { areaOf, type LedgeredSteward } from './steward.ts';

/** Reads the records of the ledger. */

export type { LoggedDeletion } from '#operations/ledger/audit-log.ts';
export type { RunRecord } from '#operations/ledger/run-records.ts';
export { type LedgerState, pausedSince, sayPaused } from '#operations/ledger/state.ts';
export { existingState } from './declarations.ts';

export interface RecordedRun {
  readonly run: string;
  /** Null if the run was killed before it wrote its record. */
  readonly record: RunRecord | null;
  readonly deletions: readonly LoggedDeletion[];
}

export interface RecordedRuns {
  /** Newest first. */
  readonly runs: readonly RunRecord[];
  /** The newest run that deleted or retired something, which may be older than all of `runs`; null if none did. */
  readonly newestDeleting: string | null;
  readonly state: LedgerState;
}

/**
 * @param most how many runs at most.
 * @param since epoch milliseconds; runs that began earlier are left out. Default: none are.
 * @throws RefusedError if there is no ledger yet.
 */
export async function recordedRuns(steward: LedgeredSteward, most: number, since?: number): Promise<RecordedRuns> {
  const { ledger, notes } = steward;
  const state = await existingState(steward);
  const runs = await newestRuns(ledger, most, (sentence) => notes.add(sentence), since);
  const deleting = runs.find(({ deleted, retired }) => deleted.objects + retired > 0)?.run;
  const older = async () => (await knownRuns(ledger)).find(({ hasLog }) => hasLog)?.name ?? null;
  return { runs, newestDeleting: deleting ?? (await older()), state };
}

/** What the ledger knows of runs before this one. */
export interface EarlierRuns {
  readonly any: boolean;
  /** Whether one of them deleted or retired something in this area, or may have: a run that was killed does not tell. */
  readonly acted: boolean;
}

/** Asks the ledger for runs before this one; one that is not there yet has none. @throws StoreError */
export async function earlierRuns(steward: LedgeredSteward): Promise<EarlierRuns> {
  const { ledger } = steward;
  const area = areaIdentity(areaOf(steward));
  const known = await knownRuns(ledger);
  for (const { name } of known.filter(({ hasLog }) => hasLog)) {
    const record = await readRun(ledger, name);
    if (record === null || record.area.some((location) => area.includes(location))) return { any: true, acted: true };
  }
  return { any: known.length > 0, acted: false };
}

/**
 * The run that a person names: by its name, or by the beginning of the name or of its last part, where no other run
 * begins so.
 *
 * @returns the text itself, if no run is called so.
 * @throws RefusedError if several runs are meant, or there is no ledger yet.
 */
export async function runNamed({ ledger }: LedgeredSteward, text: string): Promise<string> {
  await requireExistingLedger(ledger);
  return await runMeant(ledger, text);
}

/** As {@link runNamed}, also where there is no ledger: a plan is called as the run that made it. */
export async function runMeant(ledger: LedgerStore, text: string): Promise<string> {
  const [only = text, ...others] = runsMeant(await knownRuns(ledger), text);
  if (others.length > 0) throw new RefusedError({ code: 'several-runs', name: text, runs: [only, ...others] });
  return only;
}

/** Valid names of runs: a name is a part of a path in the ledger. */
const RUN = /^[\w-]+$/;

/** @param name see {@link runNamed}. @throws RefusedError if no run of that name is recorded. */
export async function recordedRun(steward: LedgeredSteward, name: string): Promise<RecordedRun> {
  const { ledger } = steward;
  const run = await runNamed(steward, name);
  const record = RUN.test(run) ? await readRun(ledger, run, (sentence) => steward.notes.add(sentence)) : null;
  const deletions: LoggedDeletion[] = [];
  for await (const deletion of RUN.test(run) ? loggedDeletions(ledger, run) : []) {
    deletions.push(deletion);
  }
  if (record === null && deletions.length === 0) {
    throw new RefusedError({ code: 'no-such-run', run, ledger: ledger.name });
  }
  return { run, record, deletions };
}

/**
 * What runs did to one object.
 *
 * @param names see `explainObject`.
 * @returns null if no run deleted it.
 * @throws RefusedError where several objects are meant.
 */
export async function deletionsOf(steward: LedgeredSteward, names: Names): Promise<GoneObject | null> {
  const { ledger } = steward;
  await requireExistingLedger(ledger);
  const area = areaOf(steward);
  const texts = [...new Set(names.flatMap(readingsOf))];
  const gone = await findGone(area, ledger, texts);
  if (gone !== null) return gone;
  const urls = await goneByEnd(area, ledger, texts);
  const [only, ...others] = urls;
  if (others.length > 0) throw new RefusedError({ code: 'several-objects', name: names[0], urls });
  return only === undefined ? null : await findGone(area, ledger, [only]);
}

/** The jobs over time that have not ended, as of now, from the ledger only. */
export async function jobsOverTime({
  ledger,
  config,
  clock,
}: LedgeredSteward): Promise<readonly { readonly name: string; readonly outlook: Outlook }[]> {
  const histories = await readAllHistories(ledger);
  return histories
    .filter(({ ended }) => !ended)
    .map((history) => ({
      name: history.label,
      outlook: outlookOf(history, { now: clock(), budget: budgetFor(history.label, config.signals.budget) }),
    }));
}
