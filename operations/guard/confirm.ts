import pMap from 'p-map';
import type { Deletion } from '#core/guard/deletion.ts';
import { judgeSettling, judgeSuspect, type Namer } from '#core/guard/judge-suspect.ts';
import type { LiveSet } from '#core/guard/live-set.ts';
import { type Suspect, type SuspectGroup, suspectsAmong } from '#core/guard/suspects.ts';
import type { Wait } from '#operations/wait.ts';
import { absentOf, presentIn } from './absent.ts';
import { type NamingRoot, type RootPlaces, rootsNaming, rootsOf } from './current-roots.ts';

/** Which deletions have broken restore points: what the live set may hold is held against the roots of now. */

/** What it takes to look. */
export interface ConfirmInput extends RootPlaces {
  /** What the last survey left. */
  readonly live: LiveSet;
  /** Whether that is too old to be trusted. */
  readonly blind: boolean;
  /** URLs, as they were told, of what was not settled before. */
  readonly again?: ReadonlySet<string>;
  readonly wait: Wait;
}

/** A restore point that lacks a file, or is gone itself. */
export interface BrokenRoot {
  /** URL of its `_metadata`. */
  readonly url: string;
  /** Epoch milliseconds; null of one that is gone. */
  readonly completed: number | null;
}

/** A live object that is gone. */
export interface Loss {
  readonly url: string;
  readonly location: number;
  /** Whole key. */
  readonly key: string;
  readonly deletion: Deletion;
  /** Bytes that a root expects; -1 where none says. */
  readonly bytes: number;
  readonly roots: readonly BrokenRoot[];
}

/** What became of a batch of deletions. */
export interface Confirmed {
  readonly losses: readonly Loss[];
  /**
   * Of these it is not known yet: whether Flink is about to discard the roots that name them, or whether the job goes on
   * whose directory has no root any more, and then its next checkpoint names them.
   */
  readonly unsettled: readonly Suspect[];
  /** Of the area, and no loss. */
  readonly cleared: number;
  readonly outside: number;
}

/** How long a root is watched that Flink may be discarding: it deletes hundreds of files a second. */
export const SETTLING = 30_000;
const GROUPS_AT_ONCE = 4;

/** A suspect with the roots that name it. */
interface Named {
  readonly suspect: Suspect;
  readonly namers: readonly (NamingRoot & Namer)[];
}

/** @throws StoreError where something is not known; then nothing of the batch is. */
export async function confirmLosses(deletions: Iterable<Deletion>, input: ConfirmInput): Promise<Confirmed> {
  const { groups, roots, cleared, outside } = suspectsAmong(deletions, input);
  const named = (
    await pMap(groups, async (group) => await namersIn(group, input), { concurrency: GROUPS_AT_ONCE })
  ).flat();
  const judged = named.map((one) => ({ ...one, verdict: judgeSuspect(one.suspect, one.namers) }));
  const suspected = judged.filter(({ verdict }) => verdict !== 'cleared');
  // What was written again is no loss, and neither is what somebody has put back.
  const absent = await absentOf(
    [...suspected, ...roots.map((suspect) => ({ suspect }))].map(({ suspect }) => suspect.url),
    input,
  );
  const lost: Named[] = suspected.filter(({ suspect, verdict }) => verdict === 'lost' && absent.has(suspect.url));
  const open = suspected.filter(({ suspect, verdict }) => verdict === 'unsettled' && absent.has(suspect.url));
  const settled = await settle(open, input);
  const left = await emptied(groups, new Set([...lost, ...settled.lost].map(({ suspect }) => suspect)), input);
  const unsettled = [...new Set([...settled.unsettled, ...left])];
  const losses = [
    ...roots.filter(({ url }) => absent.has(url)).map(lostRoot),
    ...[...lost, ...settled.lost].map(lossOf),
  ];
  const suspects = groups.reduce((sum, { files }) => sum + files.length, roots.length);
  return {
    losses,
    unsettled,
    cleared: cleared + suspects - losses.length - unsettled.length,
    outside,
  };
}

async function namersIn(group: SuspectGroup, input: ConfirmInput): Promise<readonly Named[]> {
  const roots = await rootsNaming(group.readers, new Set(group.files.map(({ url }) => url)), input);
  const namers = roots.map((root) => ({ ...root, lent: isLent(group, root) }));
  return group.files.map((suspect) => ({ suspect, namers: namers.filter(({ files }) => files.has(suspect.url)) }));
}

/** Whether others than the job of a root read where the suspects lie. */
function isLent({ directory, readers }: SuspectGroup, { reader }: NamingRoot): boolean {
  return readers.some(
    (other) => other.holdsCheckpoints && other.directory !== directory && other.directory !== reader.directory,
  );
}

/** What tells whether a root is being discarded. */
interface Watched {
  /** Of some files that it names, how many are missing. */
  readonly missed: number;
  /** URLs of the objects beside it: of a savepoint all of its files, which may go slowly. */
  readonly beside: readonly string[];
}

/** More of them tell no more. */
const MOST_BESIDE = 50_000;

async function watchedOf({ url, others }: NamingRoot, input: ConfirmInput): Promise<Watched> {
  const beside = await presentIn(url.slice(0, url.lastIndexOf('/') + 1), MOST_BESIDE, input);
  return { missed: (await absentOf(others, input)).size, beside };
}

/**
 * Of what somebody asked to be deleted and no root names, that of directories which had roots and have none now. A job that
 * has ended leaves them so, and also one that goes on and whose directory somebody has deleted.
 */
async function emptied(
  groups: readonly SuspectGroup[],
  lost: ReadonlySet<Suspect>,
  input: ConfirmInput,
): Promise<readonly Suspect[]> {
  const left = await pMap(
    groups.filter(({ hadRoots, readers: [own] }) => hadRoots && own?.holdsCheckpoints === true),
    async ({ files, readers: [own] }) => {
      const open = files.filter((suspect) => suspect.deletion.by === 'request' && !lost.has(suspect));
      return own === undefined || open.length === 0 || (await rootsOf(own, input)).length > 0 ? [] : open;
    },
    { concurrency: GROUPS_AT_ONCE },
  );
  const absent = await absentOf(
    left.flat().map(({ url }) => url),
    input,
  );
  return left.flat().filter(({ url }) => absent.has(url));
}

interface Settled {
  readonly lost: readonly Named[];
  readonly unsettled: readonly Suspect[];
}

/** Looks at the roots again, some time later. */
async function settle(open: readonly Named[], input: ConfirmInput): Promise<Settled> {
  if (open.length === 0) return { lost: [], unsettled: [] };
  const namers = new Map(
    open
      .flatMap(({ namers: roots }) => roots.filter(({ newest, lent }) => newest && !lent))
      .map((root) => [root.url, root]),
  );
  const before = new Map<string, Watched>();
  for (const [url, root] of namers) before.set(url, await watchedOf(root, input));
  await input.wait(SETTLING, input.signal);
  input.signal?.throwIfAborted();
  const verdicts = new Map<string, ReturnType<typeof judgeSettling>>();
  for (const [url, root] of namers) {
    const now = await rootsOf(root.reader, input);
    const stands = now.some(
      ({ root: listed, newest }) =>
        newest && listed.etag === root.etag && input.area.url(listed.location, listed.key) === url,
    );
    const { missed = 0, beside = [] } = before.get(url) ?? {};
    const missedNow = stands ? (await absentOf([...root.others, ...beside], input)).size : 0;
    verdicts.set(url, judgeSettling({ stands, missedBefore: missed, missedNow }));
  }
  const is = (verdict: 'lost' | 'unsettled') => (one: Named) =>
    one.namers.some(({ url }) => verdicts.get(url) === verdict);
  const stillAbsent = await absentOf(
    open.map(({ suspect }) => suspect.url),
    input,
  );
  const left = open.filter(({ suspect }) => stillAbsent.has(suspect.url));
  const lost = left.filter(is('lost'));
  return {
    lost,
    unsettled: left.filter((one) => !lost.includes(one) && is('unsettled')(one)).map(({ suspect }) => suspect),
  };
}

function lossOf({ suspect, namers }: Named): Loss {
  const sizes = namers.map(({ files }) => files.get(suspect.url)?.bytes ?? -1);
  const { url, location, key, deletion } = suspect;
  return {
    url,
    location,
    key,
    deletion,
    bytes: Math.max(...sizes),
    roots: namers.map(({ url: root, completed }) => ({ url: root, completed })),
  };
}

/** A root that a rule has deleted was a restore point by itself. */
function lostRoot({ url, location, key, deletion }: Suspect): Loss {
  return { url, location, key, deletion, bytes: -1, roots: [{ url, completed: null }] };
}
