import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { loadConfig } from '#config/load-config.ts';
import type { StewardConfig } from '#config/steward-config.ts';
import { maskSecrets } from '#core/secrets.ts';
import type { AreaOptions } from './area-options.ts';
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
import { addStatus } from './commands/status.ts';
import { addUndo } from './commands/undo.ts';
import { AS_IT_IS, type CompleteCommands, completeDocument, completing } from './complete-commands.ts';
import { OtherLocationsError, STATUS, type Status, sentenceOf, statusOf } from './errors.ts';
import type { Io } from './io.ts';
import { type LevelOptions, levelOf, says, USUAL_LEVEL } from './log-level.ts';
import { findsMissing } from './missing-argument.ts';
import { asksForJson } from './output-format.ts';
import { complain } from './print/stderr.ts';
import { RequestLog } from './request-log.ts';
import { settleOptions } from './settle-options.ts';
import { type GivenByVariable, sayVariables } from './variables.ts';

/** Columns; a table of options that has no end can't be read. */
const WIDEST_HELP = 120;

declare const STEWARD_VERSION: string | undefined;

/** Runs the `steward` command: takes its arguments, prints text or one JSON document, and returns the exit status. */
export async function run(args: readonly string[], io: Io): Promise<Status> {
  let status: Status = STATUS.well;
  let printed = false;
  let given: readonly GivenByVariable[] = [];
  let level = USUAL_LEVEL;
  let isQuiet = false;
  let complete: CompleteCommands = AS_IT_IS;
  const log = new RequestLog(() => watched);
  const watched: Io = {
    ...io,
    get level() {
      return level;
    },
    get isQuiet() {
      return isQuiet;
    },
    onRequest: (request) => log.add(request),
    complete: (text) => complete(text),
    ...(args.includes('--no-color') ? { colors: pc.createColors(false) } : {}),
    out: (text) => {
      printed = true;
      io.out(maskSecrets(completeDocument(text, complete)));
    },
    err: (text) => io.err(maskSecrets(text)),
  };
  const program = buildProgram(
    args,
    watched,
    (result) => {
      status = result;
    },
    async (command, settled) => {
      const options = command.opts<LevelOptions>();
      given = settled;
      level = levelOf(options);
      isQuiet = options.quiet === true;
      log.begin();
      complete = completing(program, command, await knownConfig(command, io.cwd));
    },
  );
  /** With --json a document is printed in any case, also for a failure. */
  const fail = (message: string, failure: Status): Status => {
    if (asksForJson(args) && !printed) {
      watched.out(`${JSON.stringify({ error: { message, status: failure } }, null, 2)}\n`);
    }
    return failure;
  };
  const ordered = commandFirst(args, program);
  try {
    await program.parseAsync([...ordered], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      const next = findsMissing(error, ordered[0]);
      if (next !== null) complain(next, watched);
      // Commander also ends --help and --version with this error, with exit code 0.
      return error.exitCode === 0 ? STATUS.well : fail(sayWrongUsage(error), STATUS.usage);
    }
    if (error instanceof OtherLocationsError) complete = AS_IT_IS;
    const sentence = sayVariables(sentenceOf(error, args.includes('--execute')), given);
    complain(sentence, watched);
    if ((args.includes('--debug') || says(watched, 'debug')) && error instanceof Error) {
      watched.err(`${error.stack}\n`);
    }
    return fail(sentence, statusOf(error));
  } finally {
    log.sumUp();
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
    .version(typeof STEWARD_VERSION === 'string' ? STEWARD_VERSION : 'development')
    .option('--stack <name>', 'ask a deployment by the name of its stack, in place of locations (or STEWARD_STACK)')
    .option(PRINT_CONFIG, 'print the effective configuration (or that of --config FILE) as JSON, and nothing else')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: (text) => complain(text.replace(/\n$/, ''), io),
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
  addStatus(program, io, finish);
  addRules(program, io, finish);
  addDoctor(program, io, finish);
  addProbe(program, io, finish);
  addSignals(program, io, finish);
  addSlackPreview(program, io, finish);
  addCompletion(program, io, finish);
  addHelp(program);
  pointToHelp(program, 'steward');
  return program;
}

/** Null where it does not count, or can't be read, which the command itself says. */
async function knownConfig(command: Command, cwd: string): Promise<StewardConfig | null> {
  const { config, stack } = command.opts<AreaOptions>();
  return stack === undefined ? await loadConfig(config, cwd).catch(() => null) : null;
}

function sayWrongUsage({ code, message }: CommanderError): string {
  // Commander has shown the help, and calls that an error.
  return code === 'commander.help' ? 'No command was given.' : message.replace(/^error: /, '');
}

/** After wrong usage of a command, the help to read is its own. */
function pointToHelp(command: Command, words: string): void {
  command.showHelpAfterError(`(see ${words} --help)`);
  for (const inner of command.commands) pointToHelp(inner, `${words} ${inner.name()}`);
}
