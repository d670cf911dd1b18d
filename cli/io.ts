import { hostname, userInfo } from 'node:os';
import pc from 'picocolors';
import type { StewardConfig } from '#config/steward-config.ts';
import type { SentRequest } from '#steward/open-area.ts';
import type { Level } from './log-level.ts';
import { askOn } from './terminal-question.ts';

/** Everything that a command may use of its process: output, terminal, clock, working directory, abort signal. */
export interface Io {
  readonly cwd: string;
  /** Who runs the command, as `user@host`; null where the system does not say. */
  readonly user?: string | null;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Columns of the terminal, or what COLUMNS says where stdout is no terminal; without it lines have no end. */
  readonly columns: number;
  /** Whether names and paths are printed whole, however long, because a program reads them. @default false */
  readonly keepsNames?: boolean;
  /** Columns of the terminal of stderr. Undefined where stderr is no terminal: then errors are not wrapped. */
  readonly errorColumns?: number | undefined;
  readonly colors: ReturnType<typeof pc.createColors>;
  /** Whether stderr is a terminal on which a line can be redrawn. @default false */
  readonly redraws?: boolean;
  /** Aborted with an `Interruption` when the user ends the command. */
  readonly signal?: AbortSignal | undefined;
  /** Environment variables. @default none */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Waits. @default as the clock of the machine does */
  readonly sleep?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Asks a person at a terminal. Absent where nobody is at one. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** Whether stdout is a terminal too, so that a person sees all of what is said. @default false */
  readonly isWatched?: boolean;
  /** How much is said on stderr. @default 'warn' */
  readonly level?: Level;
  /** Whether one line is printed in place of a report. @default false */
  readonly isQuiet?: boolean;
  /** Told of each request to a store. */
  readonly onRequest?: ((request: SentRequest) => void) | undefined;
  /** Reads the configuration, each file once. @default reads it anew */
  readonly config?: (path: string | undefined) => Promise<StewardConfig>;
  /** Completes the commands in a sentence by what the user typed. @default leaves them as they are */
  readonly complete?: (sentence: string) => string;
  /** What is piped into the command. */
  readonly input?: AsyncIterable<Uint8Array>;
  out(text: string): void;
  err(text: string): void;
}

/** Below, no table fits. */
const LEAST_WIDTH = 40;

/** @param signal see {@link Io.signal}. */
export function processIo(signal?: AbortSignal): Io {
  return {
    cwd: process.cwd(),
    user: userAtHost(),
    clock: Date.now,
    columns: process.stdout.columns ?? widthOf(process.env.COLUMNS) ?? Number.POSITIVE_INFINITY,
    keepsNames: process.stdout.isTTY !== true,
    errorColumns: process.stderr.isTTY ? process.stderr.columns : undefined,
    redraws: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    signal,
    environment: process.env,
    get input() {
      return process.stdin;
    },
    ask: process.stdin.isTTY && process.stderr.isTTY ? (question) => askOn(process, question, signal) : undefined,
    isWatched: process.stdout.isTTY === true,
    colors: pc.createColors(wantsColors(process.env, process.stdout.isTTY)),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  };
}

/** What COLUMNS says of where the output is going to be read; undefined where it is no width. */
export function widthOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,4}$/.test(text) && Number(text) >= LEAST_WIDTH ? Number(text) : undefined;
}

/**
 * Whether what goes to stdout is colored. A variable that is empty counts as not set.
 *
 * @param isTerminal whether stdout is one.
 */
export function wantsColors(
  { NO_COLOR, FORCE_COLOR, TERM }: NonNullable<Io['environment']>,
  isTerminal: boolean,
): boolean {
  if (NO_COLOR) return false;
  return FORCE_COLOR ? FORCE_COLOR !== '0' && FORCE_COLOR !== 'false' : isTerminal && TERM !== 'dumb';
}

/** In a container the user may have no name, and then the system throws. */
function userAtHost(): string | null {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return null;
  }
}
