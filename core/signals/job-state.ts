import { hasEnded } from '../collect/cutoffs.ts';
import type { Evidence } from '../collect/evidence.ts';
import type { Owner } from '../collect/owners.ts';
import { latest } from '../collect/rootless-directories.ts';
import { duration } from '../quantity.ts';
import { SHORTEST_CADENCE } from './cadence.ts';
import type { JobState } from './job-states.ts';

/** The state of a job, and what shows it. */
export interface JobStanding {
  readonly state: JobState;
  /** A clause: what shows the state. */
  readonly why: string;
}

/** So many of its usual intervals without a write are no sign yet: a restart takes some. */
const MISSED = 3;
/** Of a job whose usual interval is not known: most complete a checkpoint within this time. */
const LATELY = 3_600_000;

/**
 * When the job itself last wrote, as far as anything shows it: epoch milliseconds, -Infinity where nothing does. A root
 * that was put back has a new time in the bucket, and is no sign of life.
 */
export function lastSignOf({ lastStateFiles, roots, lastWrite }: Owner): number {
  const sign = Math.max(latest(lastStateFiles.values()), latest(roots.map(({ completed }) => completed)));
  return Number.isFinite(sign) ? sign : lastWrite;
}

/** @param cadence the usual time between two checkpoints of the job, milliseconds; null where it is not known. */
export function standingOf(
  owner: Owner,
  cadence: number | null,
  evidence: Pick<Evidence, 'start' | 'settings'>,
): JobStanding {
  if (owner.running.length > 0) {
    return { state: 'running', why: 'Flink says that it runs' };
  }
  if (owner.declaredDead) {
    return { state: 'ended', why: 'declared dead' };
  }
  const silence = Math.max(0, evidence.start - lastSignOf(owner));
  const last = Number.isFinite(silence) ? `last write ${duration(silence)} ago` : 'no write is known';
  if (hasEnded(owner, evidence)) {
    return { state: 'ended', why: `${last}, longer than deadAfter (${duration(evidence.settings.deadAfter)})` };
  }
  const usual = cadence === null ? '' : `, usually every ${duration(cadence)}`;
  const patience =
    cadence === null ? Math.max(LATELY, 2 * owner.checkpointTimeout) : MISSED * Math.max(cadence, SHORTEST_CADENCE);
  return { state: silence <= patience ? 'running' : 'silent', why: `${last}${usual}` };
}
