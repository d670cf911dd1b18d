import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchBundles } from './bundles.ts';
import { benchCollecting } from './collecting.ts';
import { benchReaders } from './compare-readers.ts';
import { benchListing } from './listing.ts';
import { benchMemory } from './memory.ts';
import { type Row, writePerformancePage } from './performance-page.ts';
import { buildCommand } from './plan-once.ts';
import { benchReader, printReaderBench } from './reader.ts';
import { benchWorkers } from './workers.ts';

/**
 * All benchmarks. Figures are of this machine at this moment: compare them with each other, not with other runs.
 *
 * usage: npm run bench -- [--quick] [--sizes OBJECTS,OBJECTS…] [--memory-sizes OBJECTS,OBJECTS…]
 *   [--only PART,PART…] [--write]
 */

const MEBIBYTE = 1024 * 1024;
const PARTS = ['reader', 'verdicts', 'names', 'listing', 'collecting', 'bundles', 'memory', 'workers'] as const;

const { values } = parseArgs({
  options: {
    /** Small sizes, in a minute or two. */
    quick: { type: 'boolean', default: false },
    /** Objects of the buckets that are listed and planned. */
    sizes: { type: 'string' },
    /** Objects of the buckets of which the peak of memory is told. Ten million take minutes. */
    'memory-sizes': { type: 'string' },
    /** Some of the parts in place of all. */
    only: { type: 'string' },
    /** Puts the tables of docs/performance.md there, too. */
    write: { type: 'boolean', default: false },
  },
});
const only = values.only === undefined ? undefined : partsOf(values.only);
const sizes = sizesOf('sizes', values.sizes ?? (values.quick ? '50000' : '200000,1000000'));
const memorySizes = sizesOf('memory-sizes', values['memory-sizes'] ?? (values.quick ? '100000' : '1000000,10000000'));

/** The tables of docs/performance.md. */
const tables = new Map<string, readonly Row[]>();

if (wants('reader')) {
  console.log('Reading _metadata files, generated as they are read:');
  printReaderBench(values.quick ? benchReader([MEBIBYTE, 32 * MEBIBYTE]) : benchReader());
  console.log("\nThe same files read by Flink's own reader under JMH, and by the steward's:");
  tables.set('reader', await benchReaders({ quick: values.quick }));
}

if (wants('verdicts')) {
  console.log('\nSurvey and verdicts of a generated bucket (a process each, so that the peak of memory is its own):');
  console.table((values.quick ? [100_000] : [100_000, 1_000_000]).map(benchVerdicts));
}

if (wants('names')) {
  console.log('\nThe rule on names, and the memory that it takes besides the objects:');
  console.table(memorySizes.flatMap((objects) => ['none', 'all'].map((copies) => benchNames(objects, copies))));
}

if (wants('listing')) {
  console.log('\nListing and planning buckets over HTTP:');
  const { lists, plans } = await benchListing(sizes);
  tables.set('listing', lists).set('plan', plans);
}

if (wants('collecting')) {
  buildCommand();
  const most = Math.max(...sizes);
  console.log(
    `\nCollecting: two runs over a bucket of ${most.toLocaleString('en-US')} objects, two fifths of them garbage:`,
  );
  const { runs, requests } = await benchCollecting(most);
  console.table(runs);
  console.log('Requests of both runs:', requests);
}

if (wants('bundles')) {
  console.log();
  tables.set('bundles', await benchBundles());
}

if (wants('memory')) {
  console.log(
    '\nPeak of memory of the whole steward plan, its verdicts and its plan written to files, without and with a replica:',
  );
  buildCommand();
  const peaks: Row[] = [];
  for (const objects of memorySizes) {
    peaks.push({ ...(await benchMemory(objects)) }, { ...(await benchMemory(objects, true)) });
  }
  console.table(peaks);
  tables.set('memory', peaks);
}

if (wants('workers')) {
  console.log('\nWhat the main thread would gain from worker threads:');
  tables.set('workers', benchWorkers());
}

if (values.write) writePerformancePage(tables);

function wants(part: (typeof PARTS)[number]): boolean {
  return only === undefined || only.includes(part);
}

function partsOf(text: string): readonly string[] {
  const parts = text.split(',');
  if (parts.some((part) => !(PARTS as readonly string[]).includes(part))) {
    process.stderr.write(`--only takes some of ${PARTS.join(', ')}; not ${JSON.stringify(text)}.\n`);
    process.exit(2);
  }
  return parts;
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
