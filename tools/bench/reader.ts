import { fileURLToPath } from 'node:url';
import { MetadataParser } from '#core/flink/metadata/metadata-parser.ts';
import { fileHeavyMetadata, inlineHeavyMetadata, type LargeMetadata } from '#test/support/large-metadata.ts';

const MEBIBYTE = 1024 * 1024;
const SIZES = [1, 32, 256, 1024].map((mebibytes) => mebibytes * MEBIBYTE);
/** Small files are read again until they have taken this long, so that the clock can tell. */
const LEAST_SECONDS = 0.5;

export interface ReaderMeasurement {
  readonly state: 'inline' | 'files';
  readonly fileBytes: number;
  /** How often the file was read. */
  readonly rounds: number;
  readonly seconds: number;
  readonly megabytesPerSecond: number;
  readonly referencesPerSecond: number;
  /** The highest so far of the whole process, in bytes. */
  readonly peakResidentBytes: number;
}

/**
 * Measures the `_metadata` reader on files of 1 MiB to 1 GiB, once with inline state (which it passes over) and once
 * with file state (which it hands on). The files are generated as they are read, in chunks of 64 KiB.
 */
export function benchReader(sizes: readonly number[] = SIZES): ReaderMeasurement[] {
  readFor(fileHeavyMetadata(MEBIBYTE), LEAST_SECONDS);
  return sizes.flatMap((bytes) => [
    measure('inline', inlineHeavyMetadata(bytes)),
    measure('files', fileHeavyMetadata(bytes)),
  ]);
}

function measure(state: ReaderMeasurement['state'], file: LargeMetadata): ReaderMeasurement {
  const { rounds, seconds } = readFor(file, LEAST_SECONDS);
  return {
    state,
    fileBytes: file.bytes,
    rounds,
    seconds,
    megabytesPerSecond: (rounds * file.bytes) / seconds / 1e6,
    referencesPerSecond: (rounds * file.references) / seconds,
    peakResidentBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function readFor(file: LargeMetadata, leastSeconds: number): { rounds: number; seconds: number } {
  const begin = process.hrtime.bigint();
  for (let rounds = 1; ; rounds += 1) {
    read(file);
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
    if (seconds >= leastSeconds) {
      return { rounds, seconds };
    }
  }
}

function read(file: LargeMetadata): void {
  let stateBytes = 0n;
  const parser = new MetadataParser(
    {
      reference({ bytes }) {
        stateBytes += bytes;
      },
    },
    { fileBytes: file.bytes },
  );
  for (const chunk of file.chunks()) {
    parser.write(chunk);
  }
  const { references, inlineBytes } = parser.end();
  if (references !== file.references || inlineBytes !== BigInt(file.inlineBytes) || stateBytes < 0n) {
    throw new Error(`The reader found ${references} references where the file was made with ${file.references}.`);
  }
}

export function printReaderBench(measurements: readonly ReaderMeasurement[]): void {
  console.table(
    measurements.map((measurement) => ({
      state: measurement.state,
      'file MiB': Math.round(measurement.fileBytes / MEBIBYTE),
      'MB/s': Math.round(measurement.megabytesPerSecond),
      'references/s': Math.round(measurement.referencesPerSecond),
      'peak RSS MiB': Math.round(measurement.peakResidentBytes / MEBIBYTE),
    })),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  printReaderBench(benchReader());
}
