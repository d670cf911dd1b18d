import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const runFile = promisify(execFile);

/** How a process of the built command ended. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command as users have it, in processes of its own. */
export class BuiltSteward {
  readonly #command: string;

  private constructor(command: string) {
    this.#command = command;
  }

  static async build(folder: string): Promise<BuiltSteward> {
    const command = join(folder, 'steward.mjs');
    await runFile(process.execPath, ['--import', 'tsx', 'cli/build.ts', command], { cwd: TOP });
    return new BuiltSteward(command);
  }

  start(cwd: string, args: readonly string[]): ChildProcess {
    const env = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_MAX_ATTEMPTS: '3', NODE_NO_WARNINGS: '1' };
    return spawn(process.execPath, [this.#command, ...args], { cwd, env });
  }

  async run(cwd: string, args: readonly string[]): Promise<Ended> {
    return await endOf(this.start(cwd, args));
  }

  /** Kills it, as by SIGKILL, after so many milliseconds, unless it has ended. */
  async runAndKill(cwd: string, args: readonly string[], milliseconds: number): Promise<Ended> {
    const child = this.start(cwd, args);
    const ended = endOf(child);
    const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
    return await ended.finally(() => clearTimeout(timer));
  }
}

export async function endOf(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (text) => {
    out += text;
  });
  child.stderr?.on('data', (text) => {
    err += text;
  });
  const [status] = await once(child, 'close');
  return { status, out, err };
}
