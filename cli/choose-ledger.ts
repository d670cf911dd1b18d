import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { S3Connection } from '#adapters/s3/s3-client.ts';
import type { AreaEntry } from '#config/steward-config.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { openLedger as openLedgerStore, overlapWithLedger } from '#steward/open-ledger.ts';
import { UsageError } from './errors.ts';

/** Which ledger a command works with. */

export interface LedgerOptions {
  readonly ledger?: string;
}

export interface ChosenLedger {
  readonly store: LedgerStore;
  /** Whether the user named it; if not, it is used only where it is there, or a command has to write one. */
  readonly named: boolean;
  /** Whether anything is there. */
  readonly there: boolean;
}

const DEFAULT_NAME = '.steward';

/**
 * The ledger that is named, else `.steward` beside a local area; null for a bucket without one.
 *
 * @param configured by the configuration, where the area comes from there too.
 * @throws UsageError where it lies in a location, or a location in it.
 */
export async function chooseLedger(
  options: LedgerOptions & S3Connection,
  configured: string | undefined,
  entries: readonly AreaEntry[],
  cwd: string,
): Promise<ChosenLedger | null> {
  const named = options.ledger ?? configured;
  const place = named ?? defaultPlace(entries, cwd);
  if (place === null) {
    return null;
  }
  if (place === '') {
    throw new UsageError('--ledger is the empty text, which names nothing (an unset variable?). Name a directory.');
  }
  const overlap = await overlapWithLedger(place, cwd, entries);
  if (overlap !== null) {
    const [inner, outer] = overlap.inner === 'ledger' ? [place, overlap.location] : [overlap.location, place];
    throw new UsageError(
      `The ledger and the area must lie apart, and ${inner} lies in ${outer}. Name another place: --ledger DIRECTORY.`,
    );
  }
  const isBucket = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(place);
  return {
    store: await openLedgerStore(place, cwd, options),
    named: named !== undefined,
    there: isBucket || existsSync(resolve(cwd, place)),
  };
}

/** @throws UsageError where there is none. */
export function requireLedger(ledger: ChosenLedger | null): LedgerStore {
  if (ledger === null) {
    throw new UsageError(
      'For a bucket this command needs a ledger, which remembers from run to run. Name one: --ledger DIRECTORY or --ledger s3://another-bucket/prefix, or "ledger" beside "area" in steward.json.',
    );
  }
  return ledger.store;
}

function defaultPlace(entries: readonly AreaEntry[], cwd: string): string | null {
  const [first] = entries;
  if (first === undefined || entries.some(({ kind }) => kind === 's3') || first.kind === 's3') {
    return null;
  }
  return join(dirname(resolve(cwd, first.path)), DEFAULT_NAME);
}
