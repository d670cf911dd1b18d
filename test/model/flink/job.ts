import type { SnapshotKind } from '#core/flink/metadata/model.ts';
import { needsOf, type Piece, type RootTruth, uuid } from './pieces.ts';
import type { Place } from './place.ts';

/** How a job keeps its state, and so what becomes of the uploads of a checkpoint that fails. */
export type Backend =
  /** RocksDB: they are uploaded again. */
  | 'rocksdb'
  /** ForSt: a later checkpoint names them, without bound. */
  | 'forst'
  /** As ForSt, and segments come between checkpoints, and materialised state skips some. */
  | 'changelog'
  /** Many pieces in one file, that its worker uploads when it closes it: after the `_metadata`, or never. */
  | 'merging';

/** The third keeps its checkpoints where the entropy of `entropic/` might have been put in. */
export type Cluster = 1 | 2 | 3;

export interface JobSpec {
  readonly jobId: string;
  readonly layout: 'own' | 'flat' | 'entropy';
  /** Which cluster it runs in: they keep their checkpoints apart, and may give one id to a job of each. */
  readonly cluster: Cluster;
  readonly backend: Backend;
  /** `num-retained` and `max-concurrent-checkpoints`. */
  readonly retained: number;
  readonly concurrent: number;
  /** Whether a write-ahead sink keeps its files under `taskowned/`. */
  readonly sink: boolean;
  readonly keepsOnCancel: boolean;
  /** FLINK-39964. */
  readonly misplaces: boolean;
}

/** A file of a checkpoint in progress. */
export interface Item {
  readonly piece: Piece | null;
  readonly key: string;
  uploaded: boolean;
}

export interface Pending {
  readonly id: number;
  readonly kind: SnapshotKind;
  /** When it was triggered, epoch milliseconds. */
  readonly since: number;
  /** Of its directory, with a closing slash. */
  readonly directory: string;
  readonly shared: readonly Item[];
  readonly exclusive: readonly Item[];
  readonly sinkFiles: readonly string[];
  /** Its `_metadata` is written, and the pointer to it is not yet. */
  root: RootTruth | null;
}

export interface Materialisation {
  readonly replaces: ReadonlySet<Piece>;
  readonly files: string[];
  readonly wanted: number;
  readonly ends: number;
}

/** A job as its JobManager and its workers know it. */
export class Job {
  readonly spec: JobSpec;
  /** None of its checkpoints completes. */
  isStuck = false;
  state: 'running' | 'suspended' | 'ended' = 'running';
  nextId: number;
  pieces: Piece[] = [];
  pending: Pending[] = [];
  /** What the JobManager's store of completed checkpoints holds, oldest first. */
  retained: RootTruth[] = [];
  /** The snapshot that it falls back on while it has none of its own. */
  restoredFrom: RootTruth | null;
  /** The job that owns that snapshot has deleted it: nothing is left to fall back on, and nothing shows what it named. */
  isForsaken = false;
  readonly mode: 'claim' | 'no-claim' | 'legacy' | null;
  /** Shared files that the JobManager may delete, with the last checkpoint that used each. */
  registry = new Map<string, number>();
  /** Files of others that it uses and never deletes. */
  readonly foreign = new Set<string>();
  /** What the JobManager is about to delete, in any order. */
  deletes: string[] = [];
  /** Merged files: the one that is written, and those whose upload is on its way. */
  open: { readonly key: string; readonly since: number } | null = null;
  closing: { readonly key: string; readonly since: number }[] = [];
  sinkFiles: string[] = [];
  materialising: Materialisation | null = null;
  lateWrites: string[] = [];
  /** When the last checkpoint was triggered, epoch milliseconds. */
  triggered = 0;
  completed = 0;
  /** When it was last started, or went on after it was suspended; epoch milliseconds. */
  started: number;
  /** What it has written, whether or not that is still there, with the time at which it came to be there. */
  readonly written = new Map<string, number>();
  /** When it last came back from a long rest, epoch milliseconds. */
  restedUntil = Number.NEGATIVE_INFINITY;

  constructor(spec: JobSpec, restoredFrom: RootTruth | null, mode: Job['mode'], started: number) {
    this.spec = spec;
    this.started = started;
    this.restoredFrom = restoredFrom;
    this.mode = mode;
    this.nextId = restoredFrom === null ? 1 : restoredFrom.id + 1;
  }

  get isAlive(): boolean {
    return this.state !== 'ended';
  }

  get reusesFailedUploads(): boolean {
    return this.spec.backend === 'forst' || this.spec.backend === 'changelog';
  }

  directory(place: Place): string {
    return place.checkpointsOf(this.spec);
  }

  /** Roots that it can go back to. */
  *fallbacks(): Generator<RootTruth> {
    yield* this.retained;
    if (this.restoredFrom !== null) {
      yield this.restoredFrom;
    }
  }

  /** Everything that it may still read, or name without uploading it again. */
  *needed(): Generator<string> {
    if (this.state === 'ended') {
      return;
    }
    for (const root of this.isForsaken ? this.retained : this.fallbacks()) {
      yield root.key;
      yield* needsOf(root);
    }
    for (const { key } of this.pieces) {
      if (key !== null) {
        yield key;
      }
    }
    for (const { shared, exclusive } of this.pending) {
      for (const { key } of [...shared, ...exclusive]) {
        yield key;
      }
    }
    yield* this.sinkFiles;
    yield* this.materialising?.files ?? [];
  }
}

/** Names of files, each used once. */
export class Names {
  #last = 0;

  next(): string {
    this.#last++;
    return uuid(this.#last);
  }
}
