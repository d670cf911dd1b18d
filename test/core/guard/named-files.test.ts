import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Area } from '#core/area/area.ts';
import { readMetadata } from '#core/flink/metadata/read-metadata.ts';
import { NamedFiles } from '#core/guard/named-files.ts';
import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';

const AREA = new Area([{ name: 's3://bucket/flink', store: 's3://bucket', prefix: 'flink/', hidden: 0 }]);
const ROOT = 's3://bucket/flink/job/chk-1/_metadata';

const reference = (path: string, changes: object = {}) => ({
  path,
  relative: false,
  bytes: 7n,
  segment: false,
  ...changes,
});

function read(wanted: readonly string[], ...references: ReturnType<typeof reference>[]): NamedFiles {
  const files = new NamedFiles(AREA, ROOT, new Set(wanted));
  for (const one of references) files.reference(one);
  return files;
}

describe('The files that a root names', () => {
  it('are found by the own names of their places, whatever scheme names them', () => {
    const files = read(
      ['s3://bucket/flink/job/shared/a', 's3://bucket/flink/job/chk-1/b', 's3://bucket/flink/job/shared/c'],
      reference('s3a://bucket/flink/job/shared/a'),
      reference('b', { relative: true, bytes: 3n }),
      reference('s3://bucket/flink/job/shared/c', { segment: true }),
      reference('s3://elsewhere/d'),
      reference(''),
    );

    expect([...files.found.values()]).toEqual([
      { url: 's3://bucket/flink/job/shared/a', bytes: 7 },
      { url: 's3://bucket/flink/job/chk-1/b', bytes: 3 },
      { url: 's3://bucket/flink/job/shared/c', bytes: -1 },
    ]);
    expect(files.others).toEqual([]);
  });

  it('are sampled beside those, from the whole of the root', () => {
    const names = Array.from({ length: 1_000 }, (_, at) => `s3://bucket/flink/job/shared/${at}`);

    const { others } = read([], ...names.map((name) => reference(name)));

    expect(others.length).toBeGreaterThanOrEqual(64);
    expect(others.length).toBeLessThan(128);
    expect(others[0]).toBe(names[0]);
    expect(names.indexOf(others.at(-1) ?? '')).toBeGreaterThan(900);
    expect(new Set(others).size).toBe(others.length);
  });

  it('are read from a root as Flink writes it', async () => {
    const url = 's3://bucket/flink/job/shared/a';
    const bytes = incrementalCheckpoint({ id: 1, shared: [{ path: url, bytes: 5 }] });
    const files = new NamedFiles(AREA, ROOT, new Set([url]));

    await readMetadata(Readable.from([bytes]), files);

    expect([...files.found.keys()]).toEqual([url]);
  });
});
