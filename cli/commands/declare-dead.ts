import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Declaring, declareJobDead, declareRootDead } from '#steward/declarations.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { requireLedger } from '../choose-ledger.ts';
import { dryRunOption } from '../dry-run-option.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { nextCommand } from '../next-command.ts';
import { namesOf } from '../object-names.ts';
import { prepareArea } from '../prepare-area.ts';
import { printStatement } from '../print/declaration.ts';
import { answered } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';
import { yesOption } from '../yes-option.ts';

interface DeclareOptions extends AreaOptions {
  readonly root?: string;
  readonly etag?: string;
  readonly execute?: true;
}

/**
 * Whether a word is a location, which shows that the job before it was left out. Labels have slashes too, so a path is one
 * only where it leads somewhere.
 */
function isLocation(word: string, cwd: string): boolean {
  return /^[A-Za-z][\w+.-]*:\/\/|^[./]/.test(word) || (/[/\\]/.test(word) && existsSync(resolve(cwd, word)));
}

export function addDeclareDead(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    addAreaOptions(
      program
        .command('declare-dead')
        .summary('declare that a job has ended for good, or that a root is useless')
        .description(
          'Declares that a job has ended for good: its unreferenced files are deleted after quarantine without waiting for another checkpoint, and its checkpoints are kept. The declaration lapses when the job writes anything new. With --root and --etag, declares one unreadable checkpoint or savepoint dead, so that it no longer blocks deletion.',
        )
        .argument(
          '[job-or-location...]',
          'the job (its id, the first digits of its id, at least four, or its label), then the area (default: "area" of steward.json)',
        )
        .option('--root <root>', 'a checkpoint or savepoint that cannot be read')
        .option('--etag <etag>', 'the ETag of its _metadata, as the message about it shows')
        .option('--execute', 'do it; without it this is a dry run')
        .addOption(dryRunOption())
        .addOption(yesOption()),
    ),
    { words: 1, options: ['root', 'etag', 'execute'] },
  )
    .addHelpText(
      'after',
      `
Examples:
  steward declare-dead 9468946f38e9d60efc7468a374aec04f --execute
  steward declare-dead 9468946f s3://my-bucket/flink --ledger s3://my-ledger/flink
  steward declare-dead --root s3://my-bucket/flink/chk-7/_metadata --etag 5d41402abc4b2a76b9719d911017c592 --execute`,
    )
    .action(async (words: string[], options: DeclareOptions) => {
      if (options.root === undefined) {
        await declareJob(words, options, io);
      } else {
        await declareRoot(options.root, words, options, io);
      }
      finish(STATUS.well);
    });
}

async function declareJob([job, ...places]: readonly string[], options: DeclareOptions, io: Io): Promise<void> {
  if (job === undefined || (options.stack === undefined && isLocation(job, io.cwd))) {
    throw new UsageError(
      `${job === undefined ? 'No job was given' : `${job} is not a job`}. Write the job id, which is the name of the job directory, or the first digits of it, or the label, before the locations.`,
    );
  }
  const other = places.find((place) => !isLocation(place, io.cwd) && !existsSync(resolve(io.cwd, place)));
  if (other !== undefined && options.stack === undefined) {
    throw new UsageError(
      `${other} is neither a bucket nor a directory that exists. After the job come the locations, and one job is declared dead at a time: for another one run the command again.`,
    );
  }
  const typed = { places, options };
  const event = { action: 'declare-dead', job, execute: options.execute === true } as const;
  const declared = await answered(typed, event, io, async () => {
    const prepared = await prepareArea(places, options, io);
    return await declareJobDead(requireLedger(prepared.steward), job, declaring(options)).finally(prepared.endProgress);
  });
  if (!('job' in declared)) return;
  const { job: id } = declared;
  const lapses = 'The declaration lapses when anything is written into the job directory.';
  printStatement(
    {
      document: { deadJob: id },
      done: `Job ${id} is declared dead. ${lapses}`,
      would: `Job ${id} would be declared dead. ${lapses}`,
      executed: options.execute === true,
      command: nextCommand(['declare-dead', id], typed, ['--execute']),
      next: ['To see the effect:', nextCommand(['audit'], typed)],
    },
    options,
    io,
  );
}

async function declareRoot(name: string, places: readonly string[], options: DeclareOptions, io: Io): Promise<void> {
  const typed = { places, options };
  const event = { action: 'declare-dead', root: name, etag: options.etag, execute: options.execute === true } as const;
  const declared = await answered(typed, event, io, async () => {
    const prepared = await prepareArea(places, options, io);
    const names = await namesOf(name, prepared, io.cwd);
    return await declareRootDead(requireLedger(prepared.steward), names, options.etag, declaring(options));
  });
  if (!('url' in declared)) return;
  const { url, etag } = declared;
  const command = nextCommand(['declare-dead'], typed, ['--root', name, '--etag', etag, '--execute']);
  const kept = 'The files that the readable part of it references are kept.';
  printStatement(
    {
      document: { deadRoot: url, etag },
      done: `${url} is declared dead and no longer blocks deletion. ${kept}`,
      would: `${url} would be declared dead and would no longer block deletion. ${kept}`,
      executed: options.execute === true,
      command,
      next: ['To see the effect:', nextCommand(['audit'], typed)],
    },
    options,
    io,
  );
}

function declaring({ execute }: DeclareOptions): Declaring {
  return { execute: execute === true, command: 'declare-dead' };
}
