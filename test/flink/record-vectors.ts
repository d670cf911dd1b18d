/**
 * Writes the vectors of test/fixtures/vectors that old releases of Flink write, then asks Flink's own reader of all of
 * them, and writes down what it answers.
 *
 * usage: tsx test/flink/record-vectors.ts
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { VECTORS } from '#test/support/vectors.ts';
import { buildFlink, buildOldFlink, OLD_FLINK_LINES } from './flink-build.ts';
import { type FlinkAnswer, readByFlink, unpackVectors } from './flinks-reader.ts';

for (const line of OLD_FLINK_LINES) {
  await promisify(execFile)('java', ['-cp', await buildOldFlink(line), 'steward.old.Write', VECTORS]).catch(
    ({ stderr }: { readonly stderr?: string }) => {
      throw new Error(`What writes with ${line} has failed:\n${stderr ?? ''}`);
    },
  );
}
const scratch = await mkdtemp(join(tmpdir(), 'flink-steward-vectors-'));
await unpackVectors(scratch);
for (const answer of await readByFlink(await buildFlink('flink-2'), scratch)) {
  const directory = dirname(answer.file);
  const name = basename(directory);
  const expected = expectedOf(answer, directory, `s3://vectors/${name}`);
  await writeFile(join(VECTORS, `${name}.expected.json`), `${JSON.stringify(expected, null, 1)}\n`);
}
await rm(scratch, { recursive: true });

/** As if Flink had read it in a bucket. */
function expectedOf({ file, ...answer }: FlinkAnswer, directory: string, pointer: string): object {
  if ('error' in answer) return answer;
  const distinctPaths = answer.distinctPaths.map((path) => path.replace(`file:${directory}`, pointer)).sort();
  return { pointer: `${pointer}/_metadata`, ...answer, distinctPaths };
}
