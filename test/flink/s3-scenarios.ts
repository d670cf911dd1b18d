import { ON_S3 } from './job-options.ts';
import { BOTH, FAIL, from, KILL, NEW, NONE, OLD, run, type Scenario, START } from './scenarios.ts';

/** What S3 alone shows: directory markers, entropy, uploads in parts. */
export const S3_SCENARIOS: readonly Scenario[] = [
  {
    name: 's3: rocksdb incremental, failures',
    flink: BOTH,
    quick: NONE,
    timeout: 6,
    options: ON_S3,
    acts: [START, run(25), FAIL, run(25), KILL],
  },
  {
    name: 's3: CLAIM chain, one retained',
    flink: OLD,
    quick: NONE,
    timeout: 6,
    options: { ...ON_S3, 'execution.checkpointing.num-retained': '1' },
    acts: [START, run(20), KILL, from('newest', 'CLAIM'), run(25), KILL],
  },
  {
    name: 's3: entropy',
    flink: BOTH,
    quick: NONE,
    timeout: 6,
    options: {
      ...ON_S3,
      'execution.checkpointing.dir': '{place}/_entropy_/checkpoints',
      's3.entropy.key': '_entropy_',
      's3.entropy.length': '4',
    },
    acts: [START, run(25), FAIL, run(25), KILL],
  },
];

/** Flink's own S3 file system (since 2.3): no directory markers, uploads in parts of its own. */
export const NATIVE_S3_SCENARIOS: readonly Scenario[] = [
  {
    name: 's3 native: rocksdb incremental, CLAIM',
    flink: NEW,
    quick: NEW,
    timeout: 4,
    options: { ...ON_S3, 'lab.stall-millis': '4600' },
    acts: [START, run(10), FAIL, run(6), KILL, from('newest', 'CLAIM'), run(8), KILL],
  },
];
