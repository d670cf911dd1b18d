import type { Owner } from '#core/collect/owners.ts';
import { ownerId } from '#core/collect/owners.ts';
import { isNewer } from '#core/collect/root-order.ts';
import type { Root } from '#core/collect/roots.ts';
import type { Tally, Totals } from '#core/collect/totals.ts';
import { isoTime } from '#core/iso-time.ts';
import { type DamageMemory, damageFindingsBy, isCopiedAlone, NO_DAMAGE_MEMORY } from '#core/jobs/damage.ts';
import { type KnownNames, namesOf } from '#core/jobs/job-names.ts';
import { type Job, jobsOf } from '#core/jobs/jobs.ts';
import type { Labels } from '#core/jobs/labels.ts';
import { damageMemory } from '#operations/ledger/run-memory.ts';
import { type PlanReport, viewQuarantine } from '#operations/plan/plan.ts';
import { notesBy } from '#operations/report/audit-notes.ts';
import { describeFinding } from '#operations/report/damage-words.ts';
import { emptinessBy } from '#operations/report/emptiness.ts';
import { pinFindings } from '#operations/report/pin-findings.ts';
import { READINGS } from './answer-shard.ts';
import { lookedInto } from './area-facts.ts';
import { batched, livenessOf } from './batch-roots.ts';
import { type Concluded, concluded } from './conclude.ts';
import { ONE, PLAN, plannedRun, type ShardContext } from './context.ts';
import { readDirectory } from './directory-lines.ts';
import type { BatchRead } from './read-batch.ts';
import { matchNames, notedObjects, type ResolvedRoots, resolvedRoots } from './resolved-roots.ts';
import { fromPlain } from './rich-json.ts';

/** What a finished run in shards would do, as a plan tells it. */

/** A plan, and what else is known of the area. */
export interface ShardedPlan {
  readonly report: PlanReport;
  /** Why there is nothing to tell; null where there is something. */
  readonly empty: string | null;
}

/** @param names of jobs that clusters have reported before. @throws LostPartError, StoreError */
export async function planOfShards(context: ShardContext, labels: Labels, names: KnownNames): Promise<ShardedPlan> {
  const { area } = context;
  const { state } = await plannedRun(context);
  const found = await concluded(context);
  const { start, tally, reasons, quarantine, undecidable, breakers } = found;
  const noted = await notedObjects(context);
  const resolved = await resolvedRoots(context, noted);
  matchNames(resolved, noted);
  const owners = await allOwners(context, resolved);
  const liveness = livenessOf(context, await batched(context));
  const jobs = jobsOf(
    { area, owners: { all: owners }, names: namesOf(liveness.jobs, names) },
    totalsOf(found, owners),
    labels,
  );
  const signs = await damageSigns(context, resolved);
  const { unread, firstUnread } = await renamedUnread(context);
  return {
    report: {
      area: area.locations.map(({ name }) => name),
      start: isoTime(start),
      totals: tally,
      reasons,
      quarantine: viewQuarantine(quarantine),
      undecidable,
      breakers,
      findings: [
        ...damageFindingsBy({ start, area, objects: noted, signs }, jobs, await damageBefore(context)).map(
          (finding) => ({
            kind: 'damaged-checkpoint' as const,
            sentence: describeFinding({ area, objects: noted }, finding, jobs),
          }),
        ),
        ...pinFindings({ area, reachability: resolved }, state),
      ],
      notes: notesBy({
        area,
        liveness,
        owners: { all: owners },
        reachability: { roots: resolved.roots, renamedRoots: resolved.renamed },
        renamed: { left: (await batched(context)).left, unread, firstUnread },
        parquetFiles: [...(await lookedInto(context)).parquet.values()].map(({ location, key }) =>
          area.url(location, key),
        ),
        lagging: resolved.lagging,
      }),
    },
    empty: emptinessBy({
      area,
      undecidable,
      objects: found.objects,
      roots: resolved.roots.length,
      holdsFlinkFiles: () => found.holdsFlinkFiles,
    }),
  };
}

async function allOwners({ files }: ShardContext, { owners }: ResolvedRoots): Promise<readonly Owner[]> {
  const all = [...owners];
  for await (const line of (await files.read('gather', ONE)).lines('owners')) all.push(fromPlain<Owner>(line));
  return all;
}

/** What is billed by class is told by no plan. */
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

async function renamedUnread({ files }: ShardContext): Promise<Pick<BatchRead, 'unread' | 'firstUnread'>> {
  let unread = 0;
  let firstUnread: BatchRead['firstUnread'] = null;
  for (const phase of READINGS) {
    for await (const { facts } of files.readAll(phase)) {
      const read = fromPlain<BatchRead>(facts);
      unread += read.unread;
      firstUnread ??= read.firstUnread;
    }
  }
  return { unread, firstUnread };
}
