import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DOCUMENT_MARK } from '#adapters/ledger/ledger-path.ts';
import type { AreaEntry } from '#config/steward-config.ts';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { type DiscoveredPlace, placeIn, shownPlace } from '#core/discovery/draft.ts';
import type { Proposal } from '#core/discovery/proposed.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { IDENTITY } from '#operations/ledger/ledger-identity.ts';
import { readMarker } from '#operations/ledger/marker.ts';
import { type ObjectStore, StoreError } from '#ports/object-store.ts';
import { LocationError } from '../open-area.ts';
import { overlapWithLedger } from '../open-ledger.ts';

/** Where the command line shall keep its records: where it does already, or else beside the file. */

export interface ProposedLedger {
  /** As it is written; null where none is proposed. */
  readonly ledger: string | null;
  readonly notes: readonly string[];
}

export interface LedgerWishes {
  /** As a person gave it. */
  readonly asked: string | undefined;
  /** Directories that a person gave are relative to it. */
  readonly cwd: string;
  /** The folder of the file, without symbolic links. */
  readonly folder: string;
  readonly proposal: Proposal;
  /** Places of the ledgers that are responsible already. */
  readonly responsible: readonly string[];
}

/** @throws LocationError where the ledger that a person gave overlaps the area. */
export async function proposeLedger(wishes: LedgerWishes): Promise<ProposedLedger> {
  const { asked, cwd, folder, proposal, responsible } = wishes;
  const entries = proposal.area.map(({ place }): AreaEntry => {
    const name = shownPlace(place);
    return place.store === 'file://' ? { kind: 'directory', path: name } : { kind: 's3', url: name };
  });
  if (asked !== undefined) {
    const overlap = await overlapWithLedger(asked, cwd, entries);
    if (overlap === null) return { ledger: asked, notes: responsible.filter((one) => one !== asked).map(otherNote) };
    throw new LocationError(
      `The ledger and the area must be separate, but ${asked} and ${overlap.location} overlap. Nothing was written. Give another place: --ledger DIRECTORY or --ledger s3://another-bucket/prefix.`,
    );
  }
  const [only, ...others] = responsible;
  if (only !== undefined && others.length === 0) return await inUse(only, cwd, entries);
  if (others.length > 0) {
    const notes = [
      `Several ledgers are responsible for parts of this area: ${responsible.join(', ')}. None is proposed. "steward doctor" shows which ledger is responsible for which part.`,
    ];
    return { ledger: null, notes };
  }
  return await besideFile(folder, entries);
}

function otherNote(place: string): string {
  return `The ledger ${place} is responsible for a part of this area. Runs with --execute are refused with another ledger. Use that ledger, or see "steward doctor".`;
}

/** Whoever may write into the bucket may write a marker: what it names is proposed only where it can be a ledger. */
async function inUse(place: string, cwd: string, entries: readonly AreaEntry[]): Promise<ProposedLedger> {
  const isThere = /^s3:\/\//.test(place) || existsSync(join(place, `${IDENTITY}${DOCUMENT_MARK}`));
  const overlap = isThere ? await overlapWithLedger(place, cwd, entries) : null;
  if (isThere && overlap === null) {
    return {
      ledger: place,
      notes: [`The ledger ${place} is already responsible for this area or a part of it, so it is proposed.`],
    };
  }
  const why = isThere
    ? `It overlaps ${overlap?.location}, so it can't be the ledger of this area`
    : 'There is no ledger with this path on this machine';
  const note = `The ledger ${place} is already responsible for this area or a part of it. ${why}, and no ledger is proposed. Run the steward on the machine that has it, or see "steward doctor".`;
  return { ledger: null, notes: [note] };
}

/** Above the folder of the file, where that is in the area itself. */
async function besideFile(folder: string, entries: readonly AreaEntry[]): Promise<ProposedLedger> {
  for (const place of ['.steward', '../.steward']) {
    if ((await overlapWithLedger(place, folder, entries)) === null) return { ledger: place, notes: [] };
  }
  const note = 'No ledger is proposed, because this folder is inside the area. Set one with --ledger.';
  return { ledger: null, notes: [note] };
}

/** The ledgers that markers name, in the folders that were looked into. What can't be read is for the doctor to tell. */
export async function responsibleLedgers(
  places: readonly { readonly store: ObjectStore; readonly found: DiscoveredPlace }[],
): Promise<readonly string[]> {
  const ledgers = new Set<string>();
  for (const { store, found } of places) {
    for (const { path, files } of found.looks) {
      if (!files.includes(MARKER_NAME)) continue;
      const name = shownPlace(placeIn(found.top, path));
      try {
        const marker = await readMarker({ name, url: `${name}/`, store, key: `${path}${MARKER_NAME}` });
        if (marker !== null) ledgers.add(marker.marker.place);
      } catch (error) {
        if (!(error instanceof StoreError || error instanceof LedgerError)) throw error;
      }
    }
  }
  return [...ledgers];
}
