import { describe, expect, it } from 'vitest';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { incrementalCheckpoint, writeMetadata } from '#test/support/metadata-writer.ts';
import { uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { useCredentials } from './rules-bucket.ts';
import { documentOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const serve = useEmbeddedS3();

useCredentials();

const CHECKPOINT = incrementalCheckpoint({
  id: 14,
  shared: [{ path: `s3://bucket/flink/shared/${uuid(1)}`, bytes: 1234 }],
  exclusive: [
    { path: uuid(2), bytes: 56 },
    { path: uuid(3), bytes: 7 },
  ],
});

const USELESS = 'Nothing can be restored from it in this state.';
const FORK = 'but a fork of Flink may (offset ';

describe('steward inspect', () => {
  it('tells people what a _metadata is and where it leads', async () => {
    const cwd = await makeDirectory({ 'chk-14/_metadata': CHECKPOINT });

    const { status, out, err } = await steward(cwd, ['inspect', 'chk-14', '--base', 's3a://bucket/flink/chk-14']);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.replace(/version 4, .*/, 'version 4, SIZE')).toBe(`chk-14
Checkpoint 14, format version 4, SIZE
3 references to 3 files, 0 B of state inline

operator                          name    subtasks          max
                                        with state  parallelism
20ba6b65f97481d5570070de90e4e791  -            1/1          128

State by operator: 1.3 kB, 999 B of it new in this checkpoint, as Flink counts
operator                           state  share    new  of which
20ba6b65f97481d5570070de90e4e791  1.3 kB  100 %  999 B  keyed

files  in
    2  s3a://bucket/flink/chk-14/
    1  s3://bucket/flink/shared/
`);
  });

  it.each([['chk-14'], ['chk-14/_metadata'], ['./chk-14/']])(
    'prints one JSON document with --json: %s',
    async (name) => {
      const cwd = await makeDirectory({ 'chk-14/_metadata': CHECKPOINT });

      const ran = await steward(cwd, ['inspect', name, '--json']);

      expect({ status: ran.status, err: ran.err }).toEqual({ status: 0, err: '' });
      expect(documentOf(ran)).toMatchObject({
        formatVersion: 4,
        checkpointId: '14',
        kind: 'checkpoint',
        operators: [
          { id: '20ba6b65f97481d5570070de90e4e791', parallelism: 1, maxParallelism: 128, subtasks: 1, finished: false },
        ],
        references: [
          { path: uuid(2), relative: true, resolved: `file:${cwd}/chk-14/${uuid(2)}`, bytes: '56', segment: false },
          { path: `s3://bucket/flink/shared/${uuid(1)}`, relative: false, bytes: '1234' },
          { path: uuid(3), relative: true, resolved: `file:${cwd}/chk-14/${uuid(3)}`, bytes: '7' },
        ],
        inlineBytes: '0',
        fileBytes: CHECKPOINT.length,
        state: {
          bytes: 1_297,
          newBytes: 999,
          operators: [
            { id: '20ba6b65f97481d5570070de90e4e791', bytes: 1_297, byKind: { keyed: 1_297, operator: 0 }, skew: null },
          ],
        },
      });
    },
  );

  it('tells kinds and the largest subtask of each operator, the largest operator first', async () => {
    // Prepare
    const keyed = (index: number, bytes: number) => ({
      index,
      managedKeyed: { tag: 12 as const, of: { file: `s3://b/${uuid(index)}`, bytes } },
    });
    const operators = [
      { id: 'a'.repeat(32), name: 'Source', coordinator: { inline: 100 }, subtasks: [] },
      {
        id: 'b'.repeat(32),
        name: 'dedupe',
        parallelism: 3,
        subtasks: [
          keyed(0, 10_000),
          keyed(1, 10_000),
          { ...keyed(2, 60_000), managedOperator: { tag: 4 as const, of: { inline: 400 } } },
        ],
      },
      { id: 'c'.repeat(32), uid: 'one-sided', parallelism: 4, subtasks: [keyed(3, 5_000)] },
    ];
    const cwd = await makeDirectory({ _metadata: writeMetadata({ version: 5, operators }) });

    // Act
    const { out } = await steward(cwd, ['inspect', '.'], 120);

    // Assess
    expect(out).toContain(`
State by operator: 85.5 kB, 85.5 kB of it new in this checkpoint, as Flink counts
operator     state  share      new  of which
dedupe     80.4 kB   94 %  80.4 kB  keyed 80.0 kB, operator 400 B, subtask 2 alone 60.4 kB, 6.0 × the median
one-sided   5.0 kB    6 %   5.0 kB  keyed, subtask 3 alone 5.0 kB
Source       100 B   <1 %    100 B  coordinator
`);
  });

  it('tells the state of what could be read of a file that is cut short', async () => {
    const cwd = await makeDirectory({ _metadata: CHECKPOINT.subarray(0, -3) });

    const ran = await steward(cwd, ['inspect', '.', '--json']);

    expect(ran.status).toBe(3);
    expect(JSON.parse(ran.out)).toMatchObject({ read: { state: { bytes: 1_297 } } });
  });

  it.each([
    ['checkpoint', 'Checkpoint 2'],
    ['full-checkpoint', 'Full checkpoint 2'],
    ['savepoint-canonical', 'Savepoint (canonical format) 2'],
    ['savepoint-native', 'Savepoint (native format) 2'],
  ] as const)('says what kind it is: %s', async (kind, expected) => {
    const cwd = await makeDirectory({ _metadata: incrementalCheckpoint({ id: 2, kind, shared: [] }) });

    const { out } = await steward(cwd, ['inspect', '.']);

    expect(out).toContain(`\n${expected}, format version 4`);
    expect(out).not.toContain('files  in');
  });

  it('does not guess the kind of a format that does not say it', async () => {
    const cwd = await makeDirectory({ _metadata: incrementalCheckpoint({ id: 2, version: 3, shared: [] }) });

    expect((await steward(cwd, ['inspect', '.'])).out).toContain('\nCheckpoint or savepoint 2, format version 3');
  });

  it('shows the first operators and directories of a large one', async () => {
    // Prepare
    const operators = Array.from({ length: 35 }, (_, index) => ({
      id: index.toString(16).padStart(32, '0'),
      name: `An operator with a name that is too long for any table ${index}`,
      subtasks: [
        {
          index: 0,
          managedOperator: { tag: 4 as const, of: { file: `s3://bucket/${index}/${uuid(index)}`, bytes: 1 } },
        },
      ],
    }));
    const cwd = await makeDirectory({ _metadata: writeMetadata({ version: 5, operators }) });

    // Act
    const { out } = await steward(cwd, ['inspect', '.']);

    // Assess
    expect(out).toContain('… and 5 more\n');
    expect(out).toContain('… and 15 more (see --json)\n');
    expect(out).toContain('An operator wit…or any table 0');
  });

  it('fits 80 columns, though operators have long names and are finished', async () => {
    const operator = { id: 'a'.repeat(32), name: 'An operator with a long name', finished: true, subtasks: [] };
    const cwd = await makeDirectory({ _metadata: writeMetadata({ version: 5, operators: [operator] }) });

    const { out } = await steward(cwd, ['inspect', '.'], 80);

    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(out).toContain('parallelism\n');
  });

  it.each([
    ['cut short', CHECKPOINT.subarray(0, -3), 'truncated', USELESS],
    [
      'longer than its end',
      Buffer.concat([CHECKPOINT, Buffer.from([0])]),
      'trailing-bytes',
      'Flink ignores these bytes and may restore from it.',
    ],
    [
      'of version 7',
      Buffer.concat([CHECKPOINT.subarray(0, 4), Buffer.from([0, 0, 0, 7]), CHECKPOINT.subarray(8)]),
      'unsupported-version',
      'Only a Flink version that knows this format can restore from it.',
    ],
    [
      'one whose checkpoint properties are of no class of Flink',
      Buffer.from(
        CHECKPOINT.toString('latin1').replace('checkpoint.CheckpointProperties', 'checkpoint.XheckpointProperties'),
        'latin1',
      ),
      'unreadable-properties',
      USELESS,
    ],
    ['something else', Buffer.from('GIF89a, surely no checkpoint'), 'not-metadata', USELESS],
    [
      'one with a path that Flink refuses',
      incrementalCheckpoint({ id: 1, shared: [{ path: 's3://[x/y', bytes: 1 }] }),
      'unresolvable-path',
      USELESS,
    ],
  ])('ends with 3 and one line where the file is %s', async (_, content, code, follows) => {
    // Prepare
    const cwd = await makeDirectory({ 'chk-1/_metadata': content });

    // Act
    const plain = await steward(cwd, ['inspect', 'chk-1/_metadata']);
    const json = await steward(cwd, ['inspect', 'chk-1/_metadata', '--json']);

    // Assess
    expect(plain.status).toBe(3);
    expect(plain.err).toMatch(/^chk-1\/_metadata: [A-Z].*[^.]\. [A-Z].*[^.]\.\n$/);
    expect(plain.err).toContain(` ${follows}\n`);
    expect(json).toEqual({ status: 3, out: json.out, err: plain.err });
    expect(documentOf(json)).toMatchObject({ error: { code, status: 3 }, read: { usesChangelog: false } });
  });

  it('prints what it read of a file to which a fork of Flink has appended, then the reason', async () => {
    // Prepare
    const forked = Buffer.concat([CHECKPOINT, Buffer.from('and more')]);
    const cwd = await makeDirectory({ 'chk-14/_metadata': forked });

    // Act
    const whole = await steward(await makeDirectory({ 'chk-14/_metadata': CHECKPOINT }), ['inspect', 'chk-14']);
    const plain = await steward(cwd, ['inspect', 'chk-14', '--base', 's3://bucket/flink/chk-14']);
    const json = await steward(cwd, ['inspect', 'chk-14', '--json']);

    // Assess
    expect(plain.out).toContain(
      `\n3 references to 3 files, 0 B of state inline, read until offset ${CHECKPOINT.length}\n`,
    );
    expect(plain.out).toContain('    2  s3://bucket/flink/chk-14/\n');
    expect(plain.err).toContain(FORK);
    expect(whole.out).not.toContain('read until');
    expect(documentOf(json)).toMatchObject({
      error: { code: 'trailing-bytes', offset: CHECKPOINT.length, referencesRead: 3 },
      read: {
        formatVersion: 4,
        checkpointId: '14',
        kind: 'checkpoint',
        operators: [{ parallelism: 1 }],
        references: [{ bytes: '56' }, { bytes: '1234' }, { bytes: '7' }],
        fileBytes: forked.length,
      },
    });
  });

  it('prints nothing of a file of which it read no checkpoint id, and null in its place', async () => {
    const cwd = await makeDirectory({ _metadata: CHECKPOINT.subarray(0, 10) });

    const plain = await steward(cwd, ['inspect', '.']);
    const json = await steward(cwd, ['inspect', '.', '--json']);

    expect({ status: plain.status, out: plain.out }).toEqual({ status: 3, out: '' });
    expect(documentOf(json)).toMatchObject({ read: { formatVersion: 4, checkpointId: null, references: [] } });
  });

  it('finds a bucket where steward.json says that it is', async () => {
    const { s3 } = await serve();
    s3.put(BUCKET, 'flink/chk-14/_metadata', CHECKPOINT);
    const store = { endpoint: s3.url, region: 'eu-west-1', pathStyle: true };
    const cwd = await makeDirectory({
      'steward.json': JSON.stringify({ area: [{ bucket: `s3://${BUCKET}/flink`, ...store }] }),
    });

    const { status, out, err } = await steward(cwd, ['inspect', `s3://${BUCKET}/flink/chk-14`]);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain(`    2  s3://${BUCKET}/flink/chk-14/\n`);
  });
});
