import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { type FlinkPath, parseFlinkPath } from '#core/flink/state-path.ts';
import { inspect, UnresolvableError } from '#operations/report/inspect.ts';
import type { ReadOutcome } from '#ports/object-store.ts';
import { type BucketConnection, openBucket, urlPath } from '#steward/open-area.ts';
import { addStoreOptions } from '../area-options.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { complain } from '../print/complaint.ts';
import { printInspection } from '../print/inspect.ts';
import { printable } from '../print/text.ts';

interface InspectOptions extends BucketConnection {
  readonly base?: string;
  readonly json?: true;
}

export function addInspect(program: Command, io: Io, finish: (status: Status) => void): void {
  addStoreOptions(
    program
      .command('inspect')
      .summary('one _metadata file, parsed')
      .description(
        'Reads one _metadata of Flink (format versions 2 to 6) to its last byte and prints what it names. What Flink refuses, and a file with bytes left over, ends with status 3.',
      )
      .argument('<file>', 'a _metadata file or object, or the directory of a checkpoint or savepoint')
      .option('--base <url>', 'the directory that relative paths resolve against (default: that of the file)'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward inspect chk-34/_metadata
  steward inspect s3://my-bucket/flink/checkpoints/…/chk-34
  steward inspect chk-34 --base s3://my-bucket/flink/checkpoints/…/chk-34 --json | jq -r '.references[].resolved'`,
    )
    .action(async (name: string, options: InspectOptions) => {
      const { outcome, home } = await open(name, options, io);
      const directory = options.base === undefined ? home : urlPath(options.base, '--base');
      if (!outcome.found) {
        throw new UsageError(`${name}: there is no such file. Name a _metadata file, or the directory that holds it.`);
      }
      try {
        const inspection = await inspect(outcome.chunks, directory, outcome.bytes);
        io.out(options.json ? `${JSON.stringify(inspection, null, 2)}\n` : printInspection(inspection, name, io));
        finish(STATUS.well);
      } catch (error) {
        if (!(error instanceof MetadataError || error instanceof UnresolvableError)) {
          throw error;
        }
        if (options.json) {
          const failure = { ...describeFailure(error), status: STATUS.undecidable };
          io.out(`${JSON.stringify({ error: failure }, null, 2)}\n`);
        }
        complain(printable(`${name}: ${error.message.replace(/\.$/, '')}. ${consequence(error)}`), io);
        finish(STATUS.undecidable);
      }
    });
}

function describeFailure(error: MetadataError | UnresolvableError): object {
  return error instanceof MetadataError
    ? {
        code: error.code,
        message: error.message,
        offset: error.offset,
        formatVersion: error.formatVersion,
        referencesRead: error.referencesRead,
      }
    : { code: 'unresolvable-path', message: error.message };
}

/** What the file is good for as it is. Of state that it can't make out in full, Flink restores nothing. */
function consequence(error: MetadataError | UnresolvableError): string {
  switch (error instanceof MetadataError ? error.code : 'unresolvable-path') {
    case 'unsupported-version':
      return 'Only a Flink that knows this format can restore from it.';
    case 'trailing-bytes':
      return 'Flink reads no further and may restore from it, but it is not the file that Flink wrote.';
    case 'too-deep':
      return 'Whether Flink restores from it is not known.';
    default:
      return 'Nothing can be restored from it as it is.';
  }
}

interface Opened {
  readonly outcome: ReadOutcome;
  /** The directory that it lies in. */
  readonly home: FlinkPath;
}

async function open(name: string, connection: BucketConnection, io: Io): Promise<Opened> {
  const [, bucket, key] = /^s3[anp]?:\/\/([^/]+)\/(.+)$/s.exec(name) ?? [];
  if (bucket !== undefined && key !== undefined) return await openObject(name, bucket, key, connection, io);
  if (/^[A-Za-z][A-Za-z0-9+.-]+:\//.test(name)) {
    throw new UsageError(`${name}: name a local file by its path, or an object as s3://bucket/key.`);
  }
  const file = await metadataFile(name, io.cwd);
  return { outcome: await new LocalDirectory(dirname(file)).read(basename(file)), home: directoryOf(file) };
}

/** What is no object may be a directory, which S3 does not know of. */
async function openObject(
  name: string,
  bucket: string,
  key: string,
  connection: BucketConnection,
  { signal }: Io,
): Promise<Opened> {
  const store = await openBucket(bucket, key, name, connection);
  const options = signal === undefined ? {} : { signal };
  const outcome = key.endsWith('/') ? { found: false as const } : await store.read(key, options);
  const home = (object: string): FlinkPath =>
    urlPath(`s3://${bucket}/${object.slice(0, object.lastIndexOf('/') + 1)}`, name);
  if (outcome.found) return { outcome, home: home(key) };
  const inside = `${key.replace(/\/$/, '')}/${METADATA_NAME}`;
  return { outcome: await store.read(inside, options), home: home(inside) };
}

async function metadataFile(name: string, cwd: string): Promise<string> {
  const path = resolve(cwd, name);
  try {
    return (await stat(path)).isDirectory() ? join(path, METADATA_NAME) : path;
  } catch {
    // Whatever is wrong with it, reading will say it better.
    return path;
  }
}

function directoryOf(file: string): FlinkPath {
  return parseFlinkPath(`file://${dirname(file)}`) ?? { scheme: 'file', authority: null, path: dirname(file) };
}
