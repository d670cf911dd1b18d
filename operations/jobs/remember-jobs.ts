import pMap from 'p-map';
import type { Root } from '#core/collect/roots.ts';
import type { Totals } from '#core/collect/totals.ts';
import { classifyDirectory } from '#core/flink/layout.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { isoTime } from '#core/iso-time.ts';
import type { KnownNames } from '#core/jobs/job-names.ts';
import { holdsSeveralFolders, type Job, jobsOf } from '#core/jobs/jobs.ts';
import { type Labels, labelOf } from '#core/jobs/labels.ts';
import type { Completion, JobHistory } from '#core/signals/job-history.ts';
import { emptyHistory, thinned, withCompletions, withMeasure } from '#core/signals/remember.ts';
import { type SeenJob, seenJobs } from '#core/signals/seen-jobs.ts';
import { historyFileOf, readHistories, writeHistories } from '#operations/ledger/job-histories.ts';
import { type JobsState, jobsDocument, namesIn } from '#operations/ledger/jobs-document.ts';
import { type Observation, readObservations } from '#operations/ledger/observations.ts';
import type { Survey } from '#operations/look/survey.ts';
import { GROUPS } from '#operations/report/audit.ts';
import { type Billing, costsOf } from '#operations/report/cost.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type RenamedHistories, renamedHistories } from './renamed-histories.ts';

/**
 * Adds what a survey saw, and what was heard of completed checkpoints since the last one, to the histories of the jobs.
 * A run that dies meanwhile leaves some files grown and others not; the next run receives the same hours again.
 */

const HOUR = 3_600_000;
/** Files of histories in memory. */
const AT_ONCE = 8;
/** Events come late; what comes later than that is seen by the survey itself, if it is there still. */
const LATE = 2 * HOUR;
/** Where nobody has looked for longer, older hours are left out. */
const MOST_HOURS_BACK = 14 * 24 * HOUR;
/** The history of a job that no longer exists is deleted after this time. */
const FORGET_AFTER = 90 * 24 * HOUR;

/** What is asked of a survey. */
export type SurveyedJobs = Pick<Survey, 'area' | 'start' | 'settings' | 'undecidable' | 'names' | 'liveness'> & {
  readonly owners: Pick<Survey['owners'], 'all'>;
};

/** A survey, and what it takes to add it to the histories of the jobs. */
export interface RememberJobsInput {
  readonly ledger: LedgerStore;
  readonly survey: SurveyedJobs;
  readonly totals: Totals;
  readonly labels: Labels;
  readonly billing: Billing | null;
  /** Those whose newest checkpoint is damaged. */
  readonly damaged: (jobs: readonly Job[]) => readonly Job[];
  /** Bytes that a root names and that were written since that time, epoch milliseconds; null where nobody knows. */
  readonly incrementOf: (root: Root, since: number) => number | null;
  /** Called for the history of each job that is not forgotten, as it is now. */
  readonly onHistory?: (history: JobHistory) => void;
}

/**
 * @returns in sentences what was lost.
 * @throws StoreError, LedgerError
 */
export async function rememberJobs(input: RememberJobsInput): Promise<readonly string[]> {
  const { ledger, survey, onHistory } = input;
  const { start } = survey;
  const known = await jobsDocument(ledger).read();
  const since = known === null ? start - HOUR : Date.parse(known.value.surveyed);
  const severalFolders = holdsSeveralFolders(survey.owners.all);
  const heard = await heardOf(input, severalFolders, Math.max(since - LATE, start - MOST_HOURS_BACK));
  const jobs = jobsSeen(input);
  const seen = byFile(jobs);
  const renamed = await renamedHistories({ ...input, before: known?.value ?? null });
  const lost: string[] = [];
  const files = new Set<number>();
  await pMap(
    new Set([...(known?.value.files ?? []), ...seen.keys(), ...heard.keys()]),
    async (file) => {
      const before = await readHistories(ledger, file);
      lost.push(...(before.lost === null ? [] : [before.lost]));
      const after = grown(
        withRenamed(before.histories, seen.get(file), renamed),
        seen.get(file) ?? new Map(),
        heard.get(file) ?? new Map(),
        input,
      );
      if (after.length > 0 || before.histories.size > 0) {
        await writeHistories(ledger, file, after);
        files.add(file);
      }
      for (const history of after) {
        onHistory?.(history);
      }
    },
    { concurrency: AT_ONCE },
  );
  const state: JobsState = {
    surveyed: isoTime(start),
    severalFolders,
    jobs: jobs.filter(({ ended }) => !ended).length,
    files: [...files].toSorted((a, b) => a - b),
    undecidable: survey.undecidable.length,
    ...namesToKeep(survey, namesIn(known?.value ?? null)),
  };
  await jobsDocument(ledger).write(state, known?.tag ?? null);
  return lost;
}

/** By what name a job is known of which a checkpoint was heard; null for a savepoint, whose job only a survey can tell. */
export function labelOfObservation(
  { url }: Pick<Observation, 'url'>,
  area: Survey['area'],
  labels: Labels,
  severalFolders: boolean,
  names: KnownNames,
): string | null {
  const place = area.placeOfUrl(url);
  if (place === null) {
    return null;
  }
  const { role, job, base } = classifyDirectory(place.key.slice(0, -METADATA_NAME.length));
  return role === 'savepoint'
    ? null
    : labelOf(area, { location: place.location, base, job }, labels, severalFolders, names);
}

/** An observation as the completion that a history remembers. It is never a savepoint. */
export function completionOf(observation: Observation): Completion {
  return {
    completed: Date.parse(observation.completed),
    jobId: observation.job,
    checkpointId: observation.checkpointId,
    savepoint: false,
    bytes: observation.bytes,
    incrementBytes: null,
  };
}

type ByLabel<T> = ReadonlyMap<string, T>;

/** What goes on under a new label; a history that is there under that label already is another submission's. */
function withRenamed(
  before: ByLabel<JobHistory>,
  seen: ByLabel<SeenJob> | undefined,
  { histories, earlier }: RenamedHistories,
): ByLabel<JobHistory> {
  const going = [...(seen?.keys() ?? [])].flatMap((label) => histories.get(label) ?? []);
  const kept = [...before].filter(([label]) => !earlier.has(label));
  return new Map([...going.map((history) => [history.label, history] as const), ...kept]);
}

function grown(
  before: ByLabel<JobHistory>,
  seen: ByLabel<SeenJob>,
  heard: ByLabel<readonly Completion[]>,
  { survey, incrementOf }: Pick<RememberJobsInput, 'survey' | 'incrementOf'>,
): readonly JobHistory[] {
  const labels = new Set([...before.keys(), ...seen.keys(), ...heard.keys()]);
  return [...labels].flatMap((label) => {
    const known = withCompletions(before.get(label) ?? emptyHistory(label), heard.get(label) ?? []);
    const job = seen.get(label);
    const history = job === undefined ? { ...known, ended: true } : withSeen(known, job, incrementOf);
    return isForgotten(history, survey.start) ? [] : [thinned(history, survey.start)];
  });
}

function withSeen(
  history: JobHistory,
  { roots, measure, ended }: SeenJob,
  incrementOf: RememberJobsInput['incrementOf'],
): JobHistory {
  const seen = withCompletions(
    history,
    roots.map(({ completion }) => completion),
  );
  const increments = roots.flatMap(({ root, completion }) => {
    const { completed, jobId, bytes } = completion;
    const known = seen.completions.find((one) => one.completed === completed && one.jobId === jobId);
    const earlier = seen.completions.findLast((one) => !one.savepoint && one.completed < completed);
    return bytes === null || earlier === undefined || known?.incrementBytes !== null
      ? []
      : { ...completion, incrementBytes: incrementOf(root, earlier.completed) };
  });
  return { ...withMeasure(withCompletions(seen, increments), measure), ended };
}

function isForgotten({ ended, measures, completions }: JobHistory, now: number): boolean {
  const last = Math.max(measures.at(-1)?.at ?? 0, completions.at(-1)?.completed ?? 0);
  return ended && now - last > FORGET_AFTER;
}

function jobsSeen({ survey, totals, labels, billing, damaged }: RememberJobsInput): readonly SeenJob[] {
  const jobs = jobsOf(survey, totals, labels);
  const costs = billing === null ? null : costsOf(totals, GROUPS, billing);
  const found = new Set(damaged(jobs));
  return seenJobs(survey, jobs, {
    costOf: (job) => costs?.ofJob(job)?.total ?? null,
    newestDamaged: (job) => found.has(job),
  });
}

function byFile(jobs: readonly SeenJob[]): ReadonlyMap<number, Map<string, SeenJob>> {
  const files = new Map<number, Map<string, SeenJob>>();
  for (const job of jobs) {
    placeIn(files, job.label).set(job.label, job);
  }
  return files;
}

async function heardOf(
  { ledger, survey, labels }: RememberJobsInput,
  severalFolders: boolean,
  from: number,
): Promise<ReadonlyMap<number, ByLabel<Completion[]>>> {
  const files = new Map<number, Map<string, Completion[]>>();
  for await (const observation of readObservations(ledger, { from, to: survey.start })) {
    const label = labelOfObservation(observation, survey.area, labels, severalFolders, survey.names);
    if (label !== null) {
      const file = placeIn(files, label);
      const completions = file.get(label) ?? [];
      file.set(label, completions);
      completions.push(completionOf(observation));
    }
  }
  return files;
}

function placeIn<T>(files: Map<number, Map<string, T>>, label: string): Map<string, T> {
  const file = historyFileOf(label);
  const known = files.get(file) ?? new Map<string, T>();
  files.set(file, known);
  return known;
}

/** Of the jobs that run or have a directory here. What is known is kept, also where this survey could not read it. */
function namesToKeep({ names, owners, liveness }: SurveyedJobs, known: KnownNames): Pick<JobsState, 'names'> {
  const present = new Set([...owners.all.map(({ job }) => job), ...liveness.jobs.map(({ jobId }) => jobId)]);
  const kept = [...new Map([...known, ...names])].filter(([id]) => present.has(id));
  return kept.length === 0 ? {} : { names: Object.fromEntries(kept) };
}
