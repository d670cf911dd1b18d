/**
 * Reads the `_metadata` files below a folder, which lie in memory, again and again, in a process of its own. Prints, as
 * JSON, the microseconds of the first time, which loads the reader, and of each measured one.
 *
 * usage: node time-reader.mjs FOLDER handed-on|collected WARM-UPS MEASUREMENTS SECONDS
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileReference } from '#core/flink/metadata/model.ts';

const [folder = '', how = '', ...numbers] = process.argv.slice(2);
const [warmUps = 0, measurements = 0, seconds = 0] = numbers.map(Number);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('_metadata'))
  .sort()
  .map((path) => readFileSync(join(folder, path)));

const begin = performance.now();
const { MetadataParser, parseMetadata } = await import('./steward-reader.ts');
const readAll = how === 'collected' ? collectAll : handOnAll;
readAll();
const first = (performance.now() - begin) * 1_000;

for (let warmUp = 0; warmUp < warmUps; warmUp++) readFor(seconds);
const rounds = Array.from({ length: measurements }, () => readFor(seconds));
process.stdout.write(JSON.stringify({ first, rounds }));

/** @returns microseconds that reading all files took, on average */
function readFor(least: number): number {
  const start = performance.now();
  for (let times = 1; ; times++) {
    readAll();
    const milliseconds = performance.now() - start;
    if (milliseconds >= least * 1_000) return (milliseconds * 1_000) / times;
  }
}

/** As a survey reads: each reference is looked at and forgotten. */
function handOnAll(): void {
  for (const bytes of files) {
    let references = 0;
    const reference = ({ path }: FileReference): void => {
      references += path.length > 0 ? 1 : 0;
    };
    const parser = new MetadataParser({ reference }, { fileBytes: bytes.length });
    parser.write(bytes);
    if (parser.end().references !== references) throw new Error('The reader hands on fewer references than it counts.');
  }
}

/** As Flink reads: all of a file is there at its end. */
function collectAll(): void {
  for (const bytes of files) {
    const { references, summary } = parseMetadata(bytes);
    if (summary.references !== references.length) throw new Error('The reader collects less than it counts.');
  }
}
