import type { FlinkLine } from './flink-build.ts';
import { CHANGELOG, FILE_MERGING, FORST, ROCKSDB, STALLING } from './job-options.ts';
import type { Options } from './lab.ts';

/** What is played, as data. */

export type Format = 'NATIVE' | 'CANONICAL';

export type Act =
  | { readonly do: 'start'; readonly from?: 'newest' | 'savepoint'; readonly claim?: Claim; readonly with?: Options }
  /** Goes on for so long, and until some checkpoints have completed. */
  | { readonly do: 'run'; readonly seconds: number }
  /** For so long no checkpoint completes. */
  | { readonly do: 'stall'; readonly seconds: number }
  | { readonly do: 'savepoint' | 'stop'; readonly format: Format }
  /** Makes a backup of all checkpoints beside them. */
  | { readonly do: 'copy' }
  /** A kill comes in the middle of a checkpoint. */
  | { readonly do: 'fail' | 'cancel' | 'kill' };
export type Claim = 'CLAIM' | 'NO_CLAIM' | 'LEGACY';

/** How somebody goes about it who does not know better. */
export type Mistake = 'a second ledger on a part of the area' | 'one directory under two names';

/** Folder of the area that a second ledger is given; jobs in another one reference its files. */
export const PART = 'a';

export interface Scenario {
  readonly name: string;
  readonly flink: readonly FlinkLine[];
  /** Whether it belongs to the set that is played by `npm run test:flink`. */
  readonly quick: readonly FlinkLine[];
  readonly options: Options;
  /** Flink must leave garbage in it, or it shows nothing. */
  readonly acts: readonly Act[];
  /** Some of it must have gone while a job ran. */
  readonly deletesBeside?: true;
  /** Seconds after which a checkpoint is aborted; the steward is told the same. @default 2 */
  readonly timeout?: number;
  /** Settings of `collect` in `steward.json` beside those of every scenario. */
  readonly collect?: Readonly<Record<string, unknown>>;
  /** What somebody tries again and again, and is refused. */
  readonly mistake?: Mistake;
}

export const BOTH: readonly FlinkLine[] = ['flink-1.20', 'flink-2'];
export const OLD: readonly FlinkLine[] = ['flink-1.20'];
export const NEW: readonly FlinkLine[] = ['flink-2'];
export const NONE: readonly FlinkLine[] = [];

export const START: Act = { do: 'start' };
export const FAIL: Act = { do: 'fail' };
export const CANCEL: Act = { do: 'cancel' };
export const KILL: Act = { do: 'kill' };
export const run = (seconds: number): Act => ({ do: 'run', seconds });
const savepoint = (format: Format): Act => ({ do: 'savepoint', format });
export const from = (what: 'newest' | 'savepoint', claim: Claim, options: Options = {}): Act => ({
  do: 'start',
  from: what,
  claim,
  with: options,
});

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'rocksdb incremental, failures, kill -9',
    flink: BOTH,
    quick: OLD,
    options: { ...ROCKSDB, ...STALLING },
    acts: [START, run(10), FAIL, run(8), FAIL, run(8), KILL],
  },
  {
    name: 'rocksdb full',
    flink: BOTH,
    quick: NONE,
    options: { ...ROCKSDB, ...STALLING, 'execution.checkpointing.incremental': 'false' },
    acts: [START, run(12), FAIL, run(10), KILL],
  },
  {
    name: 'hashmap',
    flink: BOTH,
    quick: NONE,
    options: { 'state.backend.type': 'hashmap', ...STALLING },
    acts: [START, run(12), FAIL, run(10), KILL],
  },
  {
    name: 'changelog',
    flink: BOTH,
    quick: OLD,
    options: { ...CHANGELOG, ...STALLING },
    acts: [START, run(14), FAIL, run(10), KILL],
  },
  {
    name: 'changelog, outage',
    flink: BOTH,
    quick: NONE,
    // While one subtask waits, the others upload what the first checkpoint after the outage takes up. No
    // materialization takes its place, and writes are few, so that nobody waits for the one.
    options: { ...CHANGELOG, 'state.changelog.periodic-materialize.interval': '10 min', 'lab.rate': '150' },
    acts: [START, run(5), { do: 'stall', seconds: 20 }, run(22), FAIL, run(3), KILL],
  },
  {
    name: 'file merging within checkpoints',
    flink: BOTH,
    quick: NEW,
    options: FILE_MERGING,
    acts: [START, run(12), FAIL, run(10), CANCEL, KILL],
  },
  {
    name: 'file merging across checkpoints',
    flink: BOTH,
    quick: NONE,
    options: {
      ...FILE_MERGING,
      'execution.checkpointing.file-merging.across-checkpoint-boundary': 'true',
      // As long as a file is not full, the next checkpoint goes into it too, and little is ever left behind.
      'execution.checkpointing.file-merging.max-file-size': '64 kb',
    },
    acts: [START, run(12), FAIL, run(10), KILL],
  },
  {
    name: 'unaligned under back-pressure',
    flink: BOTH,
    quick: NEW,
    options: {
      ...ROCKSDB,
      'execution.checkpointing.unaligned.enabled': 'true',
      'lab.rate': '5000',
      'lab.slow-micros': '200',
      // A source waits for buffers with the lock in its hand that a checkpoint needs.
      'taskmanager.memory.segment-size': '4 kb',
    },
    timeout: 4,
    acts: [START, run(12), FAIL, run(10), KILL],
  },
  {
    name: 'CLAIM chain, one retained',
    flink: BOTH,
    quick: OLD,
    options: { ...ROCKSDB, ...STALLING, 'execution.checkpointing.num-retained': '1' },
    acts: [START, run(8), KILL, from('newest', 'CLAIM'), run(10), CANCEL, KILL, from('newest', 'CLAIM'), run(10), KILL],
  },
  {
    name: 'NO_CLAIM, LEGACY',
    flink: BOTH,
    quick: NONE,
    options: { ...ROCKSDB, ...STALLING },
    acts: [START, run(8), KILL, from('newest', 'NO_CLAIM'), run(8), KILL, from('newest', 'LEGACY'), run(10), KILL],
  },
  {
    name: 'native savepoint, CLAIM',
    flink: BOTH,
    quick: NEW,
    options: { ...ROCKSDB, ...STALLING },
    acts: [
      START,
      run(6),
      savepoint('NATIVE'),
      run(3),
      CANCEL,
      KILL,
      from('savepoint', 'CLAIM'),
      run(14),
      FAIL,
      run(5),
      KILL,
    ],
  },
  {
    name: 'canonical savepoint, NO_CLAIM, rescaled',
    flink: BOTH,
    quick: NEW,
    options: ROCKSDB,
    acts: [
      START,
      run(6),
      savepoint('CANONICAL'),
      run(2),
      { do: 'stop', format: 'CANONICAL' },
      KILL,
      from('savepoint', 'NO_CLAIM', { 'lab.parallelism': '4' }),
      run(12),
      KILL,
    ],
  },
  {
    name: 'rescaled from a checkpoint with CLAIM',
    flink: BOTH,
    quick: NONE,
    options: { ...ROCKSDB, ...STALLING },
    acts: [
      START,
      run(8),
      KILL,
      from('newest', 'CLAIM', { 'lab.parallelism': '4' }),
      run(8),
      KILL,
      from('newest', 'CLAIM', { 'lab.parallelism': '3' }),
      run(10),
      KILL,
    ],
  },
  {
    name: 'one job id for several runs',
    flink: BOTH,
    quick: OLD,
    options: { ...ROCKSDB, ...STALLING, 'lab.job-id': 'aaaaaaaabbbbbbbbccccccccdddddddd' },
    acts: [START, run(8), KILL, from('newest', 'CLAIM'), run(16), KILL, from('newest', 'NO_CLAIM'), run(16), KILL],
    deletesBeside: true,
  },
  {
    name: 'write-ahead sink',
    flink: BOTH,
    quick: NONE,
    options: { ...ROCKSDB, ...STALLING, 'lab.write-ahead': 'true' },
    acts: [START, run(10), FAIL, run(10), KILL],
  },
  {
    name: 'forst',
    flink: NEW,
    quick: NONE,
    options: FORST,
    acts: [START, run(10), KILL, from('newest', 'CLAIM'), run(10), KILL],
  },
  {
    name: 'forst, primary directory',
    flink: NEW,
    quick: NEW,
    options: { ...FORST, ...STALLING, 'state.backend.forst.primary-dir': '{place}/forst' },
    acts: [START, run(6), KILL, from('newest', 'CLAIM'), run(12), KILL],
  },
  {
    name: 'backup of a job inside the area',
    flink: BOTH,
    quick: OLD,
    options: { ...ROCKSDB, ...STALLING },
    acts: [START, run(6), { do: 'copy' }, run(12), FAIL, run(3), KILL],
  },
  {
    name: 'one directory under two names',
    flink: OLD,
    quick: OLD,
    options: { ...ROCKSDB, ...STALLING },
    mistake: 'one directory under two names',
    acts: [START, run(6), FAIL, run(3), KILL],
  },
  {
    name: 'a second ledger on a part of the area',
    flink: NEW,
    quick: NEW,
    options: { ...ROCKSDB, ...STALLING, 'execution.checkpointing.dir': `{place}/${PART}` },
    mistake: 'a second ledger on a part of the area',
    acts: [START, run(6), KILL, from('newest', 'CLAIM', { 'execution.checkpointing.dir': '{place}/b' }), run(10), KILL],
  },
];
