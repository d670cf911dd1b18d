import type { Liveness } from '#core/collect/liveness.ts';
import { type Owner, ownerId } from '#core/collect/owners.ts';
import { isNewer } from '#core/collect/root-order.ts';
import type { Root } from '#core/collect/roots.ts';
import type { Tally, Totals } from '#core/collect/totals.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import {
  type DamageFinding,
  type DamageMemory,
  damageFindingsBy,
  isCopiedAlone,
  NO_DAMAGE_MEMORY,
} from '#core/jobs/damage.ts';
import type { Job } from '#core/jobs/jobs.ts';
import { damageMemory } from '#operations/ledger/run-memory.ts';
import { batched, livenessOf } from './batch-roots.ts';
import { type Concluded, concluded } from './conclude.ts';
import { ONE, PLAN, plannedRun, type ShardContext } from './context.ts';
import { readDirectory } from './directory-lines.ts';
import { matchNames, notedObjects, type ResolvedRoots, resolvedRoots } from './resolved-roots.ts';
import { fromPlain } from './rich-json.ts';

/** What a finished run in shards tells of the jobs. */
export interface JobFacts {
  readonly owners: { readonly all: readonly Owner[] };
  readonly totals: Totals;
  readonly liveness: Liveness;
  readonly resolved: ResolvedRoots;
  readonly noted: ObjectTable;
  /** Jobs with a damaged checkpoint that is a finding. */
  readonly damaged: (jobs: readonly Job[]) => readonly DamageFinding[];
}

/** @throws LostPartError where the run has not come to its conclusion, StoreError */
export async function jobFacts(context: ShardContext): Promise<JobFacts> {
  const { area } = context;
  const found = await concluded(context);
  const noted = await notedObjects(context);
  const resolved = await resolvedRoots(context, noted);
  matchNames(resolved, noted);
  const owners = await allOwners(context, resolved);
  const signs = await damageSigns(context, resolved);
  const before = await damageBefore(context);
  return {
    owners: { all: owners },
    totals: totalsOf(found, owners),
    liveness: livenessOf(context, await batched(context)),
    resolved,
    noted,
    damaged: (jobs) => damageFindingsBy({ start: found.start, area, objects: noted, signs }, jobs, before),
  };
}

async function allOwners({ files }: ShardContext, { owners }: ResolvedRoots): Promise<readonly Owner[]> {
  const all = [...owners];
  for await (const line of (await files.read('gather', ONE)).lines('owners')) all.push(fromPlain<Owner>(line));
  return all;
}

/** Sums of storage classes are not kept, so all of it counts as S3 Standard. */
function totalsOf({ tally, byOwner }: Concluded, owners: readonly Owner[]): Totals {
  const byTheirs = new Map<Owner, Tally>();
  for (const owner of owners) {
    const its = byOwner.get(owner.id);
    if (its !== undefined) byTheirs.set(owner, its);
  }
  return { area: tally, byOwner: byTheirs, byClass: new Map() };
}

async function damageSigns({ files }: ShardContext, { roots, names }: ResolvedRoots) {
  const places: { readonly location: number; readonly path: string }[] = [];
  if (roots.some(({ missing }) => missing.length > 0)) {
    for await (const line of (await files.read('batch', ONE)).lines('directories')) {
      const { directory, holdsOthers } = readDirectory(line);
      if (holdsOthers) places.push({ location: directory.location, path: directory.path });
    }
  }
  const ownersNamed = (root: Root): readonly string[] => names.get(root) ?? [];
  return {
    isAlone: (root: Root): boolean => {
      const { base } = root.class;
      const hasOthersBelow = (): boolean =>
        places.some(({ location, path }) => location === root.location && path.startsWith(base));
      return isCopiedAlone(root, { namesAny: ownersNamed(root).length > 0, hasOthersBelow }, roots);
    },
    hasSuccessor: (root: Root, job: Job): boolean => {
      const own = new Set([job.owner.id, ...job.roots.map((its) => ownerId(its.location, its.class))]);
      return roots.some(
        (other) =>
          other.state !== 'vanished' &&
          isNewer(other, root) &&
          !own.has(ownerId(other.location, other.class)) &&
          ownersNamed(other).some((id) => own.has(id)),
      );
    },
  };
}

async function damageBefore(context: ShardContext): Promise<DamageMemory> {
  const { ledger, area, files } = context;
  if (ledger === null) return NO_DAMAGE_MEMORY;
  const { record } = await plannedRun(context);
  const damaged = new Set<string>();
  for await (const line of (await files.read(PLAN, ONE)).lines('damaged')) damaged.add(fromPlain<string>(line));
  return damageMemory({ record, damaged }, area);
}
