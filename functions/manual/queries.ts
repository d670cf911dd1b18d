import { fewOf } from '#functions/shared/few-of.ts';
import { writesRules } from '#functions/shared/open-steward.ts';
import { auditArea, describeStaying } from '#steward/audit.ts';
import { emptiness } from '#steward/empty-area.ts';
import { explainObject, whatExplains } from '#steward/explain.ts';
import { deletionsOf, jobsOverTime, recordedRun, recordedRuns, sayPaused } from '#steward/history.ts';
import { checkRules, reconcileBuckets } from '#steward/lifecycle-rules.ts';
import { look } from '#steward/look.ts';
import { auditWithOperators } from '#steward/operators.ts';
import { restorePointsOf } from '#steward/restore-points.ts';
import { statusOf } from '#steward/status.ts';
import type { ActionNamed, Answered } from './actions.ts';
import { AskedError, leave, next, type Session } from './session.ts';

/** The actions that change nothing. */

const MOST_JOBS = 20;
const MOST_RUNS = 100;
const MOST_RECORDED = 99_999;
/** Of each job; the details have all. */
const MOST_WITHHELD = 3;
const MOST_COMMANDS = 10;
const READ_ONLY = { executed: false } as const;

export async function auditAction({ job }: ActionNamed<'audit'>, session: Session): Promise<Answered<'audit'>> {
  const { steward, deadline } = session;
  const judged = await look(steward);
  const audited = await auditArea(steward, judged, { signal: deadline.soft });
  const report = await auditWithOperators(steward, judged, audited.report, job ?? null, deadline.soft);
  const { jobs: selected } = report;
  const { reclaimable, live } = report.groups;
  return {
    ...READ_ONLY,
    action: 'audit',
    summary: `${report.roots} checkpoints and savepoints; ${live.bytes} bytes live, ${reclaimable.bytes} bytes in ${reclaimable.objects} objects reclaimable.${undecidable(report.undecidable)}`,
    total: report.total,
    groups: report.groups,
    jobs: selected.slice(0, MOST_JOBS).map((one) => ({
      label: one.label,
      job: one.job,
      total: one.total,
      live: one.groups.live,
      reclaimable: one.groups.reclaimable,
      restorePoints: one.restorePoints,
      newestRestorePoint: one.newestRestorePoint?.path ?? null,
    })),
    moreJobs: Math.max(0, selected.length - MOST_JOBS),
    staying: report.staying.map((one) => describeStaying(one, judged.survey.start)),
    undecidable: fewOf(report.undecidable.map(({ sentence }) => sentence)),
    findings: fewOf(report.findings.map(({ sentence }) => sentence)),
    notes: [...report.notes],
    details: await leave(session, 'audit', report),
    whole: { report, empty: emptiness(judged.survey) },
    next: next(session, { action: 'plan', ...(job === undefined ? {} : { job }) }),
  };
}

export async function explainAction(
  { object: name }: ActionNamed<'explain'>,
  session: Session,
): Promise<Answered<'explain'>> {
  const judged = await look(session.steward);
  const explained = await explainObject(judged, [name]);
  const whole = whatExplains(judged, explained);
  const common = { ...READ_ONLY, action: 'explain', whole } as const;
  switch (explained.found) {
    case 'object': {
      const { namedBy, ...explanation } = explained.explanation;
      const below = explained.below === null ? {} : { below: explained.below };
      return {
        ...common,
        summary: explanation.because.join(' '),
        ...explanation,
        ...below,
        namedBy: namedBy.slice(0, MOST_JOBS),
        details:
          namedBy.length > MOST_JOBS ? await leave(session, 'explain', { ...explanation, ...below, namedBy }) : null,
        next: null,
      };
    }
    case 'several': {
      const { several } = explained;
      return {
        ...common,
        several: true,
        summary: `Objects that ${name} may mean: ${several.objects}. Ask about one of them by its URL.`,
        ...several,
        listed: several.listed.slice(0, MOST_JOBS),
        details: several.listed.length > MOST_JOBS ? await leave(session, 'explain', several) : null,
        next: next(session, { action: 'explain', object: several.listed[0]?.url ?? name }),
      };
    }
    case 'gone': {
      const [newest] = explained.gone.deletions;
      return {
        ...common,
        gone: true,
        summary: `It does not exist. Run ${newest?.run} was to delete it (outcome: ${newest?.outcome}), by the rule ${newest?.rule}.`,
        ...explained.gone,
        details: null,
        next: newest === undefined ? null : next(session, { action: 'undo', run: newest.run }),
      };
    }
    case 'missing': {
      const { url, namedBy } = explained.missing;
      return {
        ...common,
        missing: true,
        summary: `It does not exist, but ${namedBy.length} checkpoints or savepoints reference it and can't be restored without it.`,
        url,
        namedBy: namedBy.slice(0, MOST_JOBS),
        details: namedBy.length > MOST_JOBS ? await leave(session, 'explain', explained.missing) : null,
        next: next(session, { action: 'restore-points' }),
      };
    }
    case 'nothing':
      // The command line says it in its own words.
      if (session.isWhole) return { ...common, summary: `There is no object ${name}.`, details: null, next: null };
      throw new AskedError(
        `${name}: there is no such object in the area. Nothing was done. Give its whole key, or its URL as checkpoints reference it.`,
      );
    default:
      return explained satisfies never;
  }
}

export async function restorePointsAction(
  { job }: ActionNamed<'restore-points'>,
  session: Session,
): Promise<Answered<'restore-points'>> {
  const { steward } = session;
  const judged = await look(steward);
  const report = restorePointsOf(steward, judged, job ?? null);
  const restorable = report.jobs.filter(({ newest }) => newest !== null).length;
  return {
    ...READ_ONLY,
    action: 'restore-points',
    summary: `${restorable} of ${report.jobs.length} jobs with checkpoints or savepoints can be restored.${undecidable(report.undecidable)}`,
    jobs: report.jobs.slice(0, MOST_JOBS).map((one) => ({
      label: one.label,
      job: one.job,
      restorePoints: one.restorePoints,
      completed: one.newest?.completed ?? null,
      command: one.newest?.command ?? null,
      readsFrom: one.newest?.readsFrom ?? null,
      timesDistrusted: one.timesDistrusted,
      withheld: one.withheld
        .slice(0, MOST_WITHHELD)
        .map(({ path, reason, sentence, commands }) => ({ path, reason, sentence, commands: firstAndLast(commands) })),
      damage: one.damage,
      repair: fewOf(one.repair.map(({ command }) => command)),
      finding: one.finding,
    })),
    moreJobs: Math.max(0, report.jobs.length - MOST_JOBS),
    details: await leave(session, 'restore-points', report),
    whole: { report, empty: emptiness(judged.survey) },
    next: null,
  };
}

/** The first things to do, and the restore. */
function firstAndLast(commands: readonly string[]): readonly string[] {
  return commands.length <= MOST_COMMANDS ? commands : [...commands.slice(0, MOST_COMMANDS - 1), ...commands.slice(-1)];
}

export async function historyAction(
  { run, object, since, limit = since === undefined ? 10 : MOST_RECORDED }: ActionNamed<'history'>,
  session: Session,
): Promise<Answered<'history'>> {
  const { steward } = session;
  if (object !== undefined) return await objectHistory(object, session);
  if (run === undefined) {
    const recorded = await recordedRuns(steward, limit, since === undefined ? undefined : Date.parse(since));
    const { runs, newestDeleting, state } = recorded;
    const { pins, paused, deadJobs, retired } = state;
    const [newest] = runs;
    const toShow = newestDeleting ?? newest?.run;
    return {
      ...READ_ONLY,
      action: 'history',
      summary:
        newest === undefined
          ? 'No run has been recorded.'
          : `The newest run, ${newest.command} of ${newest.began}: ${newest.result}${newest.result === 'stopped' && newest.breakers.length > 0 ? ` by the breaker ${newest.breakers.join(', ')}` : ''}.`,
      paused,
      pins: pins.slice(0, MOST_JOBS),
      deadJobs: deadJobs.slice(0, MOST_JOBS),
      retired: retired.filter(({ state }) => state === 'retired').length,
      runs: runs
        .slice(0, MOST_RUNS)
        .map(({ run: name, command, began, result, why, breakers, deletable, deleted, retired: roots }) => ({
          run: name,
          command,
          began,
          result,
          why,
          breakers,
          deletable,
          deleted,
          retired: roots,
        })),
      details: null,
      whole: { ...recorded, ledger: steward.ledger.name, jobs: await jobsOverTime(steward) },
      next: toShow === undefined ? null : next(session, { action: 'history', run: toShow }),
    };
  }
  const recorded = await recordedRun(steward, run);
  const { run: name, record, deletions } = recorded;
  return {
    ...READ_ONLY,
    action: 'history',
    summary: `Run ${name}: ${record?.result ?? 'it has no summary'}, ${deletions.length} objects to delete or retire.`,
    record,
    deletions: deletions.slice(0, MOST_JOBS),
    details: await leave(session, 'history', { record, deletions }),
    whole: recorded,
    next: deletions.length === 0 ? null : next(session, { action: 'undo', run: name }),
  };
}

export async function statusAction(session: Session): Promise<Answered<'status'>> {
  const status = await statusOf(session.steward);
  const { paused, pins, deadJobs, deadRoots, inProgress, lastDeleting } = status;
  const parts = [
    paused === null ? 'Deleting is not paused.' : sayPaused(paused),
    inProgress === null ? 'No run is in progress.' : `${inProgress.command}, run ${inProgress.run}, is in progress.`,
    `Pinned checkpoints and savepoints: ${pins.length}.`,
  ];
  return {
    ...READ_ONLY,
    action: 'status',
    summary: parts.join(' '),
    ...status,
    pins: pins.slice(0, MOST_JOBS),
    deadJobs: deadJobs.slice(0, MOST_JOBS),
    deadRoots: deadRoots.slice(0, MOST_JOBS),
    details: null,
    whole: status,
    next: lastDeleting === null ? null : next(session, { action: 'history', run: lastDeleting.run }),
  };
}

async function objectHistory(object: string, { steward }: Session): Promise<Answered<'history'>> {
  const gone = await deletionsOf(steward, [object]);
  return {
    ...READ_ONLY,
    action: 'history',
    summary:
      gone === null
        ? `No recorded run deleted ${object}.`
        : `${gone.deletions.length} runs were to delete ${gone.url}.`,
    ...(gone === null ? {} : { ...gone, deletions: gone.deletions.slice(0, MOST_JOBS) }),
    details: null,
    whole: { gone, ledger: steward.ledger.name },
    next: null,
  };
}

export async function rulesQuery(
  { restore = false }: ActionNamed<'rules'>,
  session: Session,
): Promise<Answered<'rules'>> {
  const { steward, deadline } = session;
  const judged = await look(steward);
  const { report, jobs } = await checkRules(steward, judged, undefined, deadline.soft);
  const compared = await reconcileBuckets(steward, { writerOf: () => null, restore, signal: deadline.soft });
  const differing = compared.filter(({ result }) => result === 'differs');
  return {
    ...READ_ONLY,
    action: 'rules',
    summary: `${report.findings.length} findings about lifecycle rules that delete live state, or may. ${differing.length} of ${compared.length} buckets lack rules of the steward.`,
    hazards: fewOf(report.findings.map(({ sentence }) => sentence)),
    buckets: compared.map(({ document: _, ...comparison }) => comparison),
    unknown: fewOf(report.buckets.flatMap(({ unknown }) => unknown)),
    details: await leave(session, 'rules', { checked: report.buckets, compared }),
    whole: {
      report,
      jobs: jobs.map(({ label, job }) => ({ label, job })),
      empty: emptiness(judged.survey),
    },
    next:
      differing.length === 0 || !writesRules(steward)
        ? null
        : next(session, { action: 'rules', ...(restore ? { restore } : {}), execute: true }),
  };
}

function undecidable(reasons: readonly { readonly sentence: string }[]): string {
  const [first] = reasons;
  return first === undefined ? '' : ` The area is undecidable, so nothing is deleted: ${first.sentence}.`;
}
