import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { decodeText } from '#config/decode-text.ts';
import { parseHistoryLines } from '#config/history-lines.ts';
import type { StewardConfig } from '#config/steward-config.ts';
import { shellWord } from '#core/shell-word.ts';
import type { JobEvents } from '#core/signals/replay.ts';
import { openLedger } from '#steward/open-ledger.ts';
import { eventsInLedger, eventsInLedgerFile } from '#steward/recorded-events.ts';
import { requireLedger } from './choose-ledger.ts';
import { connectionOf } from './connection.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import type { TypedArea } from './next-command.ts';
import { prepareArea } from './prepare-area.ts';
import { withAdvice } from './refusals.ts';
import { systemCode, systemFailure } from './system-failure.ts';

/** Events of jobs to be replayed: of a file, or of a ledger. */

export interface ReplayedEvents {
  /** The file or the ledger. */
  readonly source: string;
  readonly events: readonly JobEvents[];
}

/** What runs with the ledger of an area have recorded. A ledger that is named is asked without the area. */
export async function eventsOfLedger(typed: TypedArea, config: StewardConfig, io: Io): Promise<ReplayedEvents> {
  const { places, options } = typed;
  const place = options.ledger ?? (places.length === 0 ? config.ledger : undefined);
  return await withAdvice(typed, async () => {
    const ledger =
      place === undefined
        ? requireLedger((await prepareArea(places, options, io)).steward).ledger
        : await openLedger(place, io.cwd, connectionOf(options, io));
    const events = await eventsInLedger(ledger);
    if (events.length === 0) {
      throw new UsageError(
        `The ledger ${ledger.name} contains no history of jobs, so there is nothing to replay. Each run records history: steward plan`,
      );
    }
    return { source: ledger.name, events };
  });
}

const GZIP = [0x1f, 0x8b];

/** The events in a file: written down by hand, or a file of the folder `history` of a ledger. @throws UsageError */
export async function eventsOfFile(file: string, cwd: string): Promise<ReplayedEvents> {
  const bytes = await read(file, cwd);
  if (!GZIP.every((byte, at) => bytes[at] === byte)) {
    return { source: file, events: parseHistoryLines(decodeText(bytes, file), file) };
  }
  const events = eventsInLedgerFile(bytes);
  if (events === null) {
    throw new UsageError(
      `${file} is compressed, but it is not a history file of a ledger (history/*.ndjson.gz). Give such a file, or an uncompressed file with one event per line.`,
    );
  }
  return { source: file, events };
}

async function read(file: string, cwd: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(cwd, file));
  } catch (error) {
    throw new UsageError(
      systemCode(error) === 'EISDIR'
        ? `${file} is a directory. If it is a ledger, replay it with: steward signals --ledger ${shellWord(file)}`
        : `${file} can't be read: ${systemFailure(error, 'no such file')}. Give a file with one event per line.`,
      { cause: error },
    );
  }
}
