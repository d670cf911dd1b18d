import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FolderStart } from '#core/flink/metadata/folder-start.ts';

function viewOf(text: string): DataView {
  const bytes = Buffer.from(text);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

describe('The start of the paths of a folder', () => {
  it.each(['', '/tmp/', 'file:/tmp/', 's3:/bucket/', 'C:/tmp/', '3s://bucket/', 's3://bücket/', 's3://bucket/\ud800/'])(
    'is not gone by where it is %j',
    (text) => {
      expect(FolderStart.of(text)).toBeNull();
    },
  );

  it('is found at its place, and is not where any byte is another one', () => {
    const folder = fc.constantFrom('s3://b/', 's3://b/a/', 's3://b/ab/', 's3://b/abc/', 's3a://b/%20 \0/shared/');
    fc.assert(
      fc.property(folder, fc.nat(), fc.nat({ max: 127 }), fc.nat({ max: 9 }), (text, at, other, before) => {
        const changed = [...text];
        changed[at % text.length] = String.fromCharCode(other);
        const start = FolderStart.of(text);

        const isAt = start?.isAt(viewOf(`${'-'.repeat(before)}${changed.join('')}rest`), before);

        expect(start?.length).toBe(text.length);
        expect(isAt).toBe(changed.join('') === text);
      }),
      { seed: 20_261_201, numRuns: 500 },
    );
  });
});
