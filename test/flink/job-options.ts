import type { Options } from './lab.ts';

/** What jobs are told: options of Flink, and those of the lab (`lab.…`). `{place}` stands for where the state is. */

/** What all jobs have. */
export const USUAL_TIMEOUT_SECONDS = 2;
export const COMMON_OPTIONS: Options = {
  'execution.checkpointing.interval': '300 ms',
  'execution.checkpointing.tolerable-failed-checkpoints': '100000',
  'execution.checkpointing.num-retained': '3',
  'execution.checkpointing.data-inline-threshold': '0',
  'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION',
  'restart-strategy.type': 'fixed-delay',
  'restart-strategy.fixed-delay.attempts': '100000',
  'restart-strategy.fixed-delay.delay': '200 ms',
};

export const ROCKSDB: Options = {
  'state.backend.type': 'rocksdb',
  'execution.checkpointing.incremental': 'true',
  // Small files, so that there are many of them, of all ages.
  'state.backend.rocksdb.memory.managed': 'false',
  'state.backend.rocksdb.writebuffer.size': '256 kb',
  'state.backend.rocksdb.compaction.level.target-file-size-base': '64 kb',
  'state.backend.rocksdb.compaction.level.max-size-level-base': '256 kb',
};
export const CHANGELOG: Options = {
  ...ROCKSDB,
  'state.changelog.enabled': 'true',
  'state.changelog.storage': 'filesystem',
  'state.changelog.dstl.dfs.base-path': '{place}/checkpoints',
  'state.changelog.dstl.dfs.preemptive-persist-threshold': '16 kb',
  'state.changelog.periodic-materialize.interval': '2 s',
};
export const FILE_MERGING: Options = {
  ...ROCKSDB,
  'execution.checkpointing.file-merging.enabled': 'true',
  'execution.checkpointing.file-merging.max-file-size': '1 mb',
};
export const FORST: Options = {
  'state.backend.type': 'forst',
  'execution.checkpointing.incremental': 'true',
  'lab.async': 'true',
};
/** Every so-many-th checkpoint waits until it is aborted, when other subtasks have uploaded their files. */
export const STALLING: Options = { 'lab.stall-every': '4', 'lab.stall-millis': '2600' };
/** Of many small requests a checkpoint takes its time. */
export const ON_S3: Options = {
  ...ROCKSDB,
  'execution.checkpointing.interval': '1 s',
  'lab.rate': '300',
  'lab.stall-every': '4',
  'lab.stall-millis': '6600',
};
