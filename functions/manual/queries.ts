import { tidyingPolicy } from '#config/lifecycle-policy.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import { fewOf } from '#functions/shared/run-answer.ts';
import { bucketsOf, checkBuckets, hazardsOf } from '#operations/bucket-rules/check-rules.ts';
import { reconcileRules } from '#operations/bucket-rules/reconcile-rules.ts';
import { loggedDeletions } from '#operations/ledger/audit-log.ts';
import { newestRuns, readRun } from '#operations/ledger/run-records.ts';
import { audit } from '#operations/report/audit.ts';
import { explain, findObject } from '#operations/report/explain.ts';
import { isMeant, restorePoints } from '#operations/report/restore-points.ts';
import type { ActionNamed, Answer } from './actions.ts';
import { AskedError, type Desk, leave, look, next, stateOf } from './session.ts';

/** The actions that only look. */

const MOST_JOBS = 20;
const LOOKED = { executed: false } as const;

export async function auditAction({ job }: ActionNamed<'audit'>, desk: Desk): Promise<Answer> {
  const { survey, totals, notes } = await look(desk);
  const { config, locations } = desk.steward;
  const jobs = jobsOf(survey, survey.area, totals, config.labels);
  const buckets = await checkBuckets(survey, jobs, bucketsOf(locations), tidyingPolicy(config), {
    signal: desk.deadline.soft,
  });
  const report = audit(survey, totals, config.labels, null, null, buckets);
  const meant = report.jobs.filter((one) => job === undefined || isMeant(one, job));
  requireJob(job, meant);
  const { reclaimable, live } = report.groups;
  return {
    ...LOOKED,
    action: 'audit',
    summary: `${report.roots} checkpoints and savepoints; ${live.bytes} bytes live, ${reclaimable.bytes} bytes in ${reclaimable.objects} objects reclaimable.${undecidable(report.undecidable)}`,
    total: report.total,
    groups: report.groups,
    jobs: meant.slice(0, MOST_JOBS).map((one) => ({
      label: one.label,
      job: one.job,
      total: one.total,
      live: one.groups.live,
      reclaimable: one.groups.reclaimable,
      restorePoints: one.restorePoints,
      newestRestorePoint: one.newestRestorePoint?.path ?? null,
    })),
    moreJobs: Math.max(0, meant.length - MOST_JOBS),
    undecidable: fewOf(report.undecidable.map(({ sentence }) => sentence)),
    findings: fewOf(report.findings.map(({ sentence }) => sentence)),
    notes: fewOf([...notes, ...report.notes]),
    details: await leave(desk, 'audit', { ...report, jobs: meant }),
    next: next(desk, { action: 'plan', ...(job === undefined ? {} : { job }) }),
  };
}

export async function explainAction({ object: name }: ActionNamed<'explain'>, desk: Desk): Promise<Answer> {
  const { survey, verdicts } = await look(desk);
  const object = findObject(survey, name);
  if (object < 0) {
    throw new AskedError(
      `${name}: there is no such object in the area. Write its whole key, or its URL as references have it.`,
    );
  }
  const { namedBy, ...explanation } = explain(survey, verdicts, object);
  return {
    ...LOOKED,
    action: 'explain',
    summary: explanation.because.join(' '),
    ...explanation,
    namedBy: namedBy.slice(0, MOST_JOBS),
    details: namedBy.length > MOST_JOBS ? await leave(desk, 'explain', { ...explanation, namedBy }) : null,
    next: null,
  };
}

export async function restorePointsAction({ job }: ActionNamed<'restore-points'>, desk: Desk): Promise<Answer> {
  const { survey, totals } = await look(desk);
  const report = restorePoints(survey, totals, desk.steward.config.labels, job ?? null);
  requireJob(job, report.jobs);
  const restorable = report.jobs.filter(({ newest }) => newest !== null).length;
  return {
    ...LOOKED,
    action: 'restore-points',
    summary: `${restorable} of ${report.jobs.length} jobs with checkpoints or savepoints can be restored.${undecidable(report.undecidable)}`,
    jobs: report.jobs.slice(0, MOST_JOBS).map(({ label, job: id, newest, restorePoints: points, finding }) => ({
      label,
      job: id,
      restorePoints: points,
      completed: newest?.completed ?? null,
      command: newest?.command ?? null,
      finding,
    })),
    moreJobs: Math.max(0, report.jobs.length - MOST_JOBS),
    details: await leave(desk, 'restore-points', report),
    next: null,
  };
}

export async function historyAction({ run, limit = 10 }: ActionNamed<'history'>, desk: Desk): Promise<Answer> {
  const { ledger } = desk.steward;
  const { pins, paused, deadJobs, retired } = await stateOf(desk);
  if (run === undefined) {
    const runs = await newestRuns(ledger, limit);
    const [newest] = runs;
    return {
      ...LOOKED,
      action: 'history',
      summary:
        newest === undefined
          ? 'No run is on record.'
          : `The newest run, ${newest.command} of ${newest.began}: ${newest.result}.`,
      paused,
      pins: pins.slice(0, MOST_JOBS),
      deadJobs: deadJobs.slice(0, MOST_JOBS),
      retired: retired.filter(({ state }) => state === 'retired').length,
      runs: runs.map(({ run: name, command, began, result, why, deletable, deleted, retired: roots }) => ({
        run: name,
        command,
        began,
        result,
        why,
        deletable,
        deleted,
        retired: roots,
      })),
      details: null,
      next: newest === undefined ? null : next(desk, { action: 'history', run: newest.run }),
    };
  }
  const record = await readRun(ledger, run);
  const deletions = [];
  for await (const deletion of loggedDeletions(ledger, run)) {
    deletions.push(deletion);
  }
  if (record === null && deletions.length === 0) {
    throw new AskedError(`${run}: no run of that name is on record.`);
  }
  return {
    ...LOOKED,
    action: 'history',
    summary: `Run ${run}: ${record?.result ?? 'it left no record'}, ${deletions.length} objects to delete or retire.`,
    record,
    deletions: deletions.slice(0, MOST_JOBS),
    details: await leave(desk, 'history', { record, deletions }),
    next: deletions.length === 0 ? null : next(desk, { action: 'undo', run }),
  };
}

export async function rulesLook({ restore = false }: ActionNamed<'rules'>, desk: Desk): Promise<Answer> {
  const { survey, totals } = await look(desk);
  const { config, locations, ledger } = desk.steward;
  const options = { signal: desk.deadline.soft };
  const policy = tidyingPolicy(config);
  const jobs = jobsOf(survey, survey.area, totals, config.labels);
  const buckets = bucketsOf(locations);
  const checked = await checkBuckets(survey, jobs, buckets, policy, options);
  const compared = [];
  for (const { facts, locations: within } of buckets) {
    const prefixes = within.map((location) => locations[location]?.area.prefix ?? '');
    compared.push(await reconcileRules({ facts, prefixes, policy, ledger, writer: null, restore, options }));
  }
  const hazards = checked.flatMap(hazardsOf);
  const differing = compared.filter(({ result }) => result === 'differs');
  return {
    ...LOOKED,
    action: 'rules',
    summary: `${hazards.length} lifecycle rules take live state. ${differing.length} of ${compared.length} buckets lack rules that would tidy up.`,
    hazards: fewOf(hazards.map(({ sentence }) => sentence)),
    buckets: compared.map(({ document: _, ...told }) => told),
    unknown: fewOf(checked.flatMap(({ unknown }) => unknown)),
    details: await leave(desk, 'rules', { checked, compared }),
    next:
      differing.length === 0 ? null : next(desk, { action: 'rules', ...(restore ? { restore } : {}), execute: true }),
  };
}

function requireJob(job: string | undefined, found: readonly unknown[]): void {
  if (job !== undefined && found.length === 0) {
    throw new AskedError(`No job of the area is called ${job}. See all of them: {"action":"audit"}.`);
  }
}

function undecidable(reasons: readonly { readonly sentence: string }[]): string {
  const [first] = reasons;
  return first === undefined ? '' : ` The area is undecidable, so nothing is deleted: ${first.sentence}.`;
}
