import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { AreaEntry } from '#config/steward-config.ts';
import { shellWord } from '#core/shell-word.ts';
import type { LedgeredSteward, Steward } from '#steward/steward.ts';
import { UsageError } from './errors.ts';

/** Chooses the ledger of a command. */

export interface LedgerOptions {
  readonly ledger?: string;
}

export interface ChosenLedger {
  /** A directory, or `s3://bucket/prefix`. */
  readonly place: string;
  /** Whether the user gave it. If not, it is used only if it exists or if the command must write to a ledger. */
  readonly named: boolean;
  /** Whether it exists; assumed for a bucket. */
  readonly exists: boolean;
}

const DEFAULT_NAME = '.steward';

/**
 * The ledger in the options or the configuration, else `.steward` next to a local area; null for a bucket without one.
 *
 * @param configured the ledger in the configuration, if the area comes from the configuration too.
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
    throw new UsageError('--ledger is an empty text (an unset variable?). Give a directory or s3://bucket/prefix.');
  }
  const isBucket = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(place);
  return { place, named: named !== undefined, exists: isBucket || existsSync(resolve(cwd, place)) };
}

/** The steward, for commands that need a ledger. @throws UsageError where there is none. */
export function requireLedger(steward: Steward): LedgeredSteward {
  const { ledger, config } = steward;
  if (ledger === null && config.ledger !== undefined) {
    throw new UsageError(
      `For a bucket this command needs a ledger, which keeps records between runs. That of the configuration counts only where no location is typed: leave the locations out, or add --ledger ${shellWord(config.ledger)}`,
    );
  }
  if (ledger === null) {
    throw new UsageError(
      'For a bucket this command needs a ledger, which keeps records between runs. Set it with --ledger DIRECTORY or --ledger s3://another-bucket/prefix, or as "ledger" in steward.json.',
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
