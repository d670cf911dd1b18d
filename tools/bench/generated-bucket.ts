import type { Children, KeyRange, ListedObject, ObjectStore, ReadOutcome } from '#ports/object-store.ts';
import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';

/** A bucket of any size that is made up as it is listed, so that only the steward's own memory is measured. */

const ROOT = 'flink/checkpoints/euw1/';
const EXCLUSIVE = 3;
const RETAINED = 2;
const PAGE = 1_000;
const SST_BYTES = 64_000_000;
const ETAG = '1493e101ac38a2c15e6656d9295f17d0';

export interface BucketShape {
  readonly jobs: number;
  /** Objects of one job, all told. */
  readonly objectsPerJob: number;
  /** Share of the shared files that the retained checkpoints name. */
  readonly liveShare: number;
  /** Epoch milliseconds of the newest checkpoint. */
  readonly now: number;
}

interface GeneratedJob {
  readonly index: number;
  readonly directory: string;
  readonly shared: number;
  readonly live: number;
}

export class GeneratedBucket implements ObjectStore {
  readonly name = 's3://generated';
  readonly #shape: BucketShape;

  constructor(shape: BucketShape) {
    this.#shape = shape;
  }

  async now(): Promise<number> {
    return this.#shape.now;
  }

  async *list({ prefix }: KeyRange): AsyncGenerator<readonly ListedObject[]> {
    let page: ListedObject[] = [];
    for (let job = 0; job < this.#shape.jobs; job++) {
      if (!overlaps(this.#job(job).directory, prefix)) {
        continue;
      }
      for (const object of this.#objects(job)) {
        if (object.key.startsWith(prefix)) {
          page.push(object);
        }
        if (page.length === PAGE) {
          yield page;
          page = [];
        }
      }
    }
    yield page;
  }

  async *children(prefix: string): AsyncGenerator<Children> {
    if (prefix === ROOT) {
      yield { folders: Array.from({ length: this.#shape.jobs }, (_, job) => this.#job(job).directory), objects: [] };
    } else if (ROOT.startsWith(prefix)) {
      yield { folders: [`${prefix}${ROOT.slice(prefix.length).split('/')[0]}/`], objects: [] };
    } else if (prefix.split('/').length === ROOT.split('/').length + 1) {
      const folders = Array.from({ length: RETAINED }, (_, at) => `${prefix}chk-${at + 1}/`);
      yield { folders: [...folders, `${prefix}shared/`], objects: [] };
    }
  }

  async read(key: string): Promise<ReadOutcome> {
    const [, jobId = '', checkpoint = ''] = /([0-9a-f]{32})\/chk-(\d+)\/_metadata$/.exec(key) ?? [];
    const job = this.#job(Number.parseInt(jobId.slice(0, 8), 16));
    const content = this.#metadata(job, Number(checkpoint));
    return {
      found: true,
      etag: ETAG,
      bytes: content.length,
      modified: this.#completed(Number(checkpoint)),
      chunks: (async function* () {
        yield content;
      })(),
    };
  }

  *#objects(index: number): Generator<ListedObject> {
    const job = this.#job(index);
    for (let checkpoint = 1; checkpoint <= RETAINED; checkpoint++) {
      const modified = this.#completed(checkpoint);
      yield object(`${job.directory}chk-${checkpoint}/_metadata`, 50_000, modified);
      for (let file = 0; file < EXCLUSIVE; file++) {
        yield object(exclusiveKey(job, checkpoint, file), 2_454, modified - 1_000);
      }
    }
    for (let file = 0; file < job.shared; file++) {
      yield object(sharedKey(job, file), SST_BYTES, this.#completed(1) - 86_400_000 - file);
    }
  }

  #metadata(job: GeneratedJob, checkpoint: number): Buffer {
    return incrementalCheckpoint({
      id: checkpoint,
      kind: 'checkpoint',
      shared: Array.from({ length: job.live }, (_, file) => ({
        path: `s3://generated/${sharedKey(job, file)}`,
        bytes: SST_BYTES,
      })),
      exclusive: Array.from({ length: EXCLUSIVE }, (_, file) => ({
        path: uuid(job.index, checkpoint, file),
        bytes: 2_454,
      })),
    });
  }

  #job(index: number): GeneratedJob {
    const id = `${index.toString(16).padStart(8, '0')}${scramble(index, 0, 0).slice(8)}`;
    const shared = Math.max(0, this.#shape.objectsPerJob - RETAINED * (EXCLUSIVE + 1));
    return { index, directory: `${ROOT}${id}/`, shared, live: Math.round(shared * this.#shape.liveShare) };
  }

  #completed(checkpoint: number): number {
    return this.#shape.now - (RETAINED - checkpoint + 1) * 3_600_000;
  }
}

function overlaps(directory: string, prefix: string): boolean {
  return directory.startsWith(prefix) || prefix.startsWith(directory);
}

function object(key: string, bytes: number, modified: number): ListedObject {
  return { key, bytes, modified, etag: ETAG };
}

function sharedKey(job: GeneratedJob, file: number): string {
  return `${job.directory}shared/${uuid(job.index, 0, file)}`;
}

function exclusiveKey(job: GeneratedJob, checkpoint: number, file: number): string {
  return `${job.directory}chk-${checkpoint}/${uuid(job.index, checkpoint, file)}`;
}

function uuid(job: number, checkpoint: number, file: number): string {
  const hex = scramble(job, checkpoint, file);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** 32 hex digits, different for different numbers and cheap to make: the bench is not about making them. */
function scramble(job: number, checkpoint: number, file: number): string {
  let state = (Math.imul(file + 1, 0x9e3779b1) ^ Math.imul(job + 1, 0x85ebca77)) >>> 0;
  let hex = '';
  for (const number of [state, job, checkpoint, file]) {
    state = (Math.imul(state ^ (state >>> 15), 0xc2b2ae3d) + number) >>> 0;
    hex += state.toString(16).padStart(8, '0');
  }
  return hex;
}
