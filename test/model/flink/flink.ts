import { type RunningJob, type RunningJobs, RunningJobsError } from '#ports/running-jobs.ts';
import type { Gate } from '#test/support/gate.ts';
import type { MemoryBucket } from '#test/support/memory-bucket.ts';
import type { Chance } from '../chance.ts';
import { ModelViolation } from '../violation.ts';
import { abort, isWhole } from './checkpointing.ts';
import { type Job, type JobSpec, Names } from './job.ts';
import { failOver, submit } from './lifecycle.ts';
import { movesOf } from './moves.ts';
import { metadataOf, needsOf, type RootTruth, stateContent } from './pieces.ts';
import { Place } from './place.ts';

export interface FlinkRules {
  /** `execution.checkpointing.timeout`, milliseconds. */
  readonly timeout: number;
  readonly longestMaterialisation: number;
  readonly layouts: readonly JobSpec['layout'][];
  readonly backends: readonly JobSpec['backend'][];
  /** Whether no checkpoint ever completes. */
  readonly neverCompletes: boolean;
  readonly sinks: boolean;
  /** Jobs go on from the newest checkpoint of a job only: others may be retired at any time. */
  readonly restoresNewestOnly: boolean;
}

const MOST_JOBS = 14;
const MOST_RUNNING = 3;

/** All clusters that write into one bucket, and what is true of them. */
export class Flink {
  readonly bucket: MemoryBucket;
  readonly chance: Chance;
  readonly rules: FlinkRules;
  readonly place: Place;
  readonly names = new Names();
  readonly jobs: Job[] = [];
  readonly failing = new Set<Job>();
  readonly claimed = new Set<string>();
  /** Every `_metadata` that is there, by key. */
  readonly roots = new Map<string, RootTruth>();
  /** What stewards have deleted and not put back. */
  readonly swept = new Set<string>();
  readonly #foreign = new Set<string>();
  pieces = 0;

  constructor(bucket: MemoryBucket, chance: Chance, rules: FlinkRules) {
    this.bucket = bucket;
    this.chance = chance;
    this.rules = rules;
    this.place = new Place(chance);
  }

  now(): number {
    return this.bucket.now();
  }

  put(key: string, modified = this.now()): string {
    this.bucket.put(key, stateContent(key), modified);
    return key;
  }

  remove(key: string): void {
    this.bucket.delete(key);
    this.roots.delete(key);
  }

  /** What somebody else has put into the bucket. */
  addForeign(): void {
    for (const key of [
      'ha/cluster/completedCheckpoint0b6e4d38a3d1',
      'flink/cp/9468946f38e9d60efc7468a374aec04f/completedCheckpoint0b6e4d38a3d2',
      'ha/cluster/blob/job_9468946f38e9d60efc7468a374aec04f/blob_p-1',
      'flink/cp/9468946f38e9d60efc7468a374aec04f/shared/backup.tar',
      'flink/cp/9468946f38e9d60efc7468a374aec04f/shared/',
      'flink/cp/notes.txt',
    ]) {
      this.#foreign.add(key);
      this.bucket.put(key, key.endsWith('/') ? '' : 'foreign');
    }
  }

  isForeign(key: string): boolean {
    return this.#foreign.has(key);
  }

  writeRoot(root: RootTruth): void {
    for (const key of needsOf(root)) {
      if (this.swept.has(key)) {
        throw new ModelViolation(`${root.key} is written and names ${key}, which a steward has deleted`);
      }
    }
    this.bucket.put(root.key, metadataOf(root, this.bucket.name));
    this.roots.set(root.key, root);
  }

  /** @throws ModelViolation where a steward has deleted what a restore from this root needs. */
  mustBeWhole(root: RootTruth): void {
    for (const key of [root.key, ...needsOf(root)]) {
      if (this.swept.has(key) && !this.bucket.has(key)) {
        throw new ModelViolation(`A restore from ${root.key} needs ${key}, which a steward has deleted`);
      }
    }
  }

  /** Everything that must stay: what any root names, and what a job that lives may still use. */
  needed(): Set<string> {
    const needed = new Set<string>();
    for (const root of this.roots.values()) {
      for (const key of needsOf(root)) {
        needed.add(key);
      }
    }
    for (const job of this.jobs) {
      for (const key of job.needed()) {
        needed.add(key);
      }
    }
    return needed;
  }

  /** One of all that can happen next. @returns what it was. */
  move(): string {
    this.expire();
    const alive = this.jobs.filter(({ isAlive }) => isAlive);
    if (alive.length === 0 || (alive.length < MOST_RUNNING && this.jobs.length < MOST_JOBS && this.chance.in(0.05))) {
      return this.#submit() ?? 'Nothing happens';
    }
    const job = this.chance.pick(alive);
    const told = this.chance.weighted(movesOf(this, job))();
    return `${job.spec.jobId.slice(0, 4)} (${job.spec.backend}) ${told}`;
  }

  /** Checkpoints that take longer than they may are aborted, as by a timer. */
  expire(): void {
    for (const job of this.jobs) {
      for (const pending of job.isAlive ? [...job.pending] : []) {
        if (pending.root === null && this.now() > pending.since + this.rules.timeout) {
          abort(this, job, pending);
        }
      }
    }
  }

  /** Before a long time in which nothing happens: what jobs only remember would not last so long. */
  forgetUnnamed(): void {
    for (const job of this.jobs) {
      if (job.state === 'running') {
        failOver(this, job);
      }
    }
  }

  /** What its REST endpoints say. */
  rest(gate: Gate): RunningJobs {
    const effect = (): readonly RunningJob[] =>
      this.jobs
        .filter(({ state }) => state === 'running')
        .map(({ spec, pending, retained, restoredFrom, completed }) => ({
          jobId: spec.jobId,
          name: spec.backend,
          state: 'RUNNING',
          checkpointTimeout: this.rules.timeout,
          inProgress: pending.map(({ id }) => BigInt(id)),
          inProgressUnnamed: 0,
          restoredFrom: restoredFrom === null ? null : restored(this.bucket.name, restoredFrom),
          restoreKnown: true,
          completedCheckpoints: completed,
          completedPaths:
            completed === 0 ? [] : retained.slice(-1).map(({ key }) => directoryOf(this.bucket.name, key)),
        }));
    const name = 'http://flink:8081';
    return { name, jobs: () => gate.pass('rest', effect, (why) => new RunningJobsError(name, why)) };
  }

  #submit(): string | null {
    if (this.jobs.length >= MOST_JOBS) {
      return null;
    }
    const from = this.chance.in(0.75) ? this.#restorable() : null;
    const mode = from === null ? null : this.chance.pick(['claim', 'no-claim', 'legacy'] as const);
    if (from !== null && mode === 'claim' && (this.claimed.has(from.key) || this.#isFallback(from))) {
      return null;
    }
    const spec = this.#spec(from);
    if (spec === null) {
      return null;
    }
    submit(this, spec, from, mode);
    return `${spec.jobId.slice(0, 4)} (${spec.backend}, ${spec.layout}) starts ${mode ?? ''} ${from?.key ?? 'empty'}`;
  }

  #restorable(): RootTruth | null {
    const candidates = [...this.roots.values()].filter(
      (root) => isWhole(this, root) && (root.kind.startsWith('savepoint') || !this.#isFallback(root)),
    );
    const allowed = this.rules.restoresNewestOnly
      ? candidates.filter((root) => root.kind.startsWith('savepoint') || this.#isNewest(root))
      : candidates;
    return allowed.length === 0 ? null : this.chance.pick(allowed);
  }

  #isNewest({ key, written }: RootTruth): boolean {
    const parent = parentOf(key);
    return ![...this.roots.values()].some((other) => parentOf(other.key) === parent && other.written > written);
  }

  #isFallback(root: RootTruth): boolean {
    return this.jobs.some((job) => job.isAlive && [...job.fallbacks()].includes(root));
  }

  #spec(from: RootTruth | null): JobSpec | null {
    const { chance } = this;
    const layout = chance.pick(this.rules.layouts);
    const old = this.jobs.at(-1)?.spec.jobId;
    const jobId = old !== undefined && chance.in(0.25) ? old : jobIdOf(this.jobs.length + 1);
    const clashes = this.jobs.some(
      ({ isAlive, spec }) => isAlive && (spec.jobId === jobId || (layout === 'flat' && spec.layout === 'flat')),
    );
    if (clashes) {
      return null;
    }
    return {
      jobId,
      layout,
      backend: chance.pick(this.rules.backends),
      retained: chance.pick([1, 1, 2, 3]),
      concurrent: chance.pick([1, 1, 2]),
      sink: this.rules.sinks && chance.in(0.3),
      keepsOnCancel: chance.in(0.8),
      misplaces: from?.kind === 'savepoint-native' && chance.in(0.5),
    };
  }
}

function restored(bucket: string, { key, kind, id }: RootTruth): RunningJob['restoredFrom'] {
  return { path: directoryOf(bucket, key), isSavepoint: kind.startsWith('savepoint'), id: BigInt(id) };
}

function directoryOf(bucket: string, key: string): string {
  return `${bucket}/${key.slice(0, -'/_metadata'.length)}`;
}

function parentOf(key: string): string {
  return key.split('/').slice(0, -2).join('/');
}

function jobIdOf(number: number): string {
  return `${(number * 0x9e3779 + 0xabcdef).toString(16).padStart(8, '0')}${'f38e9d60efc7468a374aec04'.slice(0, 24)}`.slice(
    0,
    32,
  );
}
