import { isoTime } from '#core/iso-time.ts';
import { type KnownNames, namesOf } from '#core/jobs/job-names.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import type { Labels } from '#core/jobs/labels.ts';
import { type PlanReport, viewQuarantine } from '#operations/plan/plan.ts';
import { notesBy } from '#operations/report/audit-notes.ts';
import { describeFinding } from '#operations/report/damage-words.ts';
import { emptinessBy } from '#operations/report/emptiness.ts';
import { pinFindings } from '#operations/report/pin-findings.ts';
import { READINGS } from './answer-shard.ts';
import { lookedInto } from './area-facts.ts';
import { batched } from './batch-roots.ts';
import { concluded } from './conclude.ts';
import { plannedRun, type ShardContext } from './context.ts';
import { jobFacts } from './job-facts.ts';
import type { BatchRead } from './read-batch.ts';
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
  const { owners, totals, liveness, noted, resolved, damaged } = await jobFacts(context);
  const jobs = jobsOf({ area, owners, names: namesOf(liveness.jobs, names) }, totals, labels);
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
        ...damaged(jobs).map((finding) => ({
          kind: 'damaged-checkpoint' as const,
          sentence: describeFinding({ area, objects: noted }, finding, jobs),
        })),
        ...pinFindings({ area, reachability: resolved }, state),
      ],
      notes: notesBy({
        area,
        liveness,
        owners,
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
