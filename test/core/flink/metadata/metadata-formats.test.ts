import { describe, expect, it } from 'vitest';
import type { FileReference } from '#core/flink/metadata/model.ts';
import { parseMetadata } from '#core/flink/metadata/read-metadata.ts';
import { incrementalCheckpoint, type Subtask, writeMetadata } from '#test/support/metadata-writer.ts';
import type { KeyedHandle, StreamHandle } from '#test/support/state-handle-writer.ts';

const ID = '0123456789abcdef0011223344556677';
const SHARED = 's3://b/cp/shared/11111111-0000-4000-8000-000000000001';

function withSubtask(version: number, subtask: Omit<Subtask, 'index'>) {
  const bytes = writeMetadata({ version, operators: [{ id: ID, subtasks: [{ index: 0, ...subtask }] }] });
  return parseMetadata(bytes);
}

function keyed(managedKeyed: KeyedHandle, version = 4) {
  const { summary, references } = withSubtask(version, { managedKeyed });
  return { references, inlineBytes: summary.inlineBytes, usesChangelog: summary.usesChangelog };
}

function file(path: string, bytes = 0n): FileReference {
  return { path, relative: false, bytes, segment: false };
}

describe('A _metadata file', () => {
  it.each([2, 3, 4, 5, 6])('of format version %i without operators is read whole', (version) => {
    // Prepare
    const bytes = writeMetadata({ version, checkpointId: 17 });

    // Act
    const { summary, operators, references } = parseMetadata(bytes);

    // Assess
    expect(operators).toEqual([]);
    expect(references).toEqual([]);
    expect(summary).toEqual({
      formatVersion: version,
      checkpointId: 17n,
      kind: version < 4 ? 'unknown' : 'checkpoint',
      operators: 0,
      references: 0,
      inlineBytes: 0n,
      propertiesRead: true,
      usesChangelog: false,
      fileBytes: bytes.length,
    });
  });

  it.each(['checkpoint', 'full-checkpoint', 'savepoint-canonical', 'savepoint-native', 'unknown'] as const)(
    'tells that it is of kind %s',
    (kind) => {
      expect(parseMetadata(writeMetadata({ version: 5, kind })).summary.kind).toBe(kind);
    },
  );

  it('keeps a checkpoint id beyond what a number holds', () => {
    const bytes = writeMetadata({ version: 3, checkpointId: 9_223_372_036_854_775_807n });
    expect(parseMetadata(bytes).summary.checkpointId).toBe(9_223_372_036_854_775_807n);
  });

  it('passes over master states without counting them as inline state', () => {
    const masterStates = [
      { name: 'hook', bytes: 100 },
      { name: '', bytes: 0 },
    ];
    expect(parseMetadata(writeMetadata({ version: 4, masterStates })).summary.inlineBytes).toBe(0n);
  });
});

describe('An operator', () => {
  it('of format version 2 has no name and no coordinator', () => {
    // Prepare
    const bytes = writeMetadata({
      version: 2,
      operators: [{ id: ID, parallelism: 3, maxParallelism: 8, subtasks: [{ index: 2 }, { index: 0 }] }],
    });

    // Act
    const { operators } = parseMetadata(bytes);

    // Assess
    expect(operators).toEqual([
      {
        id: ID,
        name: null,
        uid: null,
        parallelism: 3,
        maxParallelism: 8,
        subtasks: 2,
        finishedSubtasks: 0,
        finished: false,
      },
    ]);
  });

  it.each([3, 4])('of format version %i counts its coordinator state as inline', (version) => {
    // Prepare
    const bytes = writeMetadata({ version, operators: [{ id: ID, coordinator: { inline: 33 }, subtasks: [] }] });

    // Act
    const { summary, operators } = parseMetadata(bytes);

    // Assess
    expect(summary.inlineBytes).toBe(33n);
    expect(operators).toEqual([
      {
        id: ID,
        name: null,
        uid: null,
        parallelism: 2,
        maxParallelism: 128,
        subtasks: 0,
        finishedSubtasks: 0,
        finished: false,
      },
    ]);
  });

  it.each([5, 6])('of format version %i has a name and a uid unless they are empty', (version) => {
    // Prepare
    const bytes = writeMetadata({
      version,
      operators: [
        { id: ID, name: 'Quelle → Senke 🦑', uid: 'uid-1', subtasks: [] },
        { id: ID, subtasks: [] },
      ],
    });

    // Act
    const { operators } = parseMetadata(bytes);

    // Assess
    expect(operators.map(({ name, uid }) => [name, uid])).toEqual([
      ['Quelle → Senke 🦑', 'uid-1'],
      [null, null],
    ]);
  });

  it('can be finished as a whole or in some of its subtasks', () => {
    // Prepare
    const bytes = writeMetadata({
      version: 4,
      operators: [
        { id: ID, parallelism: 5, subtasks: 'finished' },
        {
          id: ID,
          parallelism: 4,
          subtasks: [{ index: 0, finished: true }, { index: 1 }, { index: 3, finished: true }],
        },
      ],
    });

    // Act
    const { operators } = parseMetadata(bytes);

    // Assess
    expect(operators.map(({ subtasks, finishedSubtasks, finished }) => [subtasks, finishedSubtasks, finished])).toEqual(
      [
        [0, 0, true],
        [1, 2, false],
      ],
    );
  });

  it('is handed on after the references in it', () => {
    // Prepare
    const bytes = writeMetadata({
      version: 6,
      operators: [
        { id: ID, name: 'a', subtasks: [{ index: 0, managedKeyed: { tag: 12, of: { file: 's3://b/1' } } }] },
        { id: ID, name: 'b', subtasks: [{ index: 1, rawKeyed: { tag: 12, of: { file: 's3://b/2' } } }] },
      ],
    });

    // Act
    const { operators, references, summary } = parseMetadata(bytes);

    // Assess
    expect(operators.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(references.map(({ path }) => path)).toEqual(['s3://b/1', 's3://b/2']);
    expect([summary.operators, summary.references]).toEqual([2, 2]);
  });
});

describe('A stream state handle', () => {
  const cases: readonly [string, StreamHandle, readonly FileReference[], bigint][] = [
    ['inline names no file', { inline: 21, name: 's3://b/cp/chk-1/none' }, [], 21n],
    ['in a file names it', { file: SHARED, bytes: 1234 }, [file(SHARED, 1234n)], 0n],
    ['in a file of unknown size says so', { file: SHARED, bytes: -1 }, [file(SHARED, -1n)], 0n],
    [
      'in a file keeps its path as it is stored',
      { file: 's3a://b//a%20b/ü \\x/', bytes: 2 ** 60 },
      [file('s3a://b//a%20b/ü \\x/', 2n ** 60n)],
      0n,
    ],
    ['in a local file may lack a scheme', { file: '/data/cp/x' }, [file('/data/cp/x')], 0n],
    [
      'in a relative file says that it is',
      { relative: 'a-uuid', bytes: 7 },
      [{ path: 'a-uuid', relative: true, bytes: 7n, segment: false }],
      0n,
    ],
    [
      'in a relative file may go into folders',
      { relative: '../x/y', bytes: 7 },
      [{ path: '../x/y', relative: true, bytes: 7n, segment: false }],
      0n,
    ],
    [
      'in a segment names the physical file',
      { segment: SHARED, bytes: -5, start: 9, scope: 0 },
      [{ path: SHARED, relative: false, bytes: -5n, start: 9n, segment: true }],
      0n,
    ],
    ['of an empty segment names nothing', { emptySegment: true }, [], 0n],
    [
      'of key groups names what it wraps, however deep',
      { keyGroups: { first: 0, count: 3 }, of: { keyGroups: { first: 1, count: 1 }, of: { file: SHARED } } },
      [file(SHARED)],
      0n,
    ],
  ];

  it.each(cases)('%s', (_, handle, references, inlineBytes) => {
    expect(keyed({ tag: 12, of: handle })).toEqual({ references, inlineBytes, usesChangelog: false });
  });
});

describe('A keyed state handle', () => {
  it.each([3, 7, 12] as const)('of key groups (tag %i) names its stream', (tag) => {
    expect(keyed({ tag, groups: { first: 64, count: 64 }, of: { file: SHARED } }, 3).references).toEqual([
      file(SHARED),
    ]);
  });

  it('of key groups may cover none', () => {
    expect(keyed({ tag: 3, groups: { first: 5, count: 0 }, of: { file: SHARED } }).references).toEqual([file(SHARED)]);
  });

  it.each([5, 11] as const)('of an incremental checkpoint (tag %i) names meta, shared and private files', (tag) => {
    // Prepare
    const handle: KeyedHandle = {
      tag,
      meta: { relative: 'meta' },
      shared: [
        { local: '1.sst', handle: { file: 's3://b/1' } },
        { local: '2.sst', handle: { keyGroups: { first: 0, count: 1 }, of: { file: 's3://b/2' } } },
        { local: '3.sst', handle: { inline: 5 } },
      ],
      exclusive: [{ local: 'CURRENT', handle: { inline: 16 } }],
    };

    // Act
    const { references, inlineBytes } = keyed(handle);

    // Assess
    expect(references.map(({ path }) => path)).toEqual(['meta', 's3://b/1', 's3://b/2']);
    expect(inlineBytes).toBe(21n);
  });

  it.each([
    [5, 0],
    [11, -3],
  ] as const)('of an incremental checkpoint (tag %i) is read with %i key groups, as by Flink', (tag, count) => {
    expect(keyed({ tag, groups: { first: 0, count }, meta: null })).toEqual({
      references: [],
      inlineBytes: 0n,
      usesChangelog: false,
    });
  });

  it.each([
    [8, 10],
    [14, 13],
  ] as const)('of a changelog (tag %i) names what is materialized and what changed', (tag, changesTag) => {
    // Prepare
    const handle: KeyedHandle = {
      tag,
      base: [{ tag: 12, of: { file: 's3://b/base' } }, null, { tag: 11, meta: { file: 's3://b/meta' } }],
      changes: [
        { tag: changesTag, segments: [{ file: 's3://b/log' }, null, { file: 's3://b/log' }, { inline: 3 }] },
        {
          tag: 9,
          changes: [
            { keyGroup: -1, bytes: 10 },
            { keyGroup: 5, bytes: 20 },
          ],
        },
      ],
    };

    // Act
    const { references, inlineBytes, usesChangelog } = keyed(handle);

    // Assess
    expect(references.map(({ path }) => path)).toEqual(['s3://b/base', 's3://b/meta', 's3://b/log', 's3://b/log']);
    expect(inlineBytes).toBe(33n);
    expect(usesChangelog).toBe(true);
  });

  it.each([
    ['inline changes', { tag: 9, changes: [] }],
    ['old changes in files', { tag: 10, segments: [] }],
    ['changes in files', { tag: 13, segments: [] }],
  ] as const)('of %s outside a changelog is a changelog too', (_, handle) => {
    expect(keyed(handle)).toEqual({ references: [], inlineBytes: 0n, usesChangelog: true });
  });

  it('may be a changelog inside a changelog', () => {
    const inner: KeyedHandle = { tag: 14, base: [{ tag: 3, of: { file: SHARED } }], changes: [] };
    expect(keyed({ tag: 14, base: [inner], changes: [] }).references).toEqual([file(SHARED)]);
  });
});

describe('An operator state handle', () => {
  const states = [
    { name: 'list', mode: 0, offsets: 3 },
    { name: 'union', mode: 1, offsets: 0 },
    { name: 'broadcast', mode: 2, offsets: 1 },
  ];

  it('names its stream', () => {
    const { references } = withSubtask(2, {
      managedOperator: { tag: 4, states, of: { file: 's3://b/managed' } },
      rawOperator: { tag: 4, states: [], of: { file: 's3://b/raw' } },
    });
    expect(references.map(({ path }) => path)).toEqual(['s3://b/managed', 's3://b/raw']);
  });

  it('of merged files names the segment, not the directories', () => {
    const { references } = withSubtask(4, {
      managedOperator: { tag: 17, states, of: { segment: SHARED, bytes: 9 } },
      rawOperator: { tag: 17, states: [], of: { emptySegment: true } },
    });
    expect(references).toEqual([{ path: SHARED, relative: false, bytes: 9n, start: 0n, segment: true }]);
  });
});

describe('Channel state', () => {
  it.each([3, 4, 5, 6])('of format version %i names its files', (version) => {
    const { references } = withSubtask(version, {
      input: [
        { offsets: 2, of: { file: 's3://b/in' } },
        { offsets: 0, of: { keyGroups: { first: 0, count: 1 }, of: { file: 's3://b/wrapped' } } },
      ],
      result: [{ offsets: 1, of: { relative: 'out' } }],
    });
    expect(references.map(({ path }) => path)).toEqual(['s3://b/in', 's3://b/wrapped', 'out']);
  });

  it('of format version 6 may be merged, and its offsets are no inline state', () => {
    const { references, summary } = withSubtask(6, {
      input: [
        { merged: 40, of: { file: 's3://b/in' } },
        { merged: 0, of: null },
      ],
      result: [{ merged: 4, of: { inline: 6 } }],
    });
    expect(references.map(({ path }) => path)).toEqual(['s3://b/in']);
    expect(summary.inlineBytes).toBe(6n);
  });
});

describe('An incremental checkpoint written for a test', () => {
  it.each([2, 3, 4, 5, 6])('in format version %i is read back', (version) => {
    // Prepare
    const bytes = incrementalCheckpoint({
      version,
      id: 12,
      shared: [{ path: SHARED, bytes: 100 }],
      exclusive: [
        { path: 'meta', bytes: 5 },
        { path: 's3://b/cp/shared/manifest', bytes: 6 },
      ],
    });

    // Act
    const { summary, references } = parseMetadata(bytes);

    // Assess
    expect(summary.checkpointId).toBe(12n);
    expect(references).toEqual([
      { path: 'meta', relative: true, bytes: 5n, segment: false },
      file(SHARED, 100n),
      file('s3://b/cp/shared/manifest', 6n),
    ]);
  });

  it('has inline meta state when no exclusive file is given', () => {
    const { summary, references } = parseMetadata(incrementalCheckpoint({ id: 1, shared: [] }));
    expect([references.length, summary.inlineBytes]).toEqual([0, 64n]);
  });
});
