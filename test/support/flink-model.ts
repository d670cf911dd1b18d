import type { MovingStore } from '#test/support/moving-store.ts';
import { PlayedJob } from '#test/support/played-job.ts';

/** What Flink can do next. */
export type Move =
  /** New files, as of a checkpoint in progress. */
  | { readonly does: 'upload'; readonly files: number }
  /** A compaction: the state no longer needs the oldest of its files. */
  | { readonly does: 'compact'; readonly files: number }
  /** The checkpoint in progress completes, and subsumes older ones. */
  | { readonly does: 'complete' }
  /** The checkpoint in progress fails; what it uploaded may be used by the next one. */
  | { readonly does: 'fail' }
  /** The job ends, and another one takes over its last checkpoint and its files. */
  | { readonly does: 'claim' };

/**
 * A small Flink: one job, and the jobs that claim its state one after the other. It writes into a store as Flink
 * does, but deletes no state file, so that all it no longer needs is garbage.
 */
export class FlinkModel {
  readonly #store: MovingStore;
  readonly #retained: number;
  #job: PlayedJob;
  #jobs = 1;
  #files = 0;
  #checkpoint: number;
  /** Keys of the files that the running job needs: a checkpoint that completes now names them all. */
  #needed: string[] = [];
  /** Roots that this chain of jobs still holds, oldest first. */
  #roots: { readonly key: string; readonly names: readonly string[] }[] = [];

  constructor(store: MovingStore, retained: number, firstCheckpoint: number) {
    this.#store = store;
    this.#retained = retained;
    this.#checkpoint = firstCheckpoint;
    this.#job = this.#newJob();
  }

  /** Every file that must not be lost: what the running job needs, and what existing roots name. */
  get live(): ReadonlySet<string> {
    return new Set([...this.#needed, ...this.#roots.flatMap(({ names }) => names)]);
  }

  move(move: Move, time: number): void {
    switch (move.does) {
      case 'upload':
        for (let file = 0; file < move.files; file++) {
          this.#files++;
          this.#needed.push(this.#job.upload(this.#files, time));
        }
        return;
      case 'compact':
        this.#needed = this.#needed.slice(move.files);
        return;
      case 'fail':
        this.#checkpoint++;
        return;
      case 'claim':
        this.#jobs++;
        this.#job = this.#newJob();
        return;
      case 'complete':
        this.#complete(time);
        return;
    }
  }

  #complete(time: number): void {
    this.#checkpoint++;
    const key = this.#job.complete(this.#checkpoint, this.#needed, time);
    this.#roots.push({ key, names: [...this.#needed] });
    for (const root of this.#roots.splice(0, this.#roots.length - this.#retained)) {
      this.#store.remove(root.key);
    }
  }

  #newJob(): PlayedJob {
    return new PlayedJob(this.#store, `flink/${String(this.#jobs).padStart(32, '0')}/`);
  }
}
