import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { urlPath } from '#adapters/open-area.ts';
import { MetadataError } from '#core/flink/metadata/metadata-error.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { type FlinkPath, parseFlinkPath } from '#core/flink/state-path.ts';
import { inspect, UnresolvableError } from '#operations/inspect.ts';
import { addCommonOptions } from '../area-options.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { printInspection } from '../print/inspect.ts';
import { printable } from '../print/text.ts';

interface InspectOptions {
  readonly base?: string;
  readonly json?: true;
}

export function addInspect(program: Command, io: Io, finish: (status: Status) => void): void {
  addCommonOptions(
    program
      .command('inspect')
      .summary('one _metadata file, parsed')
      .description(
        'Reads one _metadata of Flink (format versions 2 to 6) to its last byte and prints what it names. What Flink refuses, and a file with bytes left over, ends with status 3.',
      )
      .argument('<file>', 'a _metadata file, or the directory of a checkpoint or savepoint')
      .option('--base <url>', 'the directory that relative paths resolve against (default: that of the file)'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward inspect chk-34/_metadata
  steward inspect chk-34 --base s3://my-bucket/flink/checkpoints/…/chk-34 --json | jq -r '.references[].resolved'`,
    )
    .action(async (name: string, options: InspectOptions) => {
      if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(name)) {
        throw new UsageError(
          `${name}: this version reads local files only. Copy it first (aws s3 cp), then inspect the copy, with --base for the directory it came from.`,
        );
      }
      const file = await metadataFile(name, io.cwd);
      const directory = options.base === undefined ? directoryOf(file) : urlPath(options.base, '--base');
      const outcome = await new LocalDirectory(dirname(file)).read(basename(file));
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
          io.out(`${JSON.stringify({ error: describeFailure(error) }, null, 2)}\n`);
        }
        io.err(`${printable(`${name}: ${error.message}`)}\n`);
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
