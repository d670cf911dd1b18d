import type { ObjectSource } from '#tools/embedded-s3/generated-objects.ts';
import { hexDigits } from '#tools/embedded-s3/hex-digits.ts';

export interface CheckpointShape {
  /** All told. */
  readonly objects: number;
  readonly jobs: number;
  /** Epoch milliseconds of the newest object. */
  readonly newest: number;
}

const ROOT = 'flink/checkpoints/euw1/';
/** Per job: one `_metadata` and two files of the task managers' own. */
const IN_CHECKPOINT = 3;
const MEAN_SST_BYTES = 64_000_000;
const SPREAD_MILLISECONDS = 3 * 24 * 60 * 60 * 1_000;

/**
 * The keys of incremental checkpoints of RocksDB jobs, for listing: every job has a newest checkpoint and, under
 * `shared/`, files with UUIDs for names. The content is zeros: there is nothing to restore in it.
 */
export function generatedCheckpoints({ objects, jobs, newest }: CheckpointShape): ObjectSource {
  const perJob = Math.floor(objects / jobs);
  if (perJob <= IN_CHECKPOINT) {
    throw new RangeError(`${objects} objects are too few for ${jobs} jobs: each needs more than ${IN_CHECKPOINT}.`);
  }
  const directories = Array.from({ length: jobs }, (_, job) => directoryOf(job, jobs));
  return {
    size: objects,
    allPlain: true,
    keyAt: (rank) => {
      const job = Math.min(jobs - 1, Math.floor(rank / perJob));
      const rankInJob = rank - job * perJob;
      // `_` sorts behind the digits and before the letters that a UUID may begin with.
      if (rankInJob === 1) return `${directories[job]}chk-1000/_metadata`;
      if (rankInJob < IN_CHECKPOINT) return `${directories[job]}chk-1000/${uuid(rankInJob, IN_CHECKPOINT, job)}`;
      // The last job has what is left over.
      const shared = (job === jobs - 1 ? objects - job * perJob : perJob) - IN_CHECKPOINT;
      return `${directories[job]}shared/${uuid(rankInJob - IN_CHECKPOINT, shared, job)}`;
    },
    objectAt: (rank) => ({
      content: mixed(rank, 7) % (2 * MEAN_SST_BYTES),
      modified: newest - (mixed(rank, 8) % SPREAD_MILLISECONDS),
    }),
  };
}

function directoryOf(job: number, jobs: number): string {
  return `${ROOT}${evenly(job, jobs)}${hexDigits(mixed(job, 1))}${hexDigits(mixed(job, 2))}${hexDigits(mixed(job, 3))}/`;
}

/** The first digits grow with the rank, as if that many names had been drawn evenly and sorted. */
function uuid(rank: number, of: number, salt: number): string {
  const seed = Math.imul(salt + 1, 0x9e3779b1) ^ rank;
  const a = hexDigits(mixed(seed, 4));
  const b = hexDigits(mixed(seed, 5));
  const c = hexDigits(mixed(seed, 6));
  return `${evenly(rank, of)}-${a.slice(0, 4)}-4${a.slice(5)}-a${b.slice(0, 3)}-${b.slice(4)}${c}`;
}

function evenly(rank: number, of: number): string {
  return hexDigits(Math.floor(((rank + 0.5) / of) * 0x1_0000_0000));
}

/** An even 32-bit number of a number: the finaliser of MurmurHash3. */
function mixed(value: number, salt: number): number {
  let word = Math.imul(value, 0x9e3779b1) + Math.imul(salt, 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
