import type { Command } from 'commander';
import pc from 'picocolors';
import type { StewardConfig } from '#config/steward-config.ts';
import { maskSecrets } from '#core/secrets.ts';
import type { AreaOptions } from './area-options.ts';
import { AS_IT_IS, type CompleteCommands, completeDocument, completing } from './complete-commands.ts';
import { configOf, readingOnce } from './config-of.ts';
import { OtherLocationsError, type Status, sentenceOf, statusOf } from './errors.ts';
import type { Io } from './io.ts';
import { type LevelOptions, levelOf, says, USUAL_LEVEL } from './log-level.ts';
import { asksForJson } from './output-format.ts';
import { complain } from './print/stderr.ts';
import { RequestLog } from './request-log.ts';
import { type GivenByVariable, sayVariables } from './variables.ts';

/** One command from its arguments to its end: what is settled once they are parsed, and how all of it prints. */
export class RunningCommand {
  /** That of the process, as the options of the command have it. */
  readonly io: Io;
  readonly #args: readonly string[];
  readonly #log: RequestLog;
  #printed = false;
  #given: readonly GivenByVariable[] = [];
  #level = USUAL_LEVEL;
  #isQuiet = false;
  #complete: CompleteCommands = AS_IT_IS;

  constructor(args: readonly string[], io: Io) {
    this.#args = args;
    this.#log = new RequestLog(() => this.io);
    const level = () => this.#level;
    const isQuiet = () => this.#isQuiet;
    this.io = {
      ...io,
      get level() {
        return level();
      },
      get isQuiet() {
        return isQuiet();
      },
      config: readingOnce(io.cwd),
      onRequest: (request) => this.#log.add(request),
      complete: (text) => this.#complete(text),
      ...(args.includes('--no-color') ? { colors: pc.createColors(false) } : {}),
      out: (text) => {
        this.#printed = true;
        io.out(maskSecrets(completeDocument(text, this.#complete)));
      },
      err: (text) => io.err(maskSecrets(text)),
    };
  }

  /**
   * Takes what the parsed command says of how much is said and how commands are completed.
   *
   * @param given its options that variables give.
   */
  async settle(program: Command, command: Command, given: readonly GivenByVariable[]): Promise<void> {
    const options = command.opts<LevelOptions>();
    this.#given = given;
    this.#level = levelOf(options);
    this.#isQuiet = options.quiet === true;
    this.#log.begin();
    this.#complete = completing(program, command, await knownConfig(command, this.io));
  }

  /** With --json a document is printed in any case, also for a failure. */
  fail(message: string, status: Status): Status {
    if (asksForJson(this.#args) && !this.#printed) {
      this.io.out(`${JSON.stringify({ error: { message, status } }, null, 2)}\n`);
    }
    return status;
  }

  /** Says in a sentence what a command has thrown. */
  failBecauseOf(error: unknown): Status {
    if (error instanceof OtherLocationsError) this.#complete = AS_IT_IS;
    const sentence = sayVariables(sentenceOf(error, this.#args.includes('--execute')), this.#given);
    complain(sentence, this.io);
    if ((this.#args.includes('--debug') || says(this.io, 'debug')) && error instanceof Error) {
      this.io.err(`${error.stack}\n`);
    }
    return this.fail(sentence, statusOf(error));
  }

  /** To be called at the end, however it has ended. */
  end(): void {
    this.#log.sumUp();
  }
}

/** Null where it does not count, or can't be read, which the command itself says. */
async function knownConfig(command: Command, io: Io): Promise<StewardConfig | null> {
  const { config, stack } = command.opts<AreaOptions>();
  return stack === undefined ? await configOf(config, io).catch(() => null) : null;
}
