import type { Command } from 'commander';
import { pinRoot, unpinRoot } from '#steward/declarations.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { requireLedger } from '../choose-ledger.ts';
import { STATUS, type Status } from '../errors.ts';
import type { Io } from '../io.ts';
import { nextCommand } from '../next-command.ts';
import { namesOf } from '../object-names.ts';
import { prepareArea } from '../prepare-area.ts';
import { addBrakeOptions, type BrakeOptions, printStatement, type StatementOptions } from '../print/declaration.ts';
import { withAdvice } from '../refusals.ts';

interface PinOptions extends AreaOptions, BrakeOptions {
  readonly why?: string;
}

type UnpinOptions = AreaOptions & StatementOptions;

export function addPin(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    addBrakeOptions(
      program
        .command('pin')
        .summary('keep a checkpoint or savepoint regardless of the policy')
        .description(
          'A pinned checkpoint or savepoint is never retired, and every file that it references is kept. It acts at once, because a pin only ever keeps more.',
        )
        .argument(
          '<root>',
          'its path or URL, as for "flink run -s"; also the end of its path (chk-42), or a directory with no other checkpoint',
        )
        .argument('[location...]', 'the area (default: "area" of steward.json)')
        .option('--why <text>', 'the reason, shown to anyone who finds the pin later'),
    ),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward pin flink/9468946f38e9d60efc7468a374aec04f/chk-42
  steward pin s3://my-bucket/flink/9468946f38e9d60efc7468a374aec04f/chk-42 s3://my-bucket/flink --ledger s3://my-ledger/flink --why "audit of 2027"`,
    )
    .action(async (name: string, places: string[], options: PinOptions) => {
      const prepared = await prepareArea(places, options, io);
      const why = options.why ?? null;
      const names = await namesOf(name, prepared, io.cwd);
      const execute = options.dryRun !== true;
      const { url, retiredBy } = await withAdvice(prepared.typed, () =>
        pinRoot(requireLedger(prepared.steward), names, why, { execute }),
      );
      const own = why === null ? [] : ['--why', why];
      printStatement(
        {
          document: { pinned: url, why, ...(retiredBy === null ? {} : { retiredBy }) },
          done: `${url} is pinned: it will not be retired, and the files that it references are kept.${late(retiredBy)}`,
          would: `${url} would be pinned: it would not be retired, and the files that it references would be kept.`,
          executed: execute,
          command: nextCommand(['pin', name], prepared.typed, own),
          next:
            retiredBy === null
              ? ['To remove the pin:', nextCommand(['unpin', url], prepared.typed, ['--execute'])]
              : ['To put it back:', nextCommand(['undo', retiredBy], prepared.typed, ['--execute'])],
        },
        options,
        io,
      );
      finish(retiredBy === null ? STATUS.well : STATUS.findings);
    });
}

function late(retiredBy: string | null): string {
  return retiredBy === null
    ? ''
    : ` Run ${retiredBy} had begun to retire it before the pin. If it no longer exists, put it back: then it is kept.`;
}

export function addUnpin(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('unpin')
      .summary('remove a pin')
      .description('After that, the policy can retire the checkpoint or savepoint again.')
      .argument('<root>', 'its path or URL, or a part of it that matches one pin only')
      .argument('[location...]', 'the area (default: "area" of steward.json)')
      .option('--execute', 'do it; without it this is a dry run'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward unpin s3://my-bucket/flink/9468946f38e9d60efc7468a374aec04f/chk-42
  steward unpin chk-42 --execute`,
    )
    .action(async (name: string, places: string[], options: UnpinOptions) => {
      const prepared = await prepareArea(places, options, io);
      const found = await withAdvice(prepared.typed, () =>
        unpinRoot(requireLedger(prepared.steward), name, { execute: options.execute === true, command: 'unpin' }),
      );
      printStatement(
        {
          document: { unpinned: found.url },
          done: `${found.url} is no longer pinned.`,
          would: `${found.url} would no longer be pinned.`,
          executed: options.execute === true,
          command: nextCommand(['unpin', found.url], prepared.typed, ['--execute']),
        },
        options,
        io,
      );
      finish(STATUS.well);
    });
}
