import { type RunningJob, type RunningJobs, RunningJobsError } from '#ports/running-jobs.ts';
import type { Gate } from '#test/support/gate.ts';
import type { MemoryBucket } from '#test/support/memory-bucket.ts';
import type { Chance } from '../chance.ts';
import { ModelViolation } from '../violation.ts';
import { abort, isWhole } from './checkpointing.ts';
import { type Cluster, type Job, type JobSpec, Names } from './job.ts';
import { failOver, submit } from './lifecycle.ts';
import { movesOf } from './moves.ts';
import { metadataOf, needsOf, type RootTruth, stateContent, uuid } from './pieces.ts';
import { Place } from './place.ts';
import { nextStart, type Start } from './starts.ts';
import { submitTwins, type Twins } from './twins.ts';

export interface FlinkRules {
  /** `execution.checkpointing.timeout`, milliseconds. */
  readonly timeout: number;
  readonly longestMaterialisation: number;
  readonly layouts: readonly JobSpec['layout'][];
  readonly backends: readonly JobSpec['backend'][];
  /** How many of the jobs never complete a checkpoint, 0 to 1. */
  readonly stuck: number;
  readonly sinks: boolean;
  /** How likely a job is started under the id of one that lives in another directory, where one does, 0 to 1. */
  readonly sharesIds: number;
  /** Each writes to a place of its own. One id may be that of a living job of each. */
  readonly clusters: readonly Cluster[];
  /** Whether directories are objects, as S3A makes them. */
  readonly makesDirectories: boolean;
  /** How many checkpoints a job may retain. @default 1 to 3 */
  readonly retained?: readonly number[];
  /** How often jobs are cancelled, by a weight beside that of a checkpoint, which is 3. @default 0.25 */
  readonly cancels?: number;
  /** How often jobs take savepoints, by a weight beside that of a checkpoint, which is 3. @default 0.25 */
  readonly savepoints?: number;
  /** A pair of jobs of one id that is there from the start, in the place of all others. */
  readonly twins?: Twins;
  /** How a job is started from another one's checkpoint, in the place of all others. */
  readonly starts?: Start;
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
  /** Nobody suspends or cancels them. */
  readonly lasting = new Set<Job>();
  /** They read their state, and do nothing else yet. */
  readonly idle = new Set<Job>();
  /** When jobs were cancelled, of those whose start is told by the rules. */
  readonly ended = new Map<Job, number>();
  readonly claimed = new Set<string>();
  /** Every `_metadata` that is there, by key. */
  readonly roots = new Map<string, RootTruth>();
  /** What stewards have deleted and not put back. */
  readonly swept = new Set<string>();
  /** Copies of a `_metadata` under another name, each with what a restore from it needs. By key. */
  readonly renamed = new Map<string, RootTruth>();
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

  put(job: Job, key: string, modified = this.now()): string {
    this.bucket.put(key, stateContent(key), modified);
    job.written.set(key, this.now());
    return key;
  }

  remove(key: string): void {
    this.bucket.delete(key);
    for (const job of this.jobs) {
      job.isForsaken ||= job.restoredFrom?.key === key;
    }
    if (this.roots.delete(key)) {
      this.bucket.delete(key.slice(0, -'_metadata'.length));
    }
    // Flink keeps the folders of a job; the store makes an object of one that would vanish with its last file.
    this.makeDirectory(key.slice(0, key.lastIndexOf('/') + 1));
  }

  /** Where a folder holds nothing, an object stands for it on some file systems. @returns whether it was put there. */
  makeDirectory(key: string): boolean {
    const isMade = this.rules.makesDirectories && this.bucket.keysAfter(key, undefined).next().done === true;
    if (isMade) {
      this.bucket.put(key, '');
    }
    return isMade;
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
      // A program that names its folders by what is in them, and its files as Flink does.
      `thumbnails/${'0f'.repeat(16)}/shared/${uuid(0xfeed01)}`,
      `thumbnails/${'1e'.repeat(16)}/${uuid(0xfeed02)}`,
    ]) {
      this.#foreign.add(key);
      this.bucket.put(key, key.endsWith('/') ? '' : 'foreign');
    }
  }

  /** In each of these folders there has long been a checkpoint or savepoint, without any state, that nobody claims. */
  addOutside(folders: readonly string[]): void {
    for (const folder of folders) {
      const isOfSavepoints = folder.endsWith('/sp/');
      const directory = isOfSavepoints
        ? `${folder}savepoint-0e0e0e-0000000000fe/`
        : `${folder}${'0e'.repeat(16)}/chk-1/`;
      const root: RootTruth = {
        key: `${directory}_metadata`,
        id: 1,
        kind: isOfSavepoints ? 'savepoint-canonical' : 'checkpoint',
        jobId: '0e'.repeat(16),
        directory: folder,
        shared: [],
        exclusive: [],
        opaque: [],
        written: this.now(),
      };
      this.bucket.put(root.key, metadataOf(root, this.bucket.name));
      this.roots.set(root.key, root);
      this.claimed.add(root.key);
    }
  }

  /** Somebody keeps a checkpoint under another name, where Flink does not look for it. @returns what was done. */
  keepUnderOtherName(chance: Chance): string | null {
    const checkpoints = [...this.roots.values()].filter((root) => root.kind === 'checkpoint' && isWhole(this, root));
    if (checkpoints.length === 0) {
      return null;
    }
    const root = chance.pick(checkpoints);
    const folder = root.key.slice(0, -'/_metadata'.length);
    const key = `${folder}${chance.pick(['/_metadata.bak', '-metadata'])}`;
    if (this.bucket.has(key)) {
      return null;
    }
    this.bucket.put(key, metadataOf(root, this.bucket.name));
    this.#foreign.add(key);
    this.renamed.set(key, { ...root, key });
    return `Somebody copies ${root.key} to ${key}`;
  }

  isForeign(key: string): boolean {
    return this.#foreign.has(key);
  }

  writeRoot(job: Job, root: RootTruth): void {
    for (const key of needsOf(root)) {
      if (this.swept.has(key)) {
        throw new ModelViolation(`${root.key} is written and names ${key}, which a steward has deleted`);
      }
    }
    this.bucket.put(root.key, metadataOf(root, this.bucket.name));
    this.roots.set(root.key, root);
    job.written.set(root.key, this.now());
  }

  /** @throws ModelViolation where a steward has deleted what a restore from this root needs. */
  mustBeWhole(root: RootTruth): void {
    if (!(this.bucket.has(root.key) || this.swept.has(root.key))) {
      return;
    }
    for (const key of [root.key, ...needsOf(root)]) {
      if (this.swept.has(key) && !this.bucket.has(key)) {
        throw new ModelViolation(`A restore from ${root.key} needs ${key}, which a steward has deleted`);
      }
    }
  }

  /** Everything that must stay: what any root names, and what a job that lives may still use. */
  needed(): Set<string> {
    const needed = new Set<string>();
    for (const root of [...this.roots.values(), ...this.renamed.values()]) {
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
    const played = this.#play();
    if (played !== null) {
      return played;
    }
    const { twins, starts } = this.rules;
    const alive = this.jobs.filter((job) => job.isAlive && !this.idle.has(job));
    const isPlayed = twins !== undefined || starts !== undefined;
    if (isPlayed && alive.length === 0) {
      return 'Nothing happens';
    }
    if (
      !isPlayed &&
      (alive.length === 0 || (alive.length < MOST_RUNNING && this.jobs.length < MOST_JOBS && this.chance.in(0.05)))
    ) {
      return this.#submit() ?? 'Nothing happens';
    }
    const job = this.chance.pick(alive);
    const told = this.chance.weighted(movesOf(this, job))();
    return `${job.spec.jobId.slice(0, 4)} (${job.spec.backend}) ${told}`;
  }

  /** What the rules tell to happen; null where it is left to chance. */
  #play(): string | null {
    const { twins, starts } = this.rules;
    if (starts !== undefined) {
      return nextStart(this, starts);
    }
    return twins !== undefined && this.jobs.length === 0 ? submitTwins(this, twins) : null;
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
    const mode = this.chance.in(0.75) ? this.chance.pick(['claim', 'no-claim', 'legacy'] as const) : null;
    const from = mode === null ? null : this.#restorable(mode);
    const spec = this.#spec(from);
    if (spec === null || (mode !== null && from === null)) {
      return null;
    }
    submit(this, spec, from, mode);
    return `${spec.jobId.slice(0, 4)} (${spec.backend}, ${spec.layout}) starts ${mode ?? ''} ${from?.key ?? 'empty'}`;
  }

  /**
   * Any snapshot, but for what Flink's contract forbids: what is claimed has one owner, so nobody claims what another
   * job has claimed, or what a living job counts on, from the moment at which its `_metadata` is there. And who names
   * files without owning them must not take those of a living job, which deletes them.
   */
  #restorable(mode: 'claim' | 'no-claim' | 'legacy'): RootTruth | null {
    const known = mode === 'claim' ? this.roots.values() : [...this.roots.values(), ...this.renamed.values()];
    const candidates = [...known].filter(
      (root) => isWhole(this, root) && this.#isAllowed(root, mode) && this.#isReadable(root),
    );
    return candidates.length === 0 ? null : this.chance.pick(candidates);
  }

  #isAllowed(root: RootTruth, mode: 'claim' | 'no-claim' | 'legacy'): boolean {
    switch (mode) {
      case 'claim':
        return !(this.claimed.has(root.key) || this.#isInUse(root));
      case 'no-claim':
        return true;
      case 'legacy':
        return root.kind.startsWith('savepoint') || !this.#isInUse(root);
    }
  }

  /** Files beside a `_metadata` are found from its folder alone. */
  #isReadable({ key, exclusive }: RootTruth): boolean {
    return exclusive.length === 0 || !key.endsWith('-metadata');
  }

  #isInUse(root: RootTruth): boolean {
    return this.jobs.some(
      (job) =>
        job.isAlive && ([...job.fallbacks()].includes(root) || job.pending.some((pending) => pending.root === root)),
    );
  }

  #jobId(layout: JobSpec['layout'], cluster: Cluster): string {
    const isHere = ({ spec }: Job): boolean => spec.layout === layout && spec.cluster === cluster;
    const usedHere = new Set(this.jobs.filter(isHere).map(({ spec }) => spec.jobId));
    const other = this.jobs.find((job) => job.isAlive && !isHere(job) && !usedHere.has(job.spec.jobId));
    if (other !== undefined && this.chance.in(this.rules.sharesIds)) {
      return other.spec.jobId;
    }
    const last = this.jobs.at(-1)?.spec.jobId;
    return last !== undefined && this.chance.in(0.25) ? last : jobIdOf(this.jobs.length + 1);
  }

  #spec(from: RootTruth | null): JobSpec | null {
    const { chance } = this;
    const layout = chance.pick(this.rules.layouts);
    const cluster = layout === 'own' ? chance.pick(this.rules.clusters) : 1;
    const jobId = this.#jobId(layout, cluster);
    // Two jobs can't share a directory.
    const clashes = this.jobs.some(
      ({ isAlive, spec }) =>
        isAlive && spec.layout === layout && (layout === 'flat' || (spec.jobId === jobId && spec.cluster === cluster)),
    );
    if (clashes) {
      return null;
    }
    return {
      jobId,
      layout,
      cluster,
      backend: chance.pick(this.rules.backends),
      retained: chance.pick(this.rules.retained ?? [1, 1, 2, 3]),
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
  return `${bucket}/${key.replace(/\/_metadata$/, '')}`;
}

function jobIdOf(number: number): string {
  return `${(number * 0x9e3779 + 0xabcdef).toString(16).padStart(8, '0')}${'f38e9d60efc7468a374aec04'.slice(0, 24)}`.slice(
    0,
    32,
  );
}
