import { Command, CommanderError } from 'commander';
import { commandFirst } from './command-first.ts';
import { addApply } from './commands/apply.ts';
import { addAudit } from './commands/audit.ts';
import { addCollect } from './commands/collect.ts';
import { addCompletion } from './commands/completion.ts';
import { addDeclareDead } from './commands/declare-dead.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplain } from './commands/explain.ts';
import { addHelp } from './commands/help.ts';
import { addHistory } from './commands/history.ts';
import { addInit } from './commands/init.ts';
import { addInspect } from './commands/inspect.ts';
import { addPause, addResume } from './commands/pausing.ts';
import { addPin, addUnpin } from './commands/pins.ts';
import { addPlan } from './commands/plan.ts';
import { addPrintConfig, PRINT_CONFIG } from './commands/print-config.ts';
import { addProbe } from './commands/probe.ts';
import { addRestorePoints } from './commands/restore-points.ts';
import { addRetire } from './commands/retire.ts';
import { addRules } from './commands/rules.ts';
import { addSignals } from './commands/signals.ts';
import { addSlackPreview } from './commands/slack-preview.ts';
import { addStates } from './commands/states.ts';
import { addStatus } from './commands/status.ts';
import { addUndo } from './commands/undo.ts';
import { addVerify } from './commands/verify.ts';
import { addVerifyRun } from './commands/verify-run.ts';
import { addWatch } from './commands/watch.ts';
import { acceptDryRun } from './dry-run-option.ts';
import { STATUS, type Status } from './errors.ts';
import type { Io } from './io.ts';
import { findsMissing } from './missing-argument.ts';
import { complain } from './print/stderr.ts';
import { RunningCommand } from './running-command.ts';
import { settleOptions } from './settle-options.ts';
import type { GivenByVariable } from './variables.ts';

/** Columns; a table of options that has no end can't be read. */
const WIDEST_HELP = 120;

declare const STEWARD_VERSION: string | undefined;
const VERSION = typeof STEWARD_VERSION === 'string' ? STEWARD_VERSION : 'development';

/** Runs the `steward` command: takes its arguments, prints text or one JSON document, and returns the exit status. */
export async function run(args: readonly string[], io: Io): Promise<Status> {
  let status: Status = STATUS.well;
  const running = new RunningCommand(args, io);
  const program = buildProgram(
    args,
    running.io,
    (result) => {
      status = result;
    },
    async (command, given) => await running.settle(program, command, given),
  );
  const ordered = commandFirst(args, program);
  try {
    await program.parseAsync([...ordered], { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) return running.failBecauseOf(error);
    // Commander also ends --help and --version with this error, with exit code 0.
    if (error.exitCode === 0) return STATUS.well;
    const next = findsMissing(error, ordered[0]);
    if (next !== null) complain(next, running.io);
    return running.fail(sayWrongUsage(error), STATUS.usage);
  } finally {
    running.end();
  }
}

/**
 * The program with all its commands, or with the option that `args` contain instead of a command.
 *
 * @param finish receives the exit status.
 * @param onSettled receives the command that is about to run, and those of its options that variables give.
 */
export function buildProgram(
  args: readonly string[],
  io: Io,
  finish: (status: Status) => void,
  onSettled: (command: Command, given: readonly GivenByVariable[]) => Promise<void> = async () => undefined,
): Command {
  const program = new Command('steward')
    .description(
      "Keeps the S3 bucket of Apache Flink's checkpoints small without ever breaking a restore.\n\nNothing is deleted without --execute. With it, only files that no checkpoint or savepoint needs are deleted.",
    )
    .version(VERSION)
    .option('--stack <name>', 'ask a deployment by the name of its stack, in place of locations (or STEWARD_STACK)')
    .option(PRINT_CONFIG, 'print the effective configuration (or that of --config FILE) as JSON, and nothing else')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: (text) => {
        pointToSuggested(program, text);
        complain(text.replace(/\n$/, ''), io);
      },
      getOutHelpWidth: () => Math.min(io.columns, WIDEST_HELP),
      getErrHelpWidth: () => Math.min(io.columns, WIDEST_HELP),
    })
    .addHelpText(
      'after',
      `
Exit status: 0 success, 1 findings, 2 wrong usage or configuration, 3 undecidable or unreadable.`,
    );
  program.hook('preAction', async (_, command) => {
    const { stack } = program.opts<{ stack?: string }>();
    await onSettled(command, settleOptions(command, stack, io.environment ?? {}));
  });
  if (args.includes(PRINT_CONFIG)) {
    addPrintConfig(program, io, finish);
    pointToHelp(program, 'steward');
    return program;
  }
  addInit(program, io, finish);
  addAudit(program, io, finish);
  addPlan(program, io, finish);
  addExplain(program, io, finish);
  addRestorePoints(program, io, finish);
  addInspect(program, io, finish);
  addStates(program, io, finish);
  addVerify(program, io, finish);
  addCollect(program, io, finish);
  addApply(program, io, finish);
  addRetire(program, io, finish);
  addUndo(program, io, finish);
  addPin(program, io, finish);
  addUnpin(program, io, finish);
  addDeclareDead(program, io, finish);
  addPause(program, io, finish);
  addResume(program, io, finish);
  addHistory(program, io, finish);
  addVerifyRun(program, io, finish);
  addStatus(program, io, finish);
  addRules(program, io, finish, VERSION);
  addWatch(program, io, finish);
  addDoctor(program, io, finish);
  addProbe(program, io, finish);
  addSignals(program, io, finish);
  addSlackPreview(program, io, finish);
  addCompletion(program, io, finish);
  addHelp(program);
  acceptDryRun(program);
  pointToHelp(program, 'steward');
  return program;
}

function sayWrongUsage({ code, message }: CommanderError): string {
  // Commander has shown the help, and calls that an error.
  return code === 'commander.help' ? 'No command was given.' : message.replace(/^error: /, '');
}

/** After a command that commander takes for another one, the help to read is that of the other one. */
function pointToSuggested(program: Command, text: string): void {
  const [, name] = /^error: unknown command '.*'\n\(Did you mean ([\w-]+)\?\)/s.exec(text) ?? [];
  if (name === undefined) return;
  for (const outer of [program, ...program.commands]) {
    const words = outer === program ? `steward ${name}` : `steward ${outer.name()} ${name}`;
    if (outer.commands.some((inner) => inner.name() === name)) outer.showHelpAfterError(`(see ${words} --help)`);
  }
}

/** After wrong usage of a command, the help to read is its own. */
function pointToHelp(command: Command, words: string): void {
  command.showHelpAfterError(`(see ${words} --help)`);
  for (const inner of command.commands) pointToHelp(inner, `${words} ${inner.name()}`);
}
