import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Command } from 'commander';
import { decodeText } from '#config/decode-text.ts';
import { pinRoot, unpinRoot } from '#steward/declarations.ts';
import { type PinnedList, pinList, readPinList, type StartPath, type StartPaths } from '#steward/pin-several.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { requireLedger } from '../choose-ledger.ts';
import { dryRunOption } from '../dry-run-option.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { nextCommand } from '../next-command.ts';
import { namesOf } from '../object-names.ts';
import { prepareArea } from '../prepare-area.ts';
import { addBrakeOptions, type BrakeOptions, printStatement, type StatementOptions } from '../print/declaration.ts';
import { printPinnedList } from '../print/pinned-list.ts';
import { answered } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';
import { systemFailure } from '../system-failure.ts';
import { yesOption } from '../yes-option.ts';

interface PinOptions extends AreaOptions, BrakeOptions {
  readonly why?: string;
  readonly from?: string;
}

type UnpinOptions = AreaOptions & StatementOptions;

export function addPin(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    addAreaOptions(
      addBrakeOptions(
        program
          .command('pin')
          .summary('keep a checkpoint or savepoint regardless of the policy')
          .description(
            'A pinned checkpoint or savepoint is never retired, and every file that it references is kept. It acts at once, because a pin only ever keeps more.',
          )
          .argument(
            '[root-or-location...]',
            'its path or URL, as for "flink run -s"; also the end of its path (chk-42, 9468946f/chk-42), or a directory with no other checkpoint; then the area (default: "area" of steward.json)',
          )
          .option(
            '--from <file>',
            'in place of ROOT: pin all that a file names, one path a line, or as "kubectl get flinkdeployment,flinkstatesnapshot -o json" prints it; - is stdin',
          )
          .option('--why <text>', 'the reason, shown to anyone who finds the pin later'),
      ),
    ),
    { words: 1, options: ['from', 'why', 'dryRun', 'execute'] },
  )
    .addHelpText(
      'after',
      `
Examples:
  steward pin flink/9468946f38e9d60efc7468a374aec04f/chk-42
  steward pin s3://my-bucket/flink/9468946f38e9d60efc7468a374aec04f/chk-42 s3://my-bucket/flink --ledger s3://my-ledger/flink --why "audit of 2027"
  kubectl get flinkdeployment,flinksessionjob,flinkstatesnapshot -A -o json | steward pin --from -`,
    )
    .action(async (words: string[], options: PinOptions) => {
      if (options.from !== undefined) {
        finish(await pinAll(options.from, words, options, io));
        return;
      }
      const [name, ...places] = words;
      if (name === undefined) {
        throw new UsageError(
          'No checkpoint or savepoint was given. Write its path before the locations, or --from FILE to pin all that a file names. To list the restore points: steward restore-points',
        );
      }
      const typed = { places, options };
      const why = options.why ?? null;
      const execute = options.dryRun !== true;
      const event = { action: 'pin', root: name, why: options.why, dryRun: !execute } as const;
      const pinned = await answered(typed, event, io, async () => {
        const prepared = await prepareArea(places, options, io);
        return await pinRoot(requireLedger(prepared.steward), await namesOf(name, prepared, io.cwd), why, { execute });
      });
      if (!('url' in pinned)) return;
      const { url, retiredBy } = pinned;
      const own = why === null ? [] : ['--why', why];
      printStatement(
        {
          document: { pinned: url, why, ...(retiredBy === null ? {} : { retiredBy }) },
          done: `${url} is pinned: it will not be retired, and the files that it references are kept.${late(retiredBy)}`,
          would: `${url} would be pinned: it would not be retired, and the files that it references would be kept.`,
          executed: execute,
          command: nextCommand(['pin', name], typed, own),
          next:
            retiredBy === null
              ? ['To remove the pin:', nextCommand(['unpin', url], typed, ['--execute'])]
              : ['To put it back:', nextCommand(['undo', retiredBy], typed, ['--execute'])],
        },
        options,
        io,
      );
      finish(retiredBy === null ? STATUS.well : STATUS.findings);
    });
}

async function pinAll(file: string, places: readonly string[], options: PinOptions, io: Io): Promise<Status> {
  const source = file === '-' ? 'stdin' : file;
  const list = readPinList(decodeText(await readInput(file, io), source), source);
  if (list.paths.length + list.unresolved.length === 0) {
    throw new UsageError(
      `${source} names no checkpoint or savepoint, so nothing was pinned. Write one path a line, or what this prints: kubectl get flinkdeployment,flinksessionjob,flinkstatesnapshot -A -o json`,
    );
  }
  const typed = { places, options };
  const execute = options.dryRun !== true;
  const why = options.why ?? null;
  const from = list.paths.map(({ path }) => path);
  const event = { action: 'pin', from, why: options.why, dryRun: !execute } as const;
  const answer = await answered(typed, event, io, async () => {
    const prepared = await prepareArea(places, options, io);
    const readings = (path: string) => namesOf(path, prepared, io.cwd);
    return await pinList(requireLedger(prepared.steward), list, why, { execute }, readings);
  });
  if ('url' in answer) return STATUS.well;
  const pinned = { ...withSources(answer, list), unresolved: list.unresolved };
  const document = {
    ...pinned,
    pinned: pinned.pinned.map(({ retiredBy, ...one }) => ({ ...one, ...(retiredBy === null ? {} : { retiredBy }) })),
    why,
    executed: execute,
  };
  io.out(options.json ? `${JSON.stringify(document, null, 2)}\n` : printPinnedList(pinned, { execute, typed }, io));
  const isLate = pinned.pinned.some(({ retiredBy }) => retiredBy !== null);
  return isLate || pinned.missing.length + pinned.unresolved.length > 0 ? STATUS.findings : STATUS.well;
}

/** A deployment is told the paths alone, and not where in the document each of them stands. */
function withSources(pinned: PinnedList, { paths }: StartPaths): PinnedList {
  const sources = new Map(paths.map(({ path, source }) => [path, source]));
  const sourced = <T extends StartPath>(one: T): T => ({ ...one, source: sources.get(one.path) ?? one.source });
  return {
    ...pinned,
    pinned: pinned.pinned.map(sourced),
    outside: pinned.outside.map(sourced),
    missing: pinned.missing.map(sourced),
  };
}

async function readInput(file: string, { cwd, input }: Io): Promise<Uint8Array> {
  if (file === '-' && input !== undefined) return await buffer(input);
  try {
    return await readFile(resolve(cwd, file));
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${systemFailure(error, 'no such file')}.`, { cause: error });
  }
}

function late(retiredBy: string | null): string {
  return retiredBy === null
    ? ''
    : ` Run ${retiredBy} had begun to retire it before the pin. If it no longer exists, put it back: then it is kept.`;
}

export function addUnpin(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    addAreaOptions(
      program
        .command('unpin')
        .summary('remove a pin')
        .description('After that, the policy can retire the checkpoint or savepoint again.')
        .argument('<root>', 'its path or URL, as for pin, or a part of it that matches one pin only')
        .argument('[location...]', 'the area (default: "area" of steward.json)')
        .option('--execute', 'do it; without it this is a dry run')
        .addOption(dryRunOption())
        .addOption(yesOption()),
    ),
    { words: 1, options: ['execute'] },
  )
    .addHelpText(
      'after',
      `
Examples:
  steward unpin s3://my-bucket/flink/9468946f38e9d60efc7468a374aec04f/chk-42
  steward unpin chk-42 --execute`,
    )
    .action(async (name: string, places: string[], options: UnpinOptions) => {
      const typed = { places, options };
      const execute = options.execute === true;
      const found = await answered(typed, { action: 'unpin', root: name, execute }, io, async () => {
        const prepared = await prepareArea(places, options, io);
        const names = await namesOf(name, prepared, io.cwd);
        return await unpinRoot(requireLedger(prepared.steward), names, { execute, command: 'unpin' });
      });
      printStatement(
        {
          document: { unpinned: found.url },
          done: `${found.url} is no longer pinned.`,
          would: `${found.url} would no longer be pinned.`,
          executed: execute,
          command: nextCommand(['unpin', found.url], typed, ['--execute']),
        },
        options,
        io,
      );
      finish(STATUS.well);
    });
}
