import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PYTHON } from './install.ts';

const SCRIPT = fileURLToPath(new URL('aws.py', import.meta.url));

// What AWS answers is looked at by tests, which fail where it is something else.
// biome-ignore lint/suspicious/noExplicitAny: a shape for each of the operations would be an SDK.
export type Anything = any;

/** Calls of services for which the project has no SDK, and needs none. Operations as botocore names them. */
export class Aws {
  readonly #process: ChildProcess;
  readonly #answers: ((line: string) => void)[] = [];

  constructor(environment: Readonly<Record<string, string>>) {
    this.#process = spawn(PYTHON, [SCRIPT], {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (this.#process.stdout === null) throw new Error('The process has no output.');
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#answers.shift()?.(line));
  }

  /** @throws Error with the words of AWS. */
  async call(service: string, operation: string, input: object = {}): Promise<Anything> {
    const line = await new Promise<string>((resolve) => {
      this.#answers.push(resolve);
      this.#process.stdin?.write(`${JSON.stringify({ service, operation, input })}\n`);
    });
    const { answer, error } = JSON.parse(line);
    if (error !== undefined) throw new Error(`${service} ${operation}: ${error}`);
    return answer;
  }

  end(): void {
    this.#process.stdin?.end();
  }
}
