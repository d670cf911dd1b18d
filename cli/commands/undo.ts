import type { Command } from 'commander';
import { openProbe } from '#steward/open-probe.ts';
import { isEmpty, type UndoPlan, type UndoResult, undoNamed } from '#steward/undo.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { requireLedger } from '../choose-ledger.ts';
import { dryRunOption } from '../dry-run-option.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { nextCommand } from '../next-command.ts';
import { prepareArea } from '../prepare-area.ts';
import { printUndo } from '../print/undo.ts';
import { answered, isStarted } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';
import { follow } from '../stack/follow.ts';
import { yesOption } from '../yes-option.ts';

interface UndoOptions extends AreaOptions {
  readonly execute?: true;
}

export function addUndo(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    addAreaOptions(
      program
        .command('undo')
        .summary('put back what a run retired or deleted, as far as possible')
        .description(
          'Puts back checkpoints and savepoints that a run retired, with their original completion time, as long as their files still exist. Puts back deleted objects if the bucket keeps versions. Without --execute, shows what can be put back and what cannot.',
        )
        .argument(
          '<run>',
          'the name of the run, as "steward history" shows it, or the beginning of it (four characters or more)',
        )
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
  steward undo 20270301T093100000Z-81b2e s3://my-bucket/flink --ledger s3://my-ledger/flink
  steward undo 20270301T093100000Z-81b2e s3://my-bucket/flink --ledger s3://my-ledger/flink --execute`,
    )
    .action(async (name: string, places: string[], options: UndoOptions) => {
      const typed = { places, options };
      const execute = options.execute === true;
      const answer = await answered(typed, { action: 'undo', run: name, execute }, io, async () => {
        const prepared = await prepareArea(places, options, io);
        const steward = requireLedger(prepared.steward);
        const probes = execute ? await Promise.all(steward.locations.map(openProbe)) : [];
        return await undoNamed(steward, name, { execute, command: 'undo', probes }).finally(prepared.endProgress);
      });
      if (isStarted(answer)) {
        finish(await follow(options.stack ?? '', answer, typed, io));
        return;
      }
      const { undone, plan, result } = answer;
      if (isEmpty(plan)) {
        throw new UsageError(
          `${undone}: this run has nothing to undo. It retired and deleted nothing, or it was undone before. To list all runs: ${nextCommand(['history'], typed)}`,
        );
      }
      io.out(
        options.json
          ? `${JSON.stringify(viewOf(plan, result), null, 2)}\n`
          : printUndo({ run: undone, plan, result }, typed, io),
      );
      const lost = result?.lost ?? [...plan.lost, ...plan.roots.filter(({ why }) => why !== null)];
      finish(lost.length > 0 ? STATUS.findings : STATUS.well);
    });
}

function viewOf(plan: UndoPlan, result: UndoResult | null): object {
  return {
    executed: result !== null,
    roots: plan.roots.map(({ entry, swept, why, unverified }) => ({
      url: entry.url,
      completed: entry.completed,
      comesBack: why === null,
      why,
      files: swept.length,
      unverified,
    })),
    objects: plan.objects.map(({ url }) => url),
    restoredRoots: result?.restoredRoots ?? [],
    restoredObjects: result?.restoredObjects ?? 0,
    lost: result?.lost ?? plan.lost,
  };
}
