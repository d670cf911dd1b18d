import { describe, expect, it } from 'vitest';
import { type FindingsInput, stateFindings } from '#core/states/findings.ts';
import type { OperatorBytes } from '#core/states/operator-bytes.ts';
import type { StateRow } from '#core/states/state-table.ts';

const DAY = 86_400_000;
const GB = 1e9;
const NOW = 100 * DAY;
const HEAD = { id: 'a'.repeat(32), name: 'dedupe', uid: null, parallelism: 4, maxParallelism: 128 };
const ROW: StateRow = {
  operator: HEAD,
  kind: 'state',
  state: 'payload',
  type: 'VALUE',
  hasTtl: false,
  bytes: 43 * GB,
  files: 700,
  contents: { entries: 38_402_113, deletions: 1_000, rawKeyBytes: 1, rawValueBytes: 1 },
  compression: ['Snappy'],
  oldestFile: NOW - 40 * DAY,
  newestFile: NOW,
  subtasks: [],
};

function found(row: Partial<StateRow>, more: Partial<FindingsInput> = {}) {
  const input = { operators: [], growth: () => null, completed: NOW, before: null, merges: false, ...more };
  return stateFindings({ rows: [{ ...ROW, ...row }], ...input });
}

function operator(sizes: readonly number[]): OperatorBytes {
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const byKind = { keyed: bytes, operator: 0, channel: 0, timers: 0, changelog: 0, coordinator: 0 };
  return {
    operator: HEAD,
    bytes,
    newBytes: 0,
    byKind,
    subtasks: sizes.map((size, subtask) => ({ subtask, bytes: size })),
  };
}

describe('the causes of the size of a state', () => {
  it('are deletions that compaction has not removed', () => {
    const contents = { entries: 9_120_004, deletions: 5_654_402, rawKeyBytes: 1, rawValueBytes: 1 };

    expect(found({ contents, bytes: 1.4 * GB })).toEqual([
      {
        kind: 'deletions',
        operator: HEAD.id,
        state: 'payload',
        sentence:
          'State payload of dedupe (1.4 GB) consists of deletions for the most part: 62 % of its 9,120,004 entries. Compaction lags behind what the job removes. More threads for it (state.backend.rocksdb.thread.num), or state.backend.rocksdb.compaction.level.use-dynamic-size, let it catch up.',
      },
    ]);
  });

  it('are files of a state with a TTL that compaction does not reach', () => {
    expect(found({ hasTtl: true })).toMatchObject([
      {
        kind: 'stale-files',
        sentence: expect.stringMatching(
          /^State payload of dedupe has a TTL, and its oldest file was written 40 d before the checkpoint\. .*state\.backend\.rocksdb\.compaction\.filter\.periodic-compaction-time/,
        ),
      },
    ]);
  });

  it('are growth without a TTL', () => {
    expect(found({}, { growth: () => 2.1 * GB })).toMatchObject([
      {
        kind: 'unbounded-growth',
        sentence: expect.stringMatching(
          /^State payload of dedupe \(43\.0 GB\) has no TTL and grows by 2\.1 GB a day, 5 % of it\. .*StateTtlConfig/,
        ),
      },
    ]);
  });

  it('are that it is rewritten between any two checkpoints', () => {
    const before = { name: 'chk-1203', completed: NOW - 60_000 };

    expect(found({ oldestFile: NOW - 30_000 }, { before })).toMatchObject([
      {
        kind: 'rewritten',
        sentence: expect.stringMatching(
          /^State payload of dedupe was rewritten as a whole since chk-1203: each of its 700 files \(43\.0 GB\) is newer\./,
        ),
      },
    ]);
  });

  it('are one subtask that holds most', () => {
    const [one] = found({ bytes: 0 }, { operators: [operator([12.3 * GB, 2 * GB, 2 * GB, 2 * GB])] });
    const [alone] = found({ bytes: 0 }, { operators: [operator([0, 12.3 * GB, 0, 0])] });

    expect(one).toEqual({
      kind: 'skew',
      operator: HEAD.id,
      state: null,
      sentence:
        'Subtask 0 of dedupe holds 12.3 GB of its 18.3 GB, 6.2 times the median, so its checkpoints and restores take longest. It has key groups 0 to 31 of 128, 25 % of them, and 67 % of the bytes. A few keys hold much, or keys are few. If keys are many, more key groups spread them better over 4 subtasks: pipeline.max-parallelism is 128 here, and can be set only for a job without state.',
    });
    const unkeyed = operator([12.3 * GB, 2 * GB, 2 * GB, 2 * GB]);
    const byKind = { ...unkeyed.byKind, keyed: 0, operator: unkeyed.bytes };
    const [list] = found({ bytes: 0 }, { operators: [{ ...unkeyed, byKind }] });
    expect(list?.sentence).not.toContain('key groups 0 to');
    expect(alone?.sentence).toContain('Subtask 1 of dedupe holds 12.3 GB of its 12.3 GB, and most others nothing, so');
  });

  it('are many small files', () => {
    expect(found({ bytes: 100e6, files: 1_250 })).toEqual([
      {
        kind: 'small-files',
        operator: null,
        state: null,
        sentence:
          'The checkpoint has 1,250 state files of 80.0 kB in the mean. A store bills each upload and read of one. Flink 1.20 and newer can merge them: execution.checkpointing.file-merging.enabled.',
      },
    ]);
  });

  it.each<readonly [string, Partial<StateRow>, Partial<FindingsInput>]>([
    ['a state like others', {}, {}],
    ['a small state', { bytes: 1e6, contents: { entries: 9, deletions: 9, rawKeyBytes: 0, rawValueBytes: 0 } }, {}],
    ['files that do not tell', { contents: null, oldestFile: null, hasTtl: true }, {}],
    ['no entries', { contents: { entries: 0, deletions: 0, rawKeyBytes: 0, rawValueBytes: 0 } }, {}],
    ['what is no state', { state: null, kind: 'unread', hasTtl: null }, { growth: () => GB }],
    ['young files of a state with a TTL', { hasTtl: true, oldestFile: NOW - 30 * DAY }, {}],
    ['growth of a state with a TTL', { hasTtl: true, oldestFile: NOW }, { growth: () => GB }],
    ['growth of a state whose TTL is not known', { hasTtl: null }, { growth: () => GB }],
    ['little growth', {}, { growth: () => 1e6 }],
    ['a file that is older than the checkpoint before', {}, { before: { name: 'chk-1', completed: NOW - DAY } }],
    ['one file', { files: 1, oldestFile: NOW }, { before: { name: 'chk-1', completed: NOW - DAY } }],
    ['an even operator', {}, { operators: [operator([5 * GB, 5 * GB, 5 * GB, 5 * GB])] }],
    ['a small skew', {}, { operators: [operator([1e6, 1, 1, 1])] }],
    ['an operator of one subtask', {}, { operators: [{ ...operator([GB]), operator: { ...HEAD, parallelism: 1 } }] }],
    ['small files that Flink merges', { bytes: 100e6, files: 5_000 }, { merges: true }],
    ['few small files', { bytes: 100e6, files: 999 }, {}],
  ])('are not seen in %s', (_, row, more) => {
    expect(found(row, more)).toEqual([]);
  });
});
