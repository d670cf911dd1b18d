import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { scanListPage } from '#adapters/s3/list-page-scanner.ts';
import { MetadataParser } from '#core/flink/metadata/metadata-parser.ts';
import { parseMetadata } from '#core/flink/metadata/read-metadata.ts';
import { fileHeavyMetadata } from '#test/support/large-metadata.ts';
import { hexDigits } from '#tools/embedded-s3/hex-digits.ts';
import type { Row } from './performance-page.ts';

/**
 * What the main thread would gain from worker threads: what it takes to do a piece of work there, against what it takes
 * to receive the result from another thread.
 */

const KEYS = 1_000;
const METADATA_BYTES = 1024 * 1024;
const ROUNDS = 9;
const ROUND_MILLISECONDS = 200;

/** Prints and gives what it finds. */
export function benchWorkers(): readonly Row[] {
  const page = Buffer.from(pageOfKeys());
  const objects = [...scanListPage(page).objects];
  const metadata = Buffer.concat([...fileHeavyMetadata(METADATA_BYTES).chunks()].map((chunk) => Buffer.from(chunk)));
  const { references } = parseMetadata(metadata);
  const rows = [
    row(
      `a page of ${KEYS.toLocaleString('en-US')} keys`,
      () => {
        scanListPage(page);
      },
      () => objects,
      page.length,
    ),
    row(
      `_metadata with ${references.length.toLocaleString('en-US')} references`,
      () => {
        const parser = new MetadataParser({ reference: () => undefined }, { fileBytes: metadata.length });
        parser.write(metadata);
        parser.end();
      },
      () => references,
      metadata.length,
    ),
  ];
  console.table(rows);
  return rows;
}

function row(what: string, work: () => undefined, result: () => unknown, bytes: number): Row {
  const here = leastTime(work);
  const received = leastTime(receiving(result));
  const transferred = leastTime(receiving(() => new ArrayBuffer(bytes / 4)));
  return {
    work: what,
    'done here, µs': here,
    'result received as objects, µs': received,
    'as one buffer, µs': transferred,
  };
}

/** Sends it to this very thread: the sender's part is another thread's otherwise, so only receiving is timed. */
function receiving(result: () => unknown): () => number {
  const { port1, port2 } = new MessageChannel();
  return () => {
    const value = result();
    port1.postMessage(value, value instanceof ArrayBuffer ? [value] : []);
    const begin = performance.now();
    receiveMessageOnPort(port2);
    return performance.now() - begin;
  };
}

/** Microseconds of the best round. @param act may say how many milliseconds of it count */
function leastTime(act: () => number | undefined): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    let counted = 0;
    let times = 0;
    for (; performance.now() - begin < ROUND_MILLISECONDS; times++) {
      const from = performance.now();
      counted += act() ?? performance.now() - from;
    }
    least = Math.min(least, counted / times);
  }
  return Math.round(least * 1_000);
}

function pageOfKeys(): string {
  const contents = Array.from({ length: KEYS }, (_, number) => {
    const key = `flink/checkpoints/euw1/0f6b7d1f4f0b4b0c9a3d2e1c5b6a7988/shared/${hexDigits(number)}-9d3f-4a6b-8c7d-c1b5a0e29d3f`;
    return `<Contents><Key>${key}</Key><LastModified>2027-01-01T00:00:00.000Z</LastModified><ETag>&quot;${hexDigits(number).repeat(4)}&quot;</ETag><Size>67108864</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>my-bucket</Name><Prefix></Prefix><KeyCount>${KEYS}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  benchWorkers();
}
