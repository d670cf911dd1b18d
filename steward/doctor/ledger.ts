import { thisProcess } from '#adapters/process/this-process.ts';
import { isFree, type LeaseRecord, leaseOf } from '#operations/ledger/lease.ts';
import { LEDGER_FORMAT, type Ledger, openLedger } from '#operations/ledger/ledger.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { identityOf } from '#operations/ledger/ledger-identity.ts';
import { type LedgerState, readState, sayPaused, stateOf } from '#operations/ledger/state.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';
import type { Steward } from '../steward.ts';
import { type Finding, failureFinding, finding } from './finding.ts';

/** The ledger of an area: whether it is there and can be read, whether deleting is paused, and who holds its lease. */

export interface LedgerFindings {
  readonly findings: readonly Finding[];
  /** Null where there is none, or it can't be read. */
  readonly ledger: Ledger | null;
  /** What people declared; null where that is not known. */
  readonly state: LedgerState | null;
}

/** Reads only. */
export async function checkLedger({
  ledger: store,
  clock,
}: Pick<Steward, 'ledger' | 'clock'>): Promise<LedgerFindings> {
  if (store === null) {
    const found = 'None is configured. Commands that only read need none. Commands that change anything need one.';
    const advice = 'Set "ledger" in steward.json, or give --ledger: a directory, or s3://another-bucket/prefix.';
    return unusable(finding('ledger', null, 'warning', found, { advice }));
  }
  try {
    return await checkStore(store, clock);
  } catch (error) {
    return unusable(ledgerFailure('ledger', store, error));
  }
}

async function checkStore(store: LedgerStore, clock: () => number): Promise<LedgerFindings> {
  const ledger = await openLedger(store);
  if (ledger === null) {
    const found = `There is no ledger in ${store.name} yet. The first run creates it.`;
    return unusable(finding('ledger', null, 'ok', found));
  }
  const state = await readState(store);
  const lease = (await leaseOf(store).read())?.value ?? null;
  // Runs are listed by who asks what happened, and by the first check of what is around the area.
  for await (const _ of store.listFiles('runs/')) break;
  return {
    findings: [await ledgerFinding(store), pauseFinding(state), leaseFinding(lease, clock)],
    ledger,
    state,
  };
}

async function ledgerFinding(store: LedgerStore): Promise<Finding> {
  const saysState = (await identityOf(store).read())?.value.state === true;
  const hasState = (await stateOf(store).read()) !== null;
  const base = `${store.name} can be read, in format ${LEDGER_FORMAT}.`;
  if (hasState) return finding('ledger', null, 'ok', `${base} It contains what people declared.`);
  return saysState
    ? finding(
        'ledger',
        null,
        'wrong',
        `${base} Its document "state" is missing. Pins, declarations and the list of retired checkpoints are lost, and deleting is paused.`,
        {
          advice: 'Restore an earlier copy of that document, or resume without it.',
          command: RESUME,
        },
      )
    : finding('ledger', null, 'ok', `${base} It contains no declarations.`);
}

const RESUME = { words: ['resume'], last: ['--execute'] } as const;

function pauseFinding({ paused }: LedgerState): Finding {
  return paused === null
    ? finding('pause', null, 'ok', 'Deleting is not paused.')
    : finding('pause', null, 'warning', sayPaused(paused), {
        advice: 'No run deletes or retires anything until somebody ends the pause.',
        command: RESUME,
      });
}

function leaseFinding(lease: LeaseRecord | null, clock: () => number): Finding {
  if (lease === null || lease.expires === null) return finding('lease', null, 'ok', 'No run is in progress.');
  const { command, run, holder, expires } = lease;
  const who = `${command}, run ${run}, on ${holder.host}`;
  return isFree(lease, { holders: thisProcess(), now: clock })
    ? finding('lease', null, 'ok', `${who}, ended without releasing its lease. The next run takes the lease over.`)
    : finding(
        'lease',
        null,
        'ok',
        `Held by ${who}, until ${expires} unless that run renews it. Other runs wait for it.`,
      );
}

/** What is wrong with a ledger as a finding. Any other error is thrown again. */
export function ledgerFailure(
  check: 'ledger' | 'ledger-writing' | 'scope',
  store: LedgerStore,
  error: unknown,
): Finding {
  if (error instanceof StoreError) return failureFinding(check, null, error, arnOf(store));
  if (!(error instanceof LedgerError)) throw error;
  return finding(check, null, 'wrong', error.message);
}

function arnOf({ name }: LedgerStore): string | null {
  const place = /^s3:\/\/(.+)$/s.exec(name)?.[1];
  if (place === undefined) return null;
  return `arn:aws:s3:::${place}/*`;
}

function unusable(found: Finding): LedgerFindings {
  return { findings: [found], ledger: null, state: null };
}
