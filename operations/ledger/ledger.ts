import { isoTime } from '#core/iso-time.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { LedgerError } from './ledger-error.ts';
import { identityOf, type LedgerIdentity } from './ledger-identity.ts';
import { settleState } from './state.ts';

/** The format that this version reads and writes. */
export const LEDGER_FORMAT = 1;

/** The steward's own store: what must survive from run to run. */
export interface Ledger {
  readonly store: LedgerStore;
  readonly id: string;
  /** Where it is kept, by its own word; null where it does not say it. */
  readonly place: string | null;
  /** The number of the last run that acted, by its own word when it was opened; null where it does not say it. */
  readonly acted: number | null;
}

/**
 * @returns null where there is none.
 * @throws LedgerError for a ledger of a newer format.
 */
export async function openLedger(store: LedgerStore): Promise<Ledger | null> {
  const known = await knownIdentity(store);
  return known === null ? null : ledgerOf(store, known.value);
}

/**
 * Opens the ledger, and makes it where there is none. Beside it there is a `state` from then on: one that is missing
 * later was lost, and deleting is paused.
 *
 * @param id for a new one.
 * @param now epoch milliseconds.
 */
export async function openOrCreateLedger(store: LedgerStore, id: string, now: number): Promise<Ledger> {
  const known = await knownIdentity(store);
  await settleState(store, known?.value.state === true, now);
  if (known === null) {
    const identity = {
      format: LEDGER_FORMAT,
      id,
      created: isoTime(now),
      state: true,
      place: store.name,
      acted: 0,
    } as const;
    // Where another steward makes it at the same moment, its identity counts.
    if (await identityOf(store).write(identity, null)) return ledgerOf(store, identity);
  } else {
    // Only once the state is there; where another steward says the same at the same moment, it is said.
    if (known.value.state !== true) await identityOf(store).write({ ...known.value, state: true }, known.tag);
    return ledgerOf(store, known.value);
  }
  const other = await openLedger(store);
  if (other === null) {
    throw new LedgerError(
      `The ledger ${store.name} does not exist and could not be created. Nothing was changed; check that the steward may write there.`,
    );
  }
  return other;
}

/** Lets the ledger say that it is kept where it is. To be called once the markers of its area say so. */
export async function settlePlace({ store, place }: Ledger): Promise<void> {
  const known = place === store.name ? null : await knownIdentity(store);
  // Where another steward writes it at the same moment, the next run does this.
  if (known !== null) await identityOf(store).write({ ...known.value, place: store.name }, known.tag);
}

/**
 * Lets the ledger say which number the markers of its area bear from now on. To be called before they do: else the
 * ledger would seem to be behind them.
 *
 * @throws LedgerError, StoreError
 */
export async function sayActed({ store }: Pick<Ledger, 'store'>, acted: number): Promise<void> {
  const gone = (): never => {
    throw new LedgerError(`The ledger ${store.name} is not there any more, so this run deletes nothing.`);
  };
  await identityOf(store).update(gone, (identity) => ({ ...identity, acted: Math.max(acted, identity.acted ?? 0) }));
}

/** What {@link sayActed} said last; 0 where it never was said. @throws LedgerError, StoreError */
export async function numberOfLastActing({ store }: Pick<Ledger, 'store'>): Promise<number> {
  return (await knownIdentity(store))?.value.acted ?? 0;
}

function ledgerOf(store: LedgerStore, { id, place, acted }: Pick<LedgerIdentity, 'id' | 'place' | 'acted'>): Ledger {
  return { store, id, place: place ?? null, acted: acted ?? null };
}

async function knownIdentity(
  store: LedgerStore,
): Promise<{ readonly value: LedgerIdentity; readonly tag: string } | null> {
  const known = await identityOf(store).read();
  if (known !== null && known.value.format !== LEDGER_FORMAT) {
    throw new LedgerError(
      `The ledger ${store.name} has format ${known.value.format}, but this steward knows only format ${LEDGER_FORMAT}. Nothing was changed; use the newer steward that wrote it.`,
    );
  }
  return known;
}
