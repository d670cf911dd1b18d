import { describe, expect, it } from 'vitest';
import type { OperatorBytes } from '#core/states/operator-bytes.ts';
import { type NamedTable, stateTable } from '#core/states/state-table.ts';
import type { TableProperties } from '#core/states/table-properties.ts';

const ID = 'a'.repeat(32);

function operator(byKind: Partial<OperatorBytes['byKind']>, id = ID): OperatorBytes {
  const all = { keyed: 0, operator: 0, channel: 0, timers: 0, changelog: 0, coordinator: 0, ...byKind };
  const bytes = Object.values(all).reduce((sum, one) => sum + one, 0);
  const head = { id, name: 'dedupe', uid: null, parallelism: 2, maxParallelism: 128 };
  return { operator: head, bytes, newBytes: bytes, byKind: all, subtasks: [] };
}

function table(of: Partial<NamedTable>, properties: Partial<TableProperties> | null = {}): NamedTable {
  const said = {
    family: 'payload',
    entries: 10,
    deletions: 2,
    merges: 0,
    rawKeyBytes: 80,
    rawValueBytes: 800,
    compression: 'Snappy',
    written: 1_000,
    oldest: 500,
  };
  return {
    id: 'x',
    operator: ID,
    subtask: 0,
    bytes: 100,
    modified: 2_000,
    ...of,
    properties: properties === null ? null : { ...said, ...properties },
  };
}

function rows(
  counted: OperatorBytes,
  tables: readonly NamedTable[],
  more: Partial<Parameters<typeof stateTable>[1]> = {},
) {
  return stateTable([counted], { tables, undivided: new Map(), described: new Map(), ...more });
}

describe('the table of states', () => {
  it('adds up the files of a state, and what they hold', () => {
    // Prepare
    const tables = [
      table({ id: '1', bytes: 100 }),
      table({ id: '2', bytes: 300, subtask: 1 }, { compression: 'LZ4', written: 3_000 }),
      table({ id: '3', bytes: 50, subtask: 1 }, { written: null, compression: null }),
    ];

    // Act
    const [row] = rows(operator({ keyed: 450 }), tables);

    // Assess
    expect(row).toMatchObject({
      kind: 'state',
      state: 'payload',
      type: null,
      hasTtl: null,
      bytes: 450,
      files: 3,
      contents: { entries: 30, deletions: 6, rawKeyBytes: 240, rawValueBytes: 2_400 },
      compression: ['LZ4', 'Snappy'],
      oldestFile: 1_000,
      newestFile: 3_000,
      subtasks: [
        { subtask: 0, bytes: 100 },
        { subtask: 1, bytes: 350 },
      ],
    });
  });

  it('counts the contents of a file that two subtasks name once, and its bytes as Flink does', () => {
    const [row] = rows(operator({ keyed: 200 }), [table({}), table({ subtask: 1 })]);

    expect(row).toMatchObject({ bytes: 200, files: 1, contents: { entries: 10 } });
  });

  it('tells timers apart, and what is not in a file of a state, the largest first', () => {
    const counted = operator({ keyed: 1_000, operator: 7, channel: 6, timers: 5, changelog: 4, coordinator: 3 });
    const tables = [
      table({ id: '1', bytes: 500 }),
      table({ id: '2', bytes: 100 }, { family: '_timer_state/event_user-timers' }),
      table({ id: '3', bytes: 200 }, null),
      table({ id: '4', bytes: 30 }, { family: null }),
    ];

    const found = rows(counted, tables, { undivided: new Map([[ID, 60]]) });

    expect(found.map(({ kind, state, bytes }) => [kind, state, bytes])).toEqual([
      ['state', 'payload', 500],
      ['unread', null, 230],
      ['database', null, 110],
      ['timers', '_timer_state/event_user-timers', 100],
      ['undivided', null, 60],
      ['operator', null, 7],
      ['channel', null, 6],
      ['heap-timers', null, 5],
      ['changelog', null, 4],
      ['coordinator', null, 3],
    ]);
    expect(found.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(counted.bytes);
  });

  it('takes types and TTLs from the description, which also names states without a file', () => {
    const described = new Map([
      [
        ID,
        [
          { name: 'payload', type: 'MAP', hasTtl: true },
          { name: 'empty', type: 'VALUE', hasTtl: false },
          { name: '_timer_state/a', type: null, hasTtl: false },
        ],
      ],
    ]);

    const found = rows(operator({ keyed: 100 }), [table({})], { described });

    expect(
      found.map(({ kind, state, type, hasTtl, files, contents }) => [kind, state, type, hasTtl, files, contents]),
    ).toEqual([
      ['state', 'payload', 'MAP', true, 1, expect.anything()],
      ['state', 'empty', 'VALUE', false, 0, null],
      ['timers', '_timer_state/a', null, false, 0, null],
    ]);
  });

  it('knows the contents of a state only where all of its files tell', () => {
    const tables = [table({ id: '1' }), table({ id: '2' }, { deletions: null })];

    expect(rows(operator({ keyed: 200 }), tables)[0]).toMatchObject({ files: 2, contents: null });
  });

  it('knows no times of files that nothing is known of', () => {
    const [row] = rows(operator({ keyed: 100 }), [table({ modified: null }, null)]);

    expect(row).toMatchObject({ kind: 'unread', oldestFile: null, newestFile: null, contents: null });
  });

  it('leaves out an operator without state, and a file of an operator that the root does not have', () => {
    expect(rows(operator({}), [table({ operator: 'b'.repeat(32) })])).toEqual([]);
  });

  it('keeps the operators in their order', () => {
    const other = operator({ operator: 5 }, 'b'.repeat(32));

    const found = stateTable([operator({ operator: 9 }), other], {
      tables: [],
      undivided: new Map(),
      described: new Map(),
    });

    expect(found.map((row) => row.operator.id.slice(0, 1))).toEqual(['a', 'b']);
  });
});
