import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fileHeavyMetadata, inlineHeavyMetadata } from '#test/support/large-metadata.ts';

const SCRIPT = fileURLToPath(new URL('../../../support/measure-metadata-memory.ts', import.meta.url));
const GIBIBYTE = 1024 ** 3;

describe('The memory of the reader', () => {
  it('does not grow with the file: 2 GiB of inline state in a heap of 48 MiB', () => {
    // Act
    const output = execFileSync(
      process.execPath,
      ['--import', 'tsx', '--max-old-space-size=48', SCRIPT, String(2 * GIBIBYTE)],
      { encoding: 'utf8' },
    );

    // Assess
    const { inline, files, grownBytes } = JSON.parse(output);
    const madeInline = inlineHeavyMetadata(2 * GIBIBYTE);
    const madeFiles = fileHeavyMetadata(GIBIBYTE / 8);
    expect(inline).toEqual({ references: 0, inlineBytes: madeInline.inlineBytes, fileBytes: madeInline.bytes });
    expect(files).toEqual({ references: madeFiles.references, inlineBytes: 0, fileBytes: madeFiles.bytes });
    expect(madeInline.bytes).toBeGreaterThan(2_000_000_000);
    expect(grownBytes).toBeLessThan(64 * 1024 * 1024);
  });
});
