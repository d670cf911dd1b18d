import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchReader, printReaderBench } from './reader.ts';

/** All benchmarks. Figures are of this machine at this moment: compare them with each other, not with other runs. */

const OBJECTS = [100_000, 1_000_000];

console.log('Reading _metadata files, generated as they are read:');
printReaderBench(benchReader());

console.log('\nSurvey and verdicts of a generated bucket (a process each, so that the peak of memory is its own):');
console.table(OBJECTS.map(benchVerdicts));

function benchVerdicts(objects: number): Record<string, number | string> {
  const script = fileURLToPath(new URL('./verdicts.ts', import.meta.url));
  const child = spawnSync(process.execPath, ['--import', 'tsx', script, String(objects)], { encoding: 'utf8' });
  if (child.status !== 0) {
    throw new Error(`The benchmark of ${objects} objects failed:\n${child.stderr}`);
  }
  const result = JSON.parse(child.stdout) as Record<string, number | string>;
  return {
    objects: result.objects ?? '',
    roots: result.roots ?? '',
    references: result.references ?? '',
    'bucket made up, s': result.secondsMakingUpTheBucket ?? '',
    'survey, s': result.secondsSurvey ?? '',
    'verdicts, s': result.secondsJudging ?? '',
    'peak MiB': result.peakMiB ?? '',
    verdicts: result.totals ?? '',
  };
}
