import type { Command } from 'commander';
import type { SaidOfJob } from '#steward/retire-word.ts';
import { type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { prepareArea } from '../prepare-area.ts';
import { withAdvice } from '../refusals.ts';
import { reportRun, reportRunView } from '../report-run.ts';
import { runArea } from '../run-area.ts';
import { answered, isStarted, never } from '../stack/answered.ts';
import { askBeforeFirst } from '../stack/ask-before-first.ts';
import { askable } from '../stack/askable.ts';
import { follow } from '../stack/follow.ts';
import { type ActingOptions, addActing } from './collect.ts';

export function addRetire(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    addActing(
      program
        .command('retire')
        .summary('retire old checkpoints and savepoints by policy')
        .description(
          'Shows which checkpoints of ended jobs and which savepoints would be kept or retired according to "retain" in steward.json, and why. With --execute, the _metadata of those to retire is moved into the ledger: jobs can no longer be restored from them, and their files become garbage. "steward undo" puts them back until those files are deleted.',
        )
        .argument('[location...]', 'buckets or directories with Flink checkpoints (default: "area" of steward.json)')
        .option('--job <directory>', 'only this job directory, by --all or --before instead of the policy')
        .option('--all', 'its job is over: all its checkpoints')
        .option('--before <time>', 'its checkpoints that were completed before this time (ISO)')
        .option('--savepoints', 'with --all, its savepoints too'),
    ),
    { options: ['execute', 'accept', 'job', 'all', 'before', 'savepoints'] },
  )
    .addHelpText(
      'after',
      `
Examples:
  steward retire s3://my-bucket/flink --ledger s3://my-ledger/flink
  steward retire s3://my-bucket/flink --ledger s3://my-ledger/flink --execute
  steward retire --job s3://my-bucket/flink/9468946f38e9d60efc7468a374aec04f --all`,
    )
    .action(async (places: string[], options: RetireOptions) => {
      const said = saidOf(options);
      const title = {
        title: 'Retirement in',
        words: ['retire', ...wordsOf(options)],
        planned: () => null,
        executes: options.execute === true,
      };
      const { stack, execute, yes, accept } = options;
      if (stack !== undefined) {
        const { job, all, before, savepoints } = options;
        const event = { action: 'retire', job, all, before, savepoints, accept } as const;
        const typed = { places, options };
        const look = () => answered(typed, event, io, never);
        await askBeforeFirst(stack, typed, { deletes: false, look }, io);
        const answer = await answered(typed, { ...event, execute }, io, never);
        finish(
          isStarted(answer) ? await follow(stack, answer, typed, io) : reportRunView(title, answer.run, typed, io),
        );
        return;
      }
      const prepared = await prepareArea(places, options, io);
      const order = {
        command: 'retire',
        execute: execute === true,
        yes: yes === true,
        accept: accept ?? [],
        retires: true,
      } as const;
      const report = await withAdvice(prepared.typed, () => runArea(prepared, { ...order, said, sweep: null }, io));
      finish(reportRun(title, report, prepared, io));
    });
}

interface RetireOptions extends ActingOptions {
  readonly job?: string;
  readonly all?: true;
  readonly before?: string;
  readonly savepoints?: true;
}

/** What was typed of a job; null where the policy decides. @throws UsageError */
function saidOf({ job, all, before, savepoints }: RetireOptions): SaidOfJob | null {
  if (job === undefined && all === undefined && before === undefined && savepoints === undefined) {
    return null;
  }
  if (job === undefined || (all === undefined) === (before === undefined)) {
    throw new UsageError(
      'To retire the checkpoints of one job, give its directory with --job, and either --all or --before TIME.',
    );
  }
  if (savepoints !== undefined && all === undefined) {
    throw new UsageError('--savepoints needs --all: with --before only checkpoints are retired.');
  }
  const time = before === undefined ? null : Date.parse(before);
  if (Number.isNaN(time)) {
    throw new UsageError(`${before} is not a time. Write it as in 2026-02-28T12:00:00Z.`);
  }
  return { job, before: time, savepoints: savepoints === true };
}

function wordsOf({ job, all, before, savepoints }: RetireOptions): readonly string[] {
  return [
    ...(job === undefined ? [] : ['--job', job]),
    ...(all === undefined ? [] : ['--all']),
    ...(before === undefined ? [] : ['--before', before]),
    ...(savepoints === undefined ? [] : ['--savepoints']),
  ];
}
