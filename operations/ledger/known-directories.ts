import * as z from 'zod';
import type { Area } from '#core/area/area.ts';
import type { Evidence } from '#core/collect/evidence.ts';
import type { DirectoryOfJob, Memory, RememberedDirectory, RememberedRoot } from '#core/collect/memory.ts';
import type { Owner } from '#core/collect/owners.ts';
import { baseId } from '#core/collect/rootless-directories.ts';
import type { Root } from '#core/collect/roots.ts';
import { classifyDirectory } from '#core/flink/layout.ts';
import { SAVEPOINT_DIGITS } from '#core/flink/names.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type Part, readLines } from './line-parts.ts';

/**
 * Directories in the ledger that held files or roots, with roots that they held: whether a directory is a new one, how
 * often its job completes a checkpoint, and when a root was first complete, whatever time a copy onto itself gave it.
 */

/** Of roots that are gone so many of a directory are remembered, the newest: enough for a usual interval. */
const MOST_GONE = 10;
/** Milliseconds for which a directory is remembered that shows nothing any more. */
const REMEMBERED_FOR = 90 * 24 * 3_600_000;

const rootRow = z.tuple([
  z.string().describe('folder in the directory'),
  z.string().nullable().describe('SHA-256 of the content'),
  z.number().describe('completed, epoch milliseconds'),
]);
const lineSchema = z.object({
  store: z.string(),
  key: z.string(),
  /** Start of the last run in which it showed anything. */
  seen: z.number(),
  /** Time of the oldest object that any run saw of its job; absent where a run of before wrote the line. */
  began: z.number().optional(),
  /** Start of the last run before the first one that saw it; absent itself where none had looked there. */
  absent: z.number().optional(),
  roots: z.array(rootRow),
});

/** A directory as the ledger knows it: under its own name, even if the area uses another name for it. */
export interface KnownDirectory extends RememberedDirectory {
  readonly store: string;
  readonly key: string;
  readonly seen: number;
}

/** @throws LostPartError, StoreError */
export async function readKnownDirectories(store: LedgerStore, parts: readonly Part[]): Promise<KnownDirectory[]> {
  const known: KnownDirectory[] = [];
  for await (const line of readLines(store, parts)) {
    const { roots, began = null, absent = null, ...rest } = lineSchema.parse(line);
    known.push({
      ...rest,
      began,
      absent,
      roots: roots.map(([name, content, completed]) => ({ name, content, completed })),
    });
  }
  return known;
}

/** Directories by location and key. */
export function rememberedIn(
  known: readonly KnownDirectory[],
  area: Area,
): (location: number, base: string) => RememberedDirectory | null {
  const byId = new Map(
    known.flatMap((directory) => {
      const found = area.locate(directory);
      return found.within === 'area' ? [[baseId(found.location, found.key), directory] as const] : [];
    }),
  );
  return (location, base) => byId.get(baseId(location, base)) ?? null;
}

/** The directories of jobs in the area, by the digits of the id that savepoints are named after. */
export function directoriesByDigits(known: readonly KnownDirectory[], area: Area): Memory['directoriesOfJobs'] {
  const byDigits = new Map<string, DirectoryOfJob[]>();
  for (const directory of known) {
    const found = area.locate(directory);
    const job = found.within === 'area' ? classifyDirectory(found.key).job : null;
    if (found.within === 'area' && job !== null) {
      const digits = job.slice(0, SAVEPOINT_DIGITS);
      byDigits.set(digits, [...(byDigits.get(digits) ?? []), { job, id: baseId(found.location, found.key) }]);
    }
  }
  return (digits) => byDigits.get(digits) ?? [];
}

/**
 * What this run saw, and what earlier ones did.
 *
 * @param before as the ledger has it.
 * @param absent start of the run in which whatever is new now was not there; null where nobody can say that of any run.
 */
export function* knownDirectoryLines(
  { area, owners, start }: Pick<Evidence, 'area' | 'start'> & { readonly owners: Pick<Evidence['owners'], 'all'> },
  before: readonly KnownDirectory[],
  absent: number | null = null,
): Generator<z.input<typeof lineSchema>> {
  const seen = new Map<string, { readonly place: KnownDirectory; readonly roots: Root[] }>();
  const see = (location: number, key: string, { firstWrite }: Owner): Root[] => {
    const store = area.locations[location]?.store ?? '';
    const id = idOf({ store, key });
    const began = Number.isFinite(firstWrite) ? firstWrite : null;
    const known = seen.get(id) ?? { place: { store, key, seen: start, began, absent, roots: [] }, roots: [] };
    seen.set(id, known);
    return known.roots;
  };
  for (const owner of owners.all) {
    for (const root of owner.roots) {
      see(root.location, root.class.base, owner).push(root);
    }
    for (const id of [...owner.rootlessDirectories.keys(), ...owner.directoriesWithoutAnyRoot]) {
      const colon = id.indexOf(':');
      if (!owner.markersAlone.has(id)) see(Number(id.slice(0, colon)), id.slice(colon + 1), owner);
    }
  }
  for (const known of before) {
    const now = seen.get(idOf(known));
    seen.delete(idOf(known));
    if (now !== undefined || start - known.seen < REMEMBERED_FOR) {
      const began = earlier(known.began, now?.place.began ?? Number.POSITIVE_INFINITY);
      yield lineOf({ ...known, began, seen: now === undefined ? known.seen : start }, now?.roots ?? []);
    }
  }
  for (const { place, roots } of seen.values()) {
    yield lineOf(place, roots);
  }
}

function lineOf(
  { store, key, seen, began, absent, roots: before }: KnownDirectory,
  roots: readonly Root[],
): z.input<typeof lineSchema> {
  const there = new Map(roots.map((root) => remembering(root, key)).map((root) => [contentOf(root), root]));
  const gone = before
    .filter((root) => !there.has(contentOf(root)))
    .sort((a, b) => b.completed - a.completed)
    .slice(0, MOST_GONE);
  const rows = [...there.values(), ...gone].map(({ name, content, completed }) => [name, content, completed] as const);
  const times = { ...(began === null ? {} : { began }), ...(absent === null ? {} : { absent }) };
  return { store, key, seen, ...times, roots: rows.map((row) => [...row]) };
}

/** What began at a time that nobody remembers goes on so. */
function earlier(began: number | null, now: number): number | null {
  return began === null ? null : Math.min(began, now);
}

function remembering({ directory, content, completed }: Root, base: string): RememberedRoot {
  return { name: directory.slice(base.length).replace(/\/$/, ''), content, completed };
}

function contentOf({ name, content, completed }: RememberedRoot): string {
  return `${name}\n${content ?? completed}`;
}

function idOf({ store, key }: Pick<KnownDirectory, 'store' | 'key'>): string {
  return `${store}\n${key}`;
}
