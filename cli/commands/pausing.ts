import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { foreignMarking, writersOf } from '#cli/under-lease.ts';
import { shellWord } from '#core/shell-word.ts';
import { pause, resume } from '#operations/ledger/declarations.ts';
import { openLedger, openOrCreateLedger } from '#operations/ledger/ledger.ts';
import { mark } from '#operations/ledger/marker.ts';
import { updateState } from '#operations/ledger/state.ts';
import { markingsOf } from '#operations/run/lease-area.ts';
import { markedLocations } from '#operations/run/run.ts';
import { type AreaOptions, addAreaOptions, type PreparedArea, prepareArea } from '../area-options.ts';
import { requireLedger } from '../choose-ledger.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { nextCommand } from '../next-command.ts';
import { printStatement } from '../print/statement.ts';

interface PauseOptions extends AreaOptions {
  readonly why?: string;
  readonly takeOver?: true;
  readonly execute?: true;
}

/** Of a ledger that is not there yet; no marker bears it. */
const NO_LEDGER = '';

export function addPause(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('pause')
      .summary('stop all deleting, also of a run that is under way')
      .description(
        'No run of this ledger deletes or retires anything until "steward resume". A run that is deleting now stops before its next look at the roots, half a minute later at most. Looking, planning and quarantine go on.',
      )
      .argument('[location...]', 'the area (default: "area" of steward.json)')
      .option('--why <text>', 'for those who find it paused')
      .option('--execute', 'do it'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward pause --execute
  steward pause s3://my-bucket/flink --ledger s3://my-ledger/flink --why "migration of orders" --execute`,
    )
    .action(async (places: string[], options: PauseOptions) => {
      const prepared = await prepareArea(places, options, io);
      const { typed } = prepared;
      const store = requireLedger(prepared.ledger);
      await refuseForeign(
        prepared,
        (place) => `A pause here would stop nobody; pause that one: --ledger ${shellWord(place)}`,
      );
      // Without the lease: it is to reach a run that holds it.
      if (options.execute) {
        await openOrCreateLedger(store, randomUUID(), io.clock());
        await updateState(store, (state) => pause(state, options.why ?? '', io.clock()));
      }
      const own = options.why === undefined ? [] : ['--why', options.why];
      printStatement(
        {
          document: { paused: true },
          done: 'Deleting is paused.',
          would: 'Deleting would be paused.',
          command: nextCommand(['pause'], typed, [...own, '--execute']),
          next: ['Go on with:', nextCommand(['resume'], typed, ['--execute'])],
        },
        options,
        io,
      );
      finish(STATUS.well);
    });
}

export function addResume(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('resume')
      .summary('allow deleting again')
      .description(
        'Ends a pause, also one that a missing ledger has set: this ledger then looks after the area. With --take-over it takes the area from another ledger that is gone for good.',
      )
      .argument('[location...]', 'the area (default: "area" of steward.json)')
      .option('--take-over', 'from another ledger, which must not be used any more')
      .option('--execute', 'do it'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward resume --execute
  steward resume s3://my-bucket/flink --ledger s3://my-new-ledger/flink --take-over --execute`,
    )
    .action(async (places: string[], options: PauseOptions) => {
      const prepared = await prepareArea(places, options, io);
      const { typed } = prepared;
      const store = requireLedger(prepared.ledger);
      if (options.takeOver !== true) {
        const again = nextCommand(['resume'], typed, ['--take-over', '--execute']);
        await refuseForeign(
          prepared,
          () => `Use that one, or if it is gone for good, with its pins and retired checkpoints: ${again}`,
        );
      }
      if (options.execute) {
        const ledger = await openOrCreateLedger(store, randomUUID(), io.clock());
        const locations = markedLocations(prepared.input.locations, await writersOf(prepared));
        for (const marking of await markingsOf(locations, ledger)) {
          await mark(marking, ledger, io.clock());
        }
        await updateState(store, resume);
      }
      printStatement(
        {
          document: { paused: false },
          done: 'Deleting is allowed again, by the next run.',
          would: 'Deleting would be allowed again.',
          command: nextCommand(['resume'], typed, [...(options.takeOver ? ['--take-over'] : []), '--execute']),
          next: ['See what it would do:', nextCommand(['collect'], typed)],
        },
        options,
        io,
      );
      finish(STATUS.well);
    });
}

/** @throws UsageError where another ledger looks after a location. */
async function refuseForeign(prepared: PreparedArea, advice: (place: string) => string): Promise<void> {
  const store = requireLedger(prepared.ledger);
  const foreign = await foreignMarking(prepared, (await openLedger(store)) ?? { store, id: NO_LEDGER });
  if (foreign !== null) {
    throw new UsageError(
      `${foreign.location.name} is looked after by another ledger, ${foreign.place}, since ${foreign.since}. Nothing is changed. ${advice(foreign.place)}`,
    );
  }
}
