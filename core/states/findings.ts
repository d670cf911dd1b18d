import type { OperatorHead } from '../flink/metadata/model.ts';
import { bytes, count, duration } from '../quantity.ts';
import { type OperatorBytes, operatorName, skewOf } from './operator-bytes.ts';
import type { StateRow } from './state-table.ts';

/** Why a state is as large as it is, where its files show that: in sentences with numbers and Flink's own option. */

/**
 * What a finding is about.
 *
 * * `deletions`: tombstones pile up, because compaction lags behind.
 * * `stale-files`: files of a state with a TTL are too old to have been compacted, so what has expired in them stays.
 * * `unbounded-growth`: a state without TTL grows all the time.
 * * `skew`: one subtask holds most of an operator.
 * * `rewritten`: every file of a state is new in each checkpoint.
 * * `small-files`: a checkpoint consists of many small files.
 */
export const STATE_FINDINGS = [
  'deletions',
  'stale-files',
  'unbounded-growth',
  'skew',
  'rewritten',
  'small-files',
] as const;

/** One finding. */
export interface StateFinding {
  readonly kind: (typeof STATE_FINDINGS)[number];
  /** Id of the operator; null for what is about the whole checkpoint. */
  readonly operator: string | null;
  readonly state: string | null;
  readonly sentence: string;
}

/** What is known of a checkpoint and its states. */
export interface FindingsInput {
  readonly operators: readonly OperatorBytes[];
  readonly rows: readonly StateRow[];
  /** What a row grows by a day, in bytes; null where that is not known. */
  readonly growth: (row: StateRow) => number | null;
  /** When the checkpoint was complete, epoch milliseconds. */
  readonly completed: number;
  /** The checkpoint before it, of the same job, if it was about as large: its name, and when it was complete. */
  readonly before: { readonly name: string; readonly completed: number } | null;
  /** Whether Flink merges its files. */
  readonly merges: boolean;
}

const DAY = 86_400_000;
const MIB = 1024 ** 2;
/** Smaller states are nobody's trouble. */
const NOTABLE = 64 * MIB;
/** Of the entries. */
const MANY_DELETIONS = 0.5;
/** As Flink's own periodic compaction, and a day. */
const STALE = 31 * DAY;
/** Of the state, a day. */
const NOTABLE_GROWTH = 0.01;
const NOTABLE_SKEW = 3;
const MANY_FILES = 1_000;
const SMALL_FILE = 1 * MIB;

/** The findings on a checkpoint, those on the largest states first. */
export function stateFindings(input: FindingsInput): readonly StateFinding[] {
  return [
    ...input.rows.flatMap((row) =>
      row.state === null || row.bytes < NOTABLE
        ? []
        : [deletions(row), staleFiles(row, input), unboundedGrowth(row, input), rewritten(row, input)].flatMap(
            (finding) => finding ?? [],
          ),
    ),
    ...input.operators.flatMap((operator) => skewed(operator) ?? []),
    ...(smallFiles(input) ?? []),
  ];
}

type Finding = StateFinding | null;

function about({ operator, state }: StateRow, kind: StateFinding['kind'], sentence: string): StateFinding {
  return { kind, operator: operator.id, state, sentence: `${nameOf(operator, state)} ${sentence}` };
}

function nameOf(operator: OperatorHead, state: string | null): string {
  return `State ${state} of ${operatorName(operator)}`;
}

function deletions(row: StateRow): Finding {
  const { contents } = row;
  if (contents === null || contents.entries === 0) return null;
  const share = contents.deletions / contents.entries;
  return share < MANY_DELETIONS
    ? null
    : about(
        row,
        'deletions',
        `(${bytes(row.bytes)}) consists of deletions for the most part: ${percent(share)} of its ${number(contents.entries)} entries. Compaction lags behind what the job removes. More threads for it (state.backend.rocksdb.thread.num), or state.backend.rocksdb.compaction.level.use-dynamic-size, let it catch up.`,
      );
}

function staleFiles(row: StateRow, { completed }: FindingsInput): Finding {
  const { hasTtl, oldestFile } = row;
  if (hasTtl !== true || oldestFile === null || completed - oldestFile < STALE) return null;
  return about(
    row,
    'stale-files',
    `has a TTL, and its oldest file was written ${duration(completed - oldestFile)} before the checkpoint. What has expired in a file goes only when compaction rewrites it. A shorter state.backend.rocksdb.compaction.filter.periodic-compaction-time (before Flink 2: StateTtlConfig, cleanupInRocksdbCompactFilter) rewrites old files earlier.`,
  );
}

function unboundedGrowth(row: StateRow, { growth }: FindingsInput): Finding {
  const perDay = growth(row);
  if (row.hasTtl !== false || perDay === null || perDay < row.bytes * NOTABLE_GROWTH) return null;
  return about(
    row,
    'unbounded-growth',
    `(${bytes(row.bytes)}) has no TTL and grows by ${bytes(perDay)} a day, ${percent(perDay / row.bytes)} of it. If its keys are not needed for ever, a TTL bounds it: StateTtlConfig on its descriptor, or table.exec.state.ttl in SQL.`,
  );
}

function rewritten(row: StateRow, { before }: FindingsInput): Finding {
  const { oldestFile, files } = row;
  if (before === null || oldestFile === null || files < 2 || oldestFile <= before.completed) return null;
  return about(
    row,
    'rewritten',
    `was rewritten as a whole since ${before.name}: each of its ${count(files, 'file')} (${bytes(row.bytes)}) is newer. So an incremental checkpoint uploads all of it. A larger state.backend.rocksdb.writebuffer.size and state.backend.rocksdb.compaction.level.max-size-level-base let compaction rewrite less, and a longer execution.checkpointing.interval uploads less often.`,
  );
}

function skewed(operator: OperatorBytes): Finding {
  const skew = skewOf(operator);
  if (skew === null || skew.bytes < NOTABLE || skew.bytes < NOTABLE_SKEW * skew.median) return null;
  const { parallelism, maxParallelism } = operator.operator;
  const { first, last } = skew.keyGroups;
  const part = percent((last - first + 1) / maxParallelism);
  const has =
    operator.byKind.keyed === 0
      ? ''
      : ` It has key groups ${first} to ${last} of ${maxParallelism}, ${part} of them, and ${percent(skew.bytes / operator.bytes)} of the bytes.`;
  const than =
    skew.median === 0 ? 'and most others nothing' : `${(skew.bytes / skew.median).toFixed(1)} times the median`;
  return {
    kind: 'skew',
    operator: operator.operator.id,
    state: null,
    sentence: `Subtask ${skew.subtask} of ${operatorName(operator.operator)} holds ${bytes(skew.bytes)} of its ${bytes(operator.bytes)}, ${than}, so its checkpoints and restores take longest.${has} A few keys hold much, or keys are few. If keys are many, more key groups spread them better over ${count(parallelism, 'subtask')}: pipeline.max-parallelism is ${maxParallelism} here, and can be set only for a job without state.`,
  };
}

function smallFiles({ rows, merges }: FindingsInput): readonly StateFinding[] | null {
  const ofStates = rows.filter(({ files }) => files > 0);
  const files = ofStates.reduce((sum, row) => sum + row.files, 0);
  const size = ofStates.reduce((sum, row) => sum + row.bytes, 0);
  if (merges || files < MANY_FILES || size / files >= SMALL_FILE) return null;
  const sentence = `The checkpoint has ${number(files)} state files of ${bytes(size / files)} in the mean. A store bills each upload and read of one. Flink 1.20 and newer can merge them: execution.checkpointing.file-merging.enabled.`;
  return [{ kind: 'small-files', operator: null, state: null, sentence }];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function number(amount: number): string {
  return amount.toLocaleString('en-US');
}
