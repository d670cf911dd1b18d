import { realpath } from 'node:fs/promises';
import { commentedJson } from '#config/commented-json.ts';
import { proposedHeading, proposedKeys } from '#config/proposed-json.ts';
import { type AreaEntry, parseConfigAsWritten, type StewardJson } from '#config/steward-config.ts';
import { type Draft, draftOf, placeIn, shownPlace } from '#core/discovery/draft.ts';
import { discoveryNotes, isEmptyPlace } from '#core/discovery/notes.ts';
import { proposalOf } from '#core/discovery/proposal.ts';
import type { Proposal } from '#core/discovery/proposed.ts';
import type { SiteKind } from '#core/discovery/sites.ts';
import type { Place } from '#core/flink/state-path.ts';
import { isoTime } from '#core/iso-time.ts';
import { discover } from '#operations/discovery/discover.ts';
import { type BucketConnection, LocationError } from '../open-area.ts';
import { askElsewhere } from './elsewhere.ts';
import { jobLabels } from './job-labels.ts';
import { proposeLedger, responsibleLedgers } from './ledger.ts';
import { type NamedPlace, openPlace } from './places.ts';
import { askRunning } from './running.ts';
import { writtenArea } from './written-area.ts';

/** Proposes a `steward.json` for buckets and directories, from what is in them. It reads only, and writes no file. */

export interface Proposing {
  /** What is looked into. Directories relative to `cwd`. */
  readonly entries: readonly AreaEntry[];
  readonly cwd: string;
  /** Where the file will be: directories in it are relative to that. */
  readonly folder: string;
  readonly clock: () => number;
  readonly connection: BucketConnection;
  readonly flinkRest: readonly string[];
  /** As it is to be written; by default a folder beside the file. */
  readonly ledger?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of folders that were looked into by now. */
  readonly onLooked?: (folders: number) => void;
}

/** One row of what was found. */
export interface FoundState {
  readonly kind: SiteKind | 'entropy' | 'copy';
  readonly place: string;
  /** Job directories, savepoints, folders; null where that is not counted. */
  readonly count: number | null;
  /** Whether there may be more. */
  readonly atLeast: boolean;
}

export interface ProposedConfiguration {
  /** When it was proposed, ISO 8601. */
  readonly at: string;
  /** What was looked into, as the person calls it. */
  readonly places: readonly string[];
  readonly found: readonly FoundState[];
  readonly proposal: Proposal;
  /** The text of the file. */
  readonly text: string;
  /** What it says. */
  readonly configuration: StewardJson;
  /** What is unsure, in sentences. */
  readonly notes: readonly string[];
  readonly requests: { readonly list: number; readonly get: number };
}

/** @throws LocationError where nothing of Flink's is there, StoreError where a place can't be listed or read. */
export async function proposeConfiguration(proposing: Proposing): Promise<ProposedConfiguration> {
  const { entries, cwd, clock, connection, signal } = proposing;
  const places: NamedPlace[] = [];
  for (const entry of entries) places.push(await openPlace(entry, cwd, clock, connection));
  const looked = [];
  for (const place of withoutNested(places))
    looked.push({ ...place, found: await discover({ ...place, signal, onLooked: proposing.onLooked }) });
  const draft = draftOf(looked.map(({ found }) => found));
  refuseNothing(draft);
  const answers = await askElsewhere(draft.elsewhere, { copies: copiesOfBuckets(draft), clock, connection, signal });
  const running = await askRunning(proposing.flinkRest, signal);
  const proposal = proposalOf(draft, answers);
  const folder = await realpath(proposing.folder).catch(() => proposing.folder);
  const area = writtenArea(proposal.area, folder, connection);
  const { ledger, notes } = await proposeLedger({
    asked: proposing.ledger,
    cwd: proposing.folder,
    folder,
    proposal,
    responsible: await responsibleLedgers(looked),
  });
  const at = isoTime(clock());
  const text = commentedJson(
    proposedHeading(at.slice(0, 10)),
    proposedKeys({
      proposal,
      area,
      ledger,
      flinkRest: proposing.flinkRest,
      jobs: jobLabels(draft.places, running.jobs),
      checkpointTimeout: running.checkpointTimeout,
    }),
  );
  return {
    at,
    places: places.map(({ name }) => name),
    found: draft.places.flatMap(rowsOf),
    proposal,
    text,
    configuration: parseConfigAsWritten(text, 'the proposed steward.json'),
    notes: [...aboveNotes(places), ...discoveryNotes(draft), ...running.notes, ...notes],
    requests: await requestsOf(places),
  };
}

/** What is inside another one is seen with it. */
function withoutNested(places: readonly NamedPlace[]): readonly NamedPlace[] {
  const prefixes = places.map(({ top, start }) => `${shownPlace(placeIn(top, start)).replace(/\/$/, '')}/`);
  return places.filter((_, at) => {
    const own = prefixes[at] ?? '';
    return !prefixes.some((other, otherAt) => own.startsWith(other) && (own !== other || otherAt < at));
  });
}

function copiesOfBuckets({ places }: Draft): readonly Place[] {
  const names = places.flatMap(({ found }) => (found.kind === 'directory' ? found.names : []));
  return names.filter(({ from }) => from.store !== 'file://').map(({ to }) => to);
}

function refuseNothing({ places }: Draft): void {
  if (places.some(({ folders }) => folders.length > 0)) return;
  const names = places.map(({ found: { top, start } }) => shownPlace(placeIn(top, start))).join(', ');
  const advice =
    'Nothing was written. Give the bucket or directory to which execution.checkpointing.dir points (state.checkpoints.dir before Flink 1.20), or one above it.';
  if (places.every(isEmptyPlace)) {
    throw new LocationError(
      `${names}: there is nothing in it. If no job has completed a checkpoint there yet, run this again after the first one. ${advice}`,
    );
  }
  throw new LocationError(
    `${names}: no folder that was searched holds Flink state (32-digit job ids with chk-N and shared/, savepoint-…, _metadata). ${advice}`,
  );
}

function aboveNotes(places: readonly NamedPlace[]): readonly string[] {
  return places
    .filter(({ isAbove }) => isAbove)
    .map(
      ({ name, top, start }) =>
        `${name} is a part of one job or savepoint. Others may reference its files, so ${shownPlace(placeIn(top, start))} was searched instead.`,
    );
}

function rowsOf({ found, sites, folders }: Draft['places'][number]): readonly FoundState[] {
  const shown = (path: string): string => shownPlace(placeIn(found.top, path));
  const random = folders.filter(({ randomFolders }) => randomFolders !== undefined);
  const single = sites.filter(({ path, kind }) => {
    return kind === 'high-availability' || !random.some((folder) => path.startsWith(folder.path));
  });
  return [
    ...single.map(({ kind, path, names, isWhole }) => ({
      kind,
      place: shown(path),
      count: names.length === 0 ? null : names.length,
      atLeast: !isWhole,
    })),
    ...random.map(({ path, sites: below }) => ({
      kind: 'entropy' as const,
      place: shown(path),
      count: new Set(below.flatMap(({ names }) => names)).size,
      atLeast: found.leftOut.size > 0,
    })),
    ...found.names
      .filter(() => found.kind === 'bucket')
      .map(({ to }) => ({ kind: 'copy' as const, place: shownPlace(to), count: null, atLeast: false })),
  ];
}

async function requestsOf(places: readonly NamedPlace[]): Promise<ProposedConfiguration['requests']> {
  let [list, get] = [0, 0];
  for (const { store } of places) {
    const usage = await store.usage?.();
    list += usage?.listRequests ?? 0;
    get += usage?.getRequests ?? 0;
  }
  return { list, get };
}
