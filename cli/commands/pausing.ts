import type { Command } from 'commander';
import type { StewardConfig } from '#config/steward-config.ts';
import { shellWord } from '#core/shell-word.ts';
import { type MarkerAbove, pauseDeleting, resumeDeleting } from '#steward/declarations.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { awsReach } from '../aws-reach.ts';
import { requireLedger } from '../choose-ledger.ts';
import { dryRunOption } from '../dry-run-option.ts';
import { STATUS, type Status } from '../errors.ts';
import type { Io } from '../io.ts';
import { nextCommand, wouldDelete } from '../next-command.ts';
import { prepareArea } from '../prepare-area.ts';
import { addBrakeOptions, type BrakeOptions, printStatement, type StatementOptions } from '../print/declaration.ts';
import { answered } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';
import { yesOption } from '../yes-option.ts';

interface PauseOptions extends AreaOptions, BrakeOptions {
  readonly why?: string;
}

interface ResumeOptions extends AreaOptions, StatementOptions {
  readonly takeOver?: true;
}

export function addPause(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    addAreaOptions(
      addBrakeOptions(
        program
          .command('pause')
          .summary('stop all deleting, including in a run that is in progress')
          .description(
            'No run with this ledger deletes or retires anything until "steward resume". A run that is deleting now stops at its next check of the roots, within half a minute. Scanning, planning and quarantine continue. It acts at once, because a pause only ever keeps more.',
          )
          .argument('[location...]', 'the area (default: "area" of steward.json)')
          .option('--why <text>', 'the reason, shown to anyone who finds deleting paused'),
      ),
    ),
    { options: ['why', 'dryRun', 'execute'] },
  )
    .addHelpText(
      'after',
      `
Examples:
  steward pause --why "an alarm"
  steward pause s3://my-bucket/flink --ledger s3://my-ledger/flink --why "migration of orders"`,
    )
    .action(async (places: string[], options: PauseOptions) => {
      const typed = { places, options };
      const execute = options.dryRun !== true;
      const declared = { why: options.why ?? '', by: io.user ?? null };
      const event = { action: 'pause', why: options.why, by: io.user ?? undefined, dryRun: !execute } as const;
      await answered(typed, event, io, async () => {
        const prepared = await prepareArea(places, options, io);
        await pauseDeleting(requireLedger(prepared.steward), declared, { execute });
        return {};
      });
      const own = options.why === undefined ? [] : ['--why', options.why];
      printStatement(
        {
          document: { paused: true },
          done: 'Deleting is paused.',
          would: 'Deleting would be paused.',
          executed: execute,
          command: nextCommand(['pause'], typed, own),
          next: ['To resume:', nextCommand(['resume'], typed, ['--execute'])],
        },
        options,
        io,
      );
      finish(STATUS.well);
    });
}

export function addResume(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    addAreaOptions(
      program
        .command('resume')
        .summary('allow deleting again')
        .description(
          'Ends a pause. If the pause was set because the ledger was missing, this ledger becomes responsible for the area. With --take-over, this ledger takes the area over from another ledger that is lost for good.',
        )
        .argument('[location...]', 'the area (default: "area" of steward.json)')
        .option('--take-over', 'take the area over from another ledger, which must not be used any more')
        .option('--execute', 'do it; without it this is a dry run')
        .addOption(dryRunOption())
        .addOption(yesOption()),
    ),
    { options: ['takeOver', 'execute'] },
  )
    .addHelpText(
      'after',
      `
Examples:
  steward resume --execute
  steward resume s3://my-bucket/flink --ledger s3://my-new-ledger/flink --take-over --execute`,
    )
    .action(async (places: string[], options: ResumeOptions) => {
      const typed = { places, options };
      const takeOver = options.takeOver === true;
      const execute = options.execute === true;
      let config: StewardConfig | null = null;
      const { above } = await answered(typed, { action: 'resume', takeOver, execute }, io, async () => {
        const prepared = await prepareArea(places, options, io);
        config = prepared.steward.config;
        return { above: await resumeDeleting(requireLedger(prepared.steward), { takeOver, execute }) };
      });
      printStatement(
        {
          document: { paused: false, ...(above.length === 0 ? {} : { above }) },
          done: above.length === 0 ? 'Deleting is allowed again, from the next run on.' : sayAbove(above),
          would: takeOver
            ? 'This ledger would be responsible for the area, in place of any other, and deleting would be allowed.'
            : 'Deleting would be allowed again.',
          executed: execute,
          command: nextCommand(['resume'], typed, [...(options.takeOver ? ['--take-over'] : []), '--execute']),
          next:
            above[0] === undefined
              ? ['To see what a run would do:', wouldDelete(typed)]
              : ['To remove it:', removalOf(above[0].url, awsReach(above[0].url, options, config))],
        },
        options,
        io,
      );
      finish(above.length === 0 ? STATUS.well : STATUS.findings);
    });
}

/** Nothing is written above the area, so people have to do that themselves. */
function sayAbove(above: readonly MarkerAbove[]): string {
  const markers = above.map(({ url, place }) => `${url} (of the ledger ${place})`).join(', ');
  return `The area is this ledger's now, but what it is a part of is not: ${markers}. Runs are refused until that marker is removed.`;
}

/** @param reach of the bucket: see {@link awsReach}. */
function removalOf(url: string, reach: string): string {
  return url.startsWith('file://')
    ? `rm ${shellWord(url.slice('file://'.length))}`
    : `aws s3 rm ${shellWord(url)}${reach}`;
}
