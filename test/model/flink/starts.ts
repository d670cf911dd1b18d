import type { Flink } from './flink.ts';
import type { Job, JobSpec } from './job.ts';
import { cancel, submit } from './lifecycle.ts';

/**
 * A job that is started with NO_CLAIM from an older checkpoint of one that has ended for long, and completes none. It
 * uploads; or it reads its state for so long that it has made two folders and no more; or it has the id of a job from
 * whose checkpoint another one was started before.
 */
export type Start = 'uploads' | 'folders' | 'again';

const HOUR = 3_600_000;
/** After which the new job starts: shortly before the old one has been silent for so long that it counts as ended. */
const PAUSE = 2 * HOUR;
const IDS = { old: '0a', new: '0b', taker: '0c' } as const;

function spec(id: keyof typeof IDS): JobSpec {
  return {
    jobId: `${IDS[id].repeat(3)}${'f38e9d60efc7468a374aec0412'}`,
    layout: 'own',
    cluster: 1,
    backend: 'rocksdb',
    retained: 3,
    concurrent: 1,
    sink: false,
    keepsOnCancel: true,
    misplaces: false,
  };
}

/** Begins what is to happen next. @returns what it was; null where jobs go on as they do. */
export function nextStart(flink: Flink, start: Start): string | null {
  const [old, first, ...others] = flink.jobs;
  if (old === undefined) {
    for (const id of start === 'again' ? (['old', 'new'] as const) : (['old'] as const)) {
      flink.lasting.add(submit(flink, spec(id), null, null));
    }
    return 'Jobs start';
  }
  for (const job of others.length === 0 ? [old, first] : []) {
    if (job?.isAlive && !job.isStuck && job.retained.length === job.spec.retained) {
      return endOf(flink, job);
    }
  }
  const isOver = !old.isAlive && flink.now() - (flink.ended.get(old) ?? 0) >= PAUSE;
  if (start === 'again' && first !== undefined && !first.isAlive && others.length === 0) {
    return begin(flink, submit(flink, spec('taker'), first.retained.at(-1) ?? null, 'claim'));
  }
  const isBegun = start === 'again' ? others.length !== 1 : first !== undefined;
  if (isBegun || !isOver) {
    return null;
  }
  // A steward may have retired it meanwhile, as nobody runs on it.
  const from = old.retained.find((root) => flink.roots.get(root.key) === root);
  if (from === undefined) {
    return null;
  }
  const job = submit(flink, spec('new'), from, 'no-claim');
  job.isStuck = true;
  flink.failing.add(job);
  if (start === 'folders') {
    flink.idle.add(job);
  }
  return begin(flink, job);
}

function begin(flink: Flink, job: Job): string {
  flink.lasting.add(job);
  return `${job.spec.jobId.slice(0, 4)} starts from ${(job.restoredFrom ?? job.retained[0])?.key}`;
}

function endOf(flink: Flink, job: Job): string {
  flink.ended.set(job, flink.now());
  return `${job.spec.jobId.slice(0, 4)} ${cancel(flink, job)}`;
}
