import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchBundles } from './bundles.ts';
import { benchCollecting } from './collecting.ts';
import { benchReaders } from './compare-readers.ts';
import { benchListing } from './listing.ts';
import { benchMemory, type MemoryFigures } from './memory.ts';
import { benchReader, printReaderBench } from './reader.ts';

/**
 * All benchmarks. Figures are of this machine at this moment: compare them with each other, not with other runs.
 *
 * usage: npm run bench -- [--quick] [--sizes OBJECTS,OBJECTS…] [--memory-sizes OBJECTS,OBJECTS…]
 */

const MEBIBYTE = 1024 * 1024;

const { values } = parseArgs({
  options: {
    /** Small sizes, in a minute or two. */
    quick: { type: 'boolean', default: false },
    /** Objects of the buckets that are listed and planned. */
    sizes: { type: 'string' },
    /** Objects of the buckets of which the peak of memory is told. Ten million take minutes. */
    'memory-sizes': { type: 'string' },
  },
});
const sizes = sizesOf('sizes', values.sizes ?? (values.quick ? '50000' : '200000,1000000'));
const memorySizes = sizesOf('memory-sizes', values['memory-sizes'] ?? (values.quick ? '100000' : '1000000,10000000'));

console.log('Reading _metadata files, generated as they are read:');
printReaderBench(values.quick ? benchReader([MEBIBYTE, 32 * MEBIBYTE]) : benchReader());

console.log("\nThe same files read by Flink's own reader under JMH, and by the steward's:");
await benchReaders({ quick: values.quick });

console.log('\nSurvey and verdicts of a generated bucket (a process each, so that the peak of memory is its own):');
console.table((values.quick ? [100_000] : [100_000, 1_000_000]).map(benchVerdicts));

console.log('\nThe rule on names, and the memory that it takes besides the objects:');
console.table(memorySizes.flatMap((objects) => ['none', 'all'].map((copies) => benchNames(objects, copies))));

console.log('\nListing and planning buckets over HTTP:');
await benchListing(sizes);

const most = Math.max(...sizes);
console.log(
  `\nCollecting: two runs over a bucket of ${most.toLocaleString('en-US')} objects, two fifths of them garbage:`,
);
const { runs, requests } = await benchCollecting(most);
console.table(runs);
console.log('Requests of both runs:', requests);

console.log();
await benchBundles();

console.log(
  '\nPeak of memory of the whole steward plan, its verdicts and its plan written to files, without and with a replica:',
);
const peaks: MemoryFigures[] = [];
for (const objects of memorySizes) {
  peaks.push(await benchMemory(objects), await benchMemory(objects, true));
}
console.table(peaks);

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

function benchNames(objects: number, copies: string): Record<string, number> {
  return JSON.parse(outputOf('./names.ts', String(objects), copies)) as Record<string, number>;
}

function outputOf(script: string, ...args: readonly string[]): string {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawnSync(process.execPath, ['--import', 'tsx', file, ...args], { encoding: 'utf8' });
  if (child.status !== 0) {
    throw new Error(`${script} ${args.join(' ')} failed:\n${child.stderr}`);
  }
  return child.stdout;
}

function sizesOf(option: string, text: string): readonly number[] {
  if (!/^\d+(,\d+)*$/.test(text)) {
    process.stderr.write(`--${option} takes numbers of objects, as 200000,1000000; not ${JSON.stringify(text)}.\n`);
    process.exit(2);
  }
  return text.split(',').map(Number);
}
