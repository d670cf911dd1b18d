import { abort, commit, isWhole } from './checkpointing.ts';
import type { Flink } from './flink.ts';
import { Job, type JobSpec } from './job.ts';
import type { RootTruth } from './pieces.ts';

/** How jobs begin, fail, recover, rest and end. */

export function submit(flink: Flink, spec: JobSpec, from: RootTruth | null, mode: Job['mode']): Job {
  const job = new Job(spec, from, mode, flink.now());
  flink.jobs.push(job);
  const folders = ['shared/', 'taskowned/'].map((folder) => `${job.directory(flink.place)}${folder}`);
  const made = folders.filter((folder) => flink.makeDirectory(folder));
  if (made.length === folders.length) {
    for (const folder of made) {
      job.written.set(folder, flink.now());
    }
  }
  job.isStuck = flink.chance.in(flink.rules.stuck);
  if (job.isStuck) {
    flink.failing.add(job);
  }
  if (from !== null && mode === 'claim') {
    flink.claimed.add(from.key);
    job.retained = [from];
    job.restoredFrom = null;
    for (const { key, merged } of from.shared) {
      if (!merged) {
        job.registry.set(key, from.id);
      }
    }
  }
  if (from !== null && mode === 'legacy') {
    for (const { key } of from.shared) {
      job.foreign.add(key);
    }
  }
  if (from !== null && from.kind === 'savepoint-native' && spec.misplaces) {
    for (const { key } of from.shared) {
      job.foreign.add(key);
    }
  }
  restore(flink, job);
  return job;
}

/** The state is read again from the last checkpoint; all else that workers knew is forgotten. */
export function restore(flink: Flink, job: Job): void {
  const root = job.retained.at(-1) ?? job.restoredFrom;
  job.open = null;
  job.closing = [];
  job.materialising = null;
  job.sinkFiles = [];
  if (root === null) {
    job.pieces = [];
    return;
  }
  flink.mustBeWhole(root);
  if (!isWhole(flink, root)) {
    job.state = 'ended';
    return;
  }
  const isOwnToName = job.mode !== 'no-claim' || root !== job.restoredFrom;
  job.pieces = root.shared.map(({ key, merged }) => ({
    number: flink.pieces++,
    key: isOwnToName ? key : null,
    merged: merged || (job.spec.backend === 'merging' && !isOwnToName),
  }));
  job.sinkFiles = root.opaque.filter((file) => flink.bucket.has(file));
}

/** Workers fail, and the JobManager goes on. */
export function failOver(flink: Flink, job: Job): string {
  for (const pending of [...job.pending]) {
    if (pending.root !== null) {
      commit(flink, job, pending, pending.root);
    }
  }
  for (const pending of [...job.pending]) {
    abort(flink, job, pending);
  }
  if (job.open !== null && flink.chance.in(0.5)) {
    flink.put(job, job.open.key, job.open.since);
  }
  restore(flink, job);
  return 'fails over';
}

/** The JobManager dies: it knows only what its store of completed checkpoints holds. */
export function crash(flink: Flink, job: Job): string {
  job.deletes = [];
  job.lateWrites = flink.chance.in(0.5) ? job.lateWrites : [];
  job.pending = [];
  job.registry = new Map();
  for (const { id, shared } of job.retained) {
    for (const { key, merged } of shared) {
      if (!merged && !job.foreign.has(key)) {
        job.registry.set(key, Math.max(id, job.registry.get(key) ?? 0));
      }
    }
  }
  restore(flink, job);
  return 'loses its JobManager';
}

export function suspend(flink: Flink, job: Job): string {
  crash(flink, job);
  if (job.isAlive) {
    job.state = 'suspended';
  }
  return 'is suspended';
}

export function resume(flink: Flink, job: Job): string {
  job.state = 'running';
  job.started = flink.now();
  restore(flink, job);
  return 'goes on';
}

export function cancel(flink: Flink, job: Job): string {
  for (const pending of [...job.pending]) {
    abort(flink, job, pending);
  }
  if (!job.spec.keepsOnCancel) {
    job.deletes.push(...job.retained.flatMap(({ key, exclusive }) => [key, ...exclusive]), ...job.registry.keys());
  }
  job.state = 'ended';
  // What it does not come to any more stays behind.
  for (const key of job.deletes.slice(0, flink.chance.between(0, job.deletes.length))) {
    flink.remove(key);
  }
  return 'is cancelled';
}
