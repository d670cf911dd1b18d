import type { Command } from 'commander';
import { existingLedger, inCharge } from '#cli/under-lease.ts';
import { Area } from '#core/area/area.ts';
import { findPin, pin, unpin } from '#operations/ledger/declarations.ts';
import { readState, updateState } from '#operations/ledger/state.ts';
import { type FoundRoot, findRoot } from '#operations/look/find-root.ts';
import { type AreaOptions, addAreaOptions, type PreparedArea, prepareArea } from '../area-options.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { nextCommand } from '../next-command.ts';
import { printStatement, type StatementOptions } from '../print/statement.ts';

interface PinOptions extends AreaOptions, StatementOptions {
  readonly why?: string;
}

export function addPin(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('pin')
      .summary('keep a checkpoint or savepoint, whatever the policy says')
      .description(
        'A pinned checkpoint or savepoint is never retired, and all that it names is kept. Without --execute it only says what it would do.',
      )
      .argument('<root>', 'its path or URL, as "flink run -s" takes it')
      .argument('[location...]', 'the area (default: "area" of steward.json)')
      .option('--why <text>', 'for those who find the pin later')
      .option('--execute', 'do it'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward pin flink/9468946f38e9d60efc7468a374aec04f/chk-42
  steward pin s3://my-bucket/flink/9468946f38e9d60efc7468a374aec04f/chk-42 s3://my-bucket/flink --ledger s3://my-ledger/flink --why "audit of 2027" --execute`,
    )
    .action(async (name: string, places: string[], options: PinOptions) => {
      const prepared = await prepareArea(places, options, io);
      const { url } = await rootNamed(name, prepared);
      const why = options.why ?? null;
      if (options.execute) {
        await inCharge(prepared, { command: 'pin' }, io, ({ ledger }) =>
          updateState(ledger.store, (state) => pin(state, url, why, io.clock())),
        );
      }
      const own = why === null ? [] : ['--why', why];
      printStatement(
        {
          document: { pinned: url, why },
          done: `${url} is pinned: it is not retired, and what it names is kept.`,
          would: `${url} would be pinned: it is not retired then, and what it names is kept.`,
          command: nextCommand(['pin', name], prepared.typed, [...own, '--execute']),
          next: ['Take it back with:', nextCommand(['unpin', url], prepared.typed, ['--execute'])],
        },
        options,
        io,
      );
      finish(STATUS.well);
    });
}

export function addUnpin(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('unpin')
      .summary('take a pin back')
      .description('The checkpoint or savepoint is retired again where the policy says so.')
      .argument('<root>', 'its path or URL, or a part of it that fits one pin only')
      .argument('[location...]', 'the area (default: "area" of steward.json)')
      .option('--execute', 'do it'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward unpin s3://my-bucket/flink/9468946f38e9d60efc7468a374aec04f/chk-42
  steward unpin chk-42 --execute`,
    )
    .action(async (name: string, places: string[], options: PinOptions) => {
      const prepared = await prepareArea(places, options, io);
      const state = await readState((await existingLedger(prepared)).store);
      const found = findPin(state, name);
      if (found === null) {
        const pins = state.pins.map(({ url }) => url);
        throw new UsageError(
          `${name}: no pin, or more than one, fits that name. ${pins.length === 0 ? 'Nothing is pinned.' : `Pinned are: ${pins.join(', ')}`}`,
        );
      }
      if (options.execute) {
        await inCharge(prepared, { command: 'unpin' }, io, ({ ledger }) =>
          updateState(ledger.store, (known) => unpin(known, found.url)),
        );
      }
      printStatement(
        {
          document: { unpinned: found.url },
          done: `${found.url} is no longer pinned.`,
          would: `${found.url} would no longer be pinned.`,
          command: nextCommand(['unpin', found.url], prepared.typed, ['--execute']),
        },
        options,
        io,
      );
      finish(STATUS.well);
    });
}

/** @throws UsageError where there is no root of that name. */
export async function rootNamed(name: string, { input, locations, typed }: PreparedArea): Promise<FoundRoot> {
  const area = new Area(
    input.locations.map((location) => location.area),
    [],
    input.aliases,
  );
  const root = await findRoot(
    area,
    locations.map(({ store }) => store),
    name,
  );
  if (root === null) {
    throw new UsageError(
      `${name}: there is no checkpoint or savepoint of that name in the area. Write its path as "flink run -s" takes it; those of each job are shown by: ${nextCommand(['restore-points'], typed)}`,
    );
  }
  return root;
}
