import type { Owner } from '#core/collect/owners.ts';
import type { Root } from '#core/collect/roots.ts';
import { classifyDirectory } from '#core/flink/layout.ts';
import type { Place } from '#core/flink/state-path.ts';
import { ObjectTable } from '#core/inventory/object-table.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { type Part, writeLines } from '#operations/ledger/line-parts.ts';
import { rootsPutBack } from '#operations/ledger/put-back.ts';
import { type Recollection, recollect, rememberFound } from '#operations/ledger/run-memory.ts';
import { type LedgerState, readState, updateState } from '#operations/ledger/state.ts';
import { settleRetiring } from '#operations/run/retire.ts';
import { READINGS } from './answer-shard.ts';
import { concluded } from './conclude.ts';
import { ONE, plannedRun, type ShardContext } from './context.ts';
import type { GatheredEvidence } from './gather-evidence.ts';
import { memoryOfRoots } from './memory.ts';
import { ledgerOf, type ShardRemembered } from './remember-shard.ts';
import { notedObjects, type ResolvedRoots, resolvedRoots } from './resolved-roots.ts';
import { fromPlain } from './rich-json.ts';
import type { ItemOutput } from './shard-files.ts';

/** Whether the next run knows of this one. */
export interface RunRemembered {
  /** False where another run has stored its findings since this one began, which then count. */
  readonly counts: boolean;
}

/**
 * Leaves the memory of the run in the ledger, with the lists that the shards have written. Before anything is deleted: what
 * this run found garbage has then served from here on.
 *
 * @param run its name, and the breakers that nobody has accepted.
 * @throws LostPartError, StoreError, LedgerError
 */
export async function rememberRun(
  context: ShardContext,
  { run, tripped }: { readonly run: string; readonly tripped: boolean },
): Promise<ItemOutput> {
  const { area, files } = context;
  const ledger = ledgerOf(context);
  const { start, record } = await plannedRun(context);
  const { objects } = await concluded(context);
  const gathered = await files.read('gather', ONE);
  const { foreignJobs, undecidable } = fromPlain<GatheredEvidence>(gathered.facts);
  const { roots, owners } = await foundRoots(context);
  for await (const line of gathered.lines('owners')) owners.push(fromPlain<Owner>(line));
  await updateState(ledger, await settledBy(context, roots, run));
  const before = await recollect(ledger);
  if (await files.hasEnded('remember-run')) throw lateAttempt(run);
  const isAnother = before.record?.run !== record?.run && before.record?.run !== run;
  const found = {
    area,
    start,
    foreignJobs,
    undecidable,
    owners: { all: owners },
    memory: await memoryOfRoots(context, new ObjectTable()),
    directoriesWithRoots: directoriesWithRoots(context, roots),
  };
  const written = isAnother
    ? null
    : await rememberFound(ledger, sinceBegun(before, record), {
        run,
        tripped,
        found,
        roots,
        objects,
        write: async (list, prefix) =>
          list === 'looked'
            ? await writeLines(ledger, prefix, await lookedLines(context))
            : await partsOf(list, context),
      });
  const facts: RunRemembered = { counts: written !== null };
  return { facts, lists: {} };
}

function lateAttempt(run: string): LedgerError {
  return new LedgerError(
    `An attempt of run ${run} to leave what it found came after another one had. It has left nothing; the run goes on.`,
  );
}

/** Where this is another attempt, what the run began with is as it was, though the ledger has what the first one wrote. */
function sinceBegun(before: Recollection, record: Recollection['record']): Recollection {
  return { ...before, record };
}

/** All roots of the area, without the objects that they reference, and their owners. @throws LostPartError, StoreError */
export async function foundRoots(context: ShardContext): Promise<Pick<ResolvedRoots, 'roots' | 'owners'>> {
  return await resolvedRoots(context, await notedObjects(context));
}

/** What runs that died while they retired have left, and roots that were put back. */
async function settledBy(
  context: ShardContext,
  roots: Root[],
  run: string,
): Promise<(state: LedgerState) => LedgerState> {
  const { area, input } = context;
  const ledger = ledgerOf(context);
  const stores = input.locations.map(({ store }) => store);
  const putBack = await rootsPutBack(ledger, await readState(ledger), { area, objects: tableOf(roots) }, stores);
  return (state) => {
    // A late attempt finds what this run itself has retired since, and the roots of before.
    const [own, others] = [true, false].map((is) => state.retired.filter((entry) => (entry.run === run) === is));
    const settled = settleRetiring({ ...state, retired: others ?? [] }, { area, reachability: { roots } }, putBack);
    return { ...settled, retired: [...settled.retired, ...(own ?? [])] };
  };
}

function tableOf(roots: readonly Root[]): ObjectTable {
  const objects = new ObjectTable();
  for (const { state, location, key, etag, bytes, completed } of roots) {
    if (state !== 'vanished') objects.add({ location, key, etag, bytes, modified: completed });
  }
  objects.seal();
  return objects;
}

/** Of checkpoints the directory of their job. */
function directoriesWithRoots({ area }: ShardContext, roots: readonly Root[]): readonly Place[] {
  const places = new Map<string, Place>();
  for (const { state, location, directory } of roots) {
    if (state === 'vanished') continue;
    const { role, base } = classifyDirectory(directory);
    const place = { store: area.locations[location]?.store ?? '', key: role === 'checkpoint' ? base : directory };
    places.set(`${place.store}/${place.key}`, place);
  }
  return [...places.values()];
}

async function partsOf(list: keyof ShardRemembered['lists'], { files }: ShardContext): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for await (const { facts } of files.readAll('remember')) parts.push(...(facts as ShardRemembered).lists[list]);
  return parts;
}

async function lookedLines({ files }: ShardContext): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  for (const phase of READINGS) {
    for await (const batch of files.readAll(phase)) {
      for await (const line of batch.lines('looked')) lines.push(line);
    }
  }
  return lines;
}
