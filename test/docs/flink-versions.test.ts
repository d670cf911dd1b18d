import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PAGES, ROOT, textOf } from './doc-script.ts';

const READER = 'core/flink/metadata/';
const TEXTS = [...PAGES, ...readdirSync(new URL(READER, ROOT)).map((name) => `${READER}${name}`)];
/** Other features come with other versions of Flink; this is of the format. */
const SAID = /format versions?\b[^.]*?\bFlink\s+(\d+\.\d+)\s+to\s+(\d+\.\d+)/g;

describe('The Flink versions whose _metadata is read', () => {
  it('are the same ones wherever they are said', () => {
    const said = TEXTS.flatMap((file) =>
      [...textOf(file).matchAll(SAID)].map(([, first, last]) => [file, first, last]),
    );

    expect(said).toEqual(
      ['README.md', `${READER}metadata-file.ts`, `${READER}metadata-parser.ts`].map((file) => [file, '1.3', '2.3']),
    );
  });
});
