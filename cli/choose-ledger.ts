import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { AreaEntry } from '#config/steward-config.ts';
import type { LedgeredSteward, Steward } from '#steward/steward.ts';
import { UsageError } from './errors.ts';

/** Which ledger a command works with. */

export interface LedgerOptions {
  readonly ledger?: string;
}

export interface ChosenLedger {
  /** A directory, or `s3://bucket/prefix`. */
  readonly place: string;
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
 * @throws UsageError for the empty text.
 */
export function chooseLedger(
  options: LedgerOptions,
  configured: string | undefined,
  entries: readonly AreaEntry[],
  cwd: string,
): ChosenLedger | null {
  const named = options.ledger ?? configured;
  const place = named ?? defaultPlace(entries, cwd);
  if (place === null) {
    return null;
  }
  if (place === '') {
    throw new UsageError('--ledger is the empty text, which names nothing (an unset variable?). Name a directory.');
  }
  const isBucket = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(place);
  return { place, named: named !== undefined, there: isBucket || existsSync(resolve(cwd, place)) };
}

/** The steward, for commands that need its ledger. @throws UsageError where there is none. */
export function requireLedger(steward: Steward): LedgeredSteward {
  const { ledger } = steward;
  if (ledger === null) {
    throw new UsageError(
      'For a bucket this command needs a ledger, which remembers from run to run. Name one: --ledger DIRECTORY or --ledger s3://another-bucket/prefix, or "ledger" beside "area" in steward.json.',
    );
  }
  return { ...steward, ledger };
}

function defaultPlace(entries: readonly AreaEntry[], cwd: string): string | null {
  const [first] = entries;
  if (first === undefined || entries.some(({ kind }) => kind === 's3') || first.kind === 's3') {
    return null;
  }
  return join(dirname(resolve(cwd, first.path)), DEFAULT_NAME);
}
