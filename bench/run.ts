import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchCollecting } from './collecting.ts';
import { benchListing } from './listing.ts';
import { benchReader, printReaderBench } from './reader.ts';

/**
 * All benchmarks. Figures are of this machine at this moment: compare them with each other, not with other runs.
 *
 * usage: npm run bench -- [--quick] [--sizes OBJECTS,OBJECTS…] [--ten-million]
 */

const MEBIBYTE = 1024 * 1024;

const { values } = parseArgs({
  options: {
    /** Small sizes, in a minute or two. */
    quick: { type: 'boolean', default: false },
    /** Objects of the buckets that are listed and planned. */
    sizes: { type: 'string' },
    /** The peak of memory of a plan over ten million objects, too. */
    'ten-million': { type: 'boolean', default: false },
  },
});
const sizes = (values.sizes ?? (values.quick ? '50000' : '200000,1000000')).split(',').map(wholeNumber);

console.log('Reading _metadata files, generated as they are read:');
printReaderBench(values.quick ? benchReader([MEBIBYTE, 32 * MEBIBYTE]) : benchReader());

console.log('\nSurvey and verdicts of a generated bucket (a process each, so that the peak of memory is its own):');
console.table((values.quick ? [100_000] : [100_000, 1_000_000]).map(benchVerdicts));

console.log('\nListing and planning buckets over HTTP:');
await benchListing(sizes);

const most = Math.max(...sizes);
console.log(
  `\nCollecting: two runs over a bucket of ${most.toLocaleString('en-US')} objects, two fifths of them garbage:`,
);
const { runs, requests } = await benchCollecting(most);
console.table(runs);
console.log('Requests of both runs:', requests);

if (values['ten-million']) {
  console.log('\nPeak of memory of steward plan over ten million objects:');
  console.log(outputOf('./memory.ts', '10000000').trim());
}

function benchVerdicts(objects: number): Record<string, number | string> {
  const result = JSON.parse(outputOf('./verdicts.ts', String(objects))) as Record<string, number | string>;
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

function outputOf(script: string, ...args: readonly string[]): string {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawnSync(process.execPath, ['--import', 'tsx', file, ...args], { encoding: 'utf8' });
  if (child.status !== 0) {
    throw new Error(`${script} ${args.join(' ')} failed:\n${child.stderr}`);
  }
  return child.stdout;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    process.stderr.write(`--sizes takes numbers of objects, as 200000,1000000; not ${JSON.stringify(text)}.\n`);
    process.exit(2);
  }
  return Number(text);
}
