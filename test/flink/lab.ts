import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { FlinkBuild } from './flink-build.ts';

/** Flink's options, or arguments of a command. */
export type Options = Readonly<Record<string, string>>;

/** The console answered with an error: Flink's own words. */
export class LabError extends Error {
  override readonly name = 'LabError';
}

const JVM_FLAGS = [
  '-Xmx512m',
  '-XX:+UseSerialGC',
  // Short lives on few cores: compile quickly rather than well.
  '-XX:TieredStopAtLevel=1',
  '--add-opens=java.base/java.util=ALL-UNNAMED',
  '--add-opens=java.base/java.lang=ALL-UNNAMED',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
];
/** Against hangs alone, and longer than the console's own limit, which says what was waited for. */
const ANSWER_LIMIT = 10 * 60_000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A JVM with a Flink cluster and the console to it; see `steward.lab.Lab`. */
export class Lab {
  readonly #child: ChildProcess;
  readonly #waiting: ((line: string) => void)[] = [];
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    running.add(child);
    this.#ended = once(child, 'exit').then(() => {
      running.delete(child);
      for (const answer of this.#waiting.splice(0)) answer('@ error The JVM has ended.');
    });
    // What is written to a JVM that has been killed is lost, and the answer says that it has ended.
    child.stdin?.on('error', () => undefined);
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('@ ')) this.#waiting.shift()?.(line);
      });
    }
  }

  /** @param log takes what the JVM writes to its error stream */
  static async open(build: FlinkBuild, options: Options, log: string): Promise<Lab> {
    const stderr = openSync(log, 'a');
    const flags = [...JVM_FLAGS, '-cp', build.classpath, 'steward.lab.Lab', ...words(options)];
    const child = spawn('java', flags, { stdio: ['pipe', 'pipe', stderr] });
    closeSync(stderr);
    const lab = new Lab(child);
    try {
      await lab.#answer(ANSWER_LIMIT);
    } catch (error) {
      await lab.kill();
      throw error;
    }
    return lab;
  }

  /** @throws LabError with Flink's words, or if there is no answer in time. */
  async ask(command: string, options: Options = {}): Promise<readonly string[]> {
    this.#child.stdin?.write(`${[command, ...words(options)].join('\t')}\n`);
    return this.#answer(ANSWER_LIMIT);
  }

  /** `kill -9`: what a machine that goes down does. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async #answer(limit: number): Promise<readonly string[]> {
    if (!running.has(this.#child)) throw new LabError('The JVM has ended.');
    const line = await new Promise<string>((resolve) => {
      const timer = setTimeout(() => resolve('@ error No answer in time.'), limit);
      this.#waiting.push((answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
    if (!line.startsWith('@ ok')) throw new LabError(line.replace(/^@ error /, ''));
    const answer = line.slice('@ ok '.length);
    return answer === '' ? [] : answer.split('\t');
  }
}

function words(options: Options): string[] {
  return Object.entries(options).map(([key, value]) => `${key}=${value}`);
}
