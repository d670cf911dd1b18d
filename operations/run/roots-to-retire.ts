import type { Liveness } from '#core/collect/liveness.ts';
import type { Root } from '#core/collect/roots.ts';
import { decideRetention, type RetentionDecision } from '#core/retention/decide.ts';
import type { RetentionEvidence } from '#core/retention/evidence.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import { askClusters } from '#operations/look/ask-clusters.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { RunningJobs } from '#ports/running-jobs.ts';

/** The last look before roots are retired. */

/** What was known when it was decided, and how roots are read again. */
export interface RetiringArea extends RetentionEvidence, Pick<Survey, 'readAgain'> {
  /** What the clusters said. */
  readonly liveness: Liveness;
}

/** What was decided about roots, and what it takes to look at them once more. */
export interface LastLook<Surveyed extends RetiringArea = Survey> {
  readonly survey: Surveyed;
  readonly decisions: readonly RetentionDecision[];
  readonly retention: (survey: Surveyed) => RetentionInput;
  readonly running: readonly RunningJobs[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * The roots that may be retired now. The roots are listed again, and a directory that moved since the survey is left
 * alone: its job has come back, and its JobManager may remember any of its checkpoints. Flink is asked again, too: a
 * job that was restored since may need one of them, and while it is not known what it was restored from it may be any.
 *
 * @throws StoreError where a listing failed.
 */
export async function rootsToRetire<Surveyed extends RetiringArea>({
  survey,
  decisions,
  retention,
  running,
  signal,
}: LastLook<Surveyed>): Promise<readonly Root[]> {
  const wanted = decisions.filter(({ action }) => action === 'retire').map(({ root }) => root);
  if (wanted.length === 0) {
    return [];
  }
  const known = new Set(survey.reachability.roots);
  const doubts = await survey.readAgain();
  if (doubts.length > 0) {
    return [];
  }
  const fresh = survey.reachability.roots.filter((root) => !known.has(root));
  const resting = wanted.filter((root) => !fresh.some((other) => areOfOneJob(root, other)));
  return running.length === 0 ? resting : await unneeded(resting, { survey, retention, running, signal });
}

function areOfOneJob(root: Root, other: Root): boolean {
  const isSameDirectory = root.location === other.location && root.class.base === other.class.base;
  return isSameDirectory || (root.class.job !== null && root.class.job === other.class.job);
}

async function unneeded<Surveyed extends RetiringArea>(
  roots: readonly Root[],
  { survey, retention, running, signal }: Omit<LastLook<Surveyed>, 'decisions'>,
): Promise<readonly Root[]> {
  const liveness = await askClusters(survey.area, running, signal);
  if (liveness.silent.length > 0 || liveness.restoreUnknown.length > 0) {
    return [];
  }
  const decisions = decideRetention(survey, retention({ ...survey, liveness }));
  const free = new Set(decisions.filter(({ action }) => action === 'retire').map(({ root }) => root));
  return roots.filter((root) => free.has(root));
}
