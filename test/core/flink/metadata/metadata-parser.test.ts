import { describe, expect, it, vi } from 'vitest';
import { LONGEST_DESCRIPTION } from '#core/flink/described-states.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { MetadataParser } from '#core/flink/metadata/metadata-parser.ts';
import type { FileReference } from '#core/flink/metadata/model.ts';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import { incrementalCheckpoint, writeMetadata } from '#test/support/metadata-writer.ts';

const SHARED = [
  { path: 's3://b/shared/1', bytes: 10 },
  { path: 's3://b/shared/2', bytes: 20 },
];
const WHOLE = incrementalCheckpoint({ id: 5, shared: SHARED });

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return null;
}

function collecting(options = {}) {
  const references: FileReference[] = [];
  return { references, parser: new MetadataParser({ reference: (each) => references.push(each) }, options) };
}

async function* chunksOf(...chunks: readonly Uint8Array[]) {
  yield* chunks;
}

describe('The parser', () => {
  it('hands references on as their bytes arrive', () => {
    // Prepare
    const { references, parser } = collecting();
    const second = WHOLE.indexOf('s3://b/shared/2');

    // Act
    parser.write(WHOLE.subarray(0, second + 3));
    const before = references.map(({ path }) => path);
    parser.write(WHOLE.subarray(second + 3));

    // Assess
    expect(before).toEqual(['s3://b/shared/1']);
    expect(references.map(({ path }) => path)).toEqual(['s3://b/shared/1', 's3://b/shared/2']);
    expect(parser.end().references).toBe(2);
  });

  it('lets the buffer of a chunk be used again', () => {
    // Prepare
    const { references, parser } = collecting();
    const buffer = new Uint8Array(7);

    // Act
    for (let at = 0; at < WHOLE.length; at += buffer.length) {
      const chunk = WHOLE.subarray(at, at + buffer.length);
      buffer.set(chunk);
      parser.write(buffer.subarray(0, chunk.length));
      buffer.fill(0xff);
    }

    // Assess
    expect(parser.end().fileBytes).toBe(WHOLE.length);
    expect(references.map(({ path }) => path)).toEqual(['s3://b/shared/1', 's3://b/shared/2']);
  });

  it('takes empty chunks and a visitor without interest in operators', () => {
    const { parser } = collecting();
    parser.write(new Uint8Array(0));
    parser.write(WHOLE);
    parser.write(new Uint8Array(0));
    expect(parser.end().operators).toBe(1);
  });

  it.each([1, 7, 1_000])('hands on descriptions of keyed backends whole, cut into chunks of %i', (chunk) => {
    // Prepare
    const description = Buffer.from('of a backend, in as many bytes as it takes');
    const subtask = {
      index: 0,
      managedOperator: { tag: 4, of: { inline: Buffer.from('operator state') } },
      managedKeyed: { tag: 11, meta: { inline: description } },
    } as const;
    const file = writeMetadata({ version: 4, operators: [{ id: 'a'.repeat(32), subtasks: [subtask] }] });
    const told: (readonly [string, string])[] = [];

    // Act
    const parser = new MetadataParser({
      reference: () => {},
      description: (bytes, { part }) => told.push([Buffer.from(bytes).toString(), part]),
    });
    for (let at = 0; at < file.length; at += chunk) parser.write(file.subarray(at, at + chunk));

    // Assess
    expect(told).toEqual([[description.toString(), 'meta']]);
    expect(parser.end().inlineBytes).toBe(BigInt(description.length + 'operator state'.length));
  });

  it('passes over a description that is too long for one', () => {
    const subtask = { index: 0, managedKeyed: { tag: 11, meta: { inline: LONGEST_DESCRIPTION + 1 } } } as const;
    const file = writeMetadata({ version: 4, operators: [{ id: 'a'.repeat(32), subtasks: [subtask] }] });
    const description = vi.fn();

    const parser = new MetadataParser({ reference: () => {}, description });
    parser.write(file);

    expect(parser.end().inlineBytes).toBe(BigInt(LONGEST_DESCRIPTION + 1));
    expect(description).not.toHaveBeenCalled();
  });

  it('gives the same summary when asked again', () => {
    const { parser } = collecting();
    parser.write(WHOLE);
    expect(parser.end()).toEqual(parser.end());
  });

  it('throws the same error ever after', () => {
    // Prepare
    const { parser } = collecting();
    const first = thrownBy(() => parser.write(Buffer.from('not a checkpoint')));

    // Act and assess
    expect(first).toBeInstanceOf(MetadataError);
    expect(thrownBy(() => parser.write(WHOLE))).toBe(first);
    expect(thrownBy(() => parser.end())).toBe(first);
  });

  it('lets what the visitor throws through, and does not go on', () => {
    // Prepare
    const refusal = new Error('The visitor had enough.');
    let calls = 0;
    const parser = new MetadataParser({
      reference() {
        calls += 1;
        throw refusal;
      },
    });

    // Act and assess
    expect(thrownBy(() => parser.write(WHOLE))).toBe(refusal);
    expect(thrownBy(() => parser.write(WHOLE))).toBe(refusal);
    expect(calls).toBe(1);
  });

  it('refuses a file without a byte', () => {
    expect(thrownBy(() => collecting().parser.end())).toMatchObject({
      code: 'truncated',
      offset: 0,
      formatVersion: null,
      referencesRead: 0,
    });
  });

  it('refuses bytes after the end', () => {
    const { parser } = collecting();
    parser.write(WHOLE);
    parser.end();
    expect(thrownBy(() => parser.write(Buffer.alloc(1)))).toMatchObject({
      code: 'trailing-bytes',
      offset: WHOLE.length,
    });
  });

  it('refuses a whole file that was announced longer', () => {
    const { parser } = collecting({ fileBytes: WHOLE.length + 1 });
    parser.write(WHOLE);
    expect(thrownBy(() => parser.end())).toMatchObject({ code: 'truncated', offset: WHOLE.length });
  });

  it('refuses a file longer than announced, once it has read what was announced', () => {
    // Prepare
    const announced = WHOLE.indexOf('s3://b/shared/2');
    const { references, parser } = collecting({ fileBytes: announced });

    // Act
    const error = thrownBy(() => parser.write(WHOLE));

    // Assess
    expect(error).toMatchObject({
      code: 'trailing-bytes',
      offset: announced,
      referencesRead: 1,
      message: `The file is longer than the ${announced} bytes announced (offset ${announced}).`,
    });
    expect(references.length).toBe(1);
  });

  it('does not judge counts by a length that it does not know', () => {
    // Prepare: a million master states, of which none follows.
    const bytes = writeMetadata({ version: 4 }).subarray(0, 20);
    bytes.writeInt32BE(1_000_000, 16);
    const { parser } = collecting();
    parser.write(bytes);

    // Act and assess
    expect(thrownBy(() => parser.end())).toMatchObject({ code: 'truncated', offset: 20 });
  });

  it('refuses a file that ends in bytes that it passes over', () => {
    // Prepare
    const whole = writeMetadata({ version: 2, masterStates: [{ name: 'hook', bytes: 1000 }] });
    const { parser } = collecting();
    parser.write(whole.subarray(0, 500));

    // Act and assess
    expect(thrownBy(() => parser.end())).toMatchObject({ code: 'truncated', offset: 500 });
  });

  it('refuses a file whose last structure ends in bytes that are not there', () => {
    // Prepare: in format 3 the payload of a channel can be the very last of a file.
    const bytes = writeMetadata({
      version: 3,
      operators: [{ id: '00'.repeat(16), subtasks: [{ index: 0, result: [{ offsets: 0, of: { inline: 9 } }] }] }],
    });
    const { parser } = collecting();
    parser.write(bytes.subarray(0, -1));

    // Act and assess
    expect(thrownBy(() => parser.end())).toMatchObject({ code: 'truncated', offset: bytes.length - 1 });
  });
});

describe('Reading a stream', () => {
  it('gives the summary', async () => {
    const paths: string[] = [];
    const summary = await readMetadata(chunksOf(WHOLE.subarray(0, 40), WHOLE.subarray(40)), {
      reference: ({ path }) => paths.push(path),
    });
    expect(summary.checkpointId).toBe(5n);
    expect(paths).toEqual(['s3://b/shared/1', 's3://b/shared/2']);
  });

  it('knows the length that it is told', async () => {
    const reading = readMetadata(chunksOf(WHOLE), { reference: () => undefined }, { fileBytes: 10 });
    await expect(reading).rejects.toMatchObject({ code: 'trailing-bytes', offset: 10 });
  });

  it('lets what the stream throws through', async () => {
    async function* broken() {
      yield WHOLE.subarray(0, 40);
      throw new Error('The connection broke.');
    }
    await expect(readMetadata(broken(), { reference: () => undefined })).rejects.toThrow('The connection broke.');
  });
});
