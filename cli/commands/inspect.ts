import type { Command } from 'commander';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import type { UnresolvableError } from '#steward/expected-errors.ts';
import { inspectFile } from '#steward/inspect.ts';
import type { BucketConnection } from '#steward/open-area.ts';
import { knownBucket } from '../area-entries.ts';
import { addStoreOptions } from '../area-options.ts';
import { configOf } from '../config-of.ts';
import { connectionOf } from '../connection.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { printInspection } from '../print/inspect.ts';
import { complain } from '../print/stderr.ts';
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
        'Reads one _metadata file (format versions 2 to 6) to its last byte and prints what it references. The exit status is 3 for a file that Flink would refuse, or that has bytes after its end; what could be read of it is printed.',
      )
      .argument('<file>', 'a _metadata file or object, or the directory of a checkpoint or savepoint')
      .option('--base <url>', 'the directory against which relative paths are resolved (default: that of the file)'),
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
      const { json: _, base, ...typed } = options;
      const connection = connectionOf({ ...(await configuredConnection(name, io)), ...typed }, io);
      const outcome = await inspectFile(name, { base, cwd: io.cwd, connection, signal: io.signal });
      if (outcome === null) {
        throw new UsageError(
          `${name}: there is no such file. Give a _metadata file, or the directory that contains it.`,
        );
      }
      const { error, read } = outcome;
      if (error === null) {
        io.out(options.json ? `${JSON.stringify(read, null, 2)}\n` : printInspection(read, name, io));
        finish(STATUS.well);
        return;
      }
      if (options.json) {
        const failure = { ...describeFailure(error), status: STATUS.undecidable };
        io.out(`${JSON.stringify({ error: failure, read }, null, 2)}\n`);
      } else if (read.checkpointId !== null) {
        io.out(printInspection(read, name, io, error instanceof MetadataError ? error.offset : null));
      }
      complain(printable(`${name}: ${error.message.replace(/\.$/, '')}. ${consequence(error)}`), io);
      finish(STATUS.undecidable);
    });
}

/** How steward.json says that the bucket of an object is reached. */
async function configuredConnection(name: string, io: Io): Promise<BucketConnection> {
  if (!/^s3[anp]?:\/\//.test(name)) return {};
  const known = knownBucket(name, await configOf(undefined, io));
  if (known?.kind !== 's3') return {};
  const { kind: _, url: _url, ...settings } = known;
  return settings;
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

/** Whether the file can be restored from. Flink restores nothing from a file that it cannot parse completely. */
function consequence(error: MetadataError | UnresolvableError): string {
  switch (error instanceof MetadataError ? error.code : 'unresolvable-path') {
    case 'unsupported-version':
      return 'Only a Flink version that knows this format can restore from it.';
    case 'trailing-bytes':
      return 'Flink ignores these bytes and may restore from it.';
    case 'too-deep':
      return 'It is not known whether Flink can restore from it.';
    default:
      return 'Nothing can be restored from it in this state.';
  }
}
