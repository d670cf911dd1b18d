import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { fillGaps } from './gaps.ts';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const CDK = join(TOP, 'node_modules/aws-cdk/bin/cdk');
const runFile = promisify(execFile);

/** What a stack says of itself: the values of its outputs by name. */
export type Outputs = Readonly<Record<string, string>>;

/** What a command has said. */
export interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A way in which a team has a stack. */
export interface Deployment {
  /** @param said what it takes: of the CDK, a `steward.json`. */
  deploy(said: Readonly<Record<string, unknown>>): Promise<Outputs>;
  destroy(): Promise<void>;
  steward(args: readonly string[]): Promise<Said>;
}

/** One checkout of the application with its `steward.json`, as a team has it: synthesised and deployed by the CDK. */
export class Checkout {
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #times = 0;

  constructor(folder: string, environment: Readonly<Record<string, string>>) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    // Templates are validated by `npm run synth`; here it would only take time.
    this.#environment = { ...process.env, ...environment, CDK_VALIDATION: 'false', NODE_OPTIONS: '' };
    const app = `${join(TOP, 'node_modules/.bin/tsx')} ${join(TOP, 'infra/app.ts')}`;
    writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ ...cdkJson, app }));
  }

  async bootstrap(): Promise<void> {
    await this.#cdk('bootstrap', 'aws://123456789012/eu-central-1');
  }

  /** Deploys it with another configuration, or for the first time. */
  async deploy(configuration: object): Promise<Outputs> {
    writeFileSync(join(this.#folder, 'steward.json'), JSON.stringify(configuration, null, 2));
    const assembly = join(this.#folder, `cdk.out-${++this.#times}`);
    await this.#cdk('synth', '--quiet', '--output', assembly);
    fillGaps(assembly);
    const outputs = join(this.#folder, `outputs-${this.#times}.json`);
    await this.#cdk('deploy', '--app', assembly, '--require-approval', 'never', '--outputs-file', outputs);
    const stacks: Readonly<Record<string, Outputs>> = JSON.parse(readFileSync(outputs, 'utf8'));
    return Object.values(stacks)[0] ?? {};
  }

  async destroy(): Promise<void> {
    await this.#cdk('destroy', '--app', join(this.#folder, `cdk.out-${this.#times}`), '--force');
  }

  async steward(args: readonly string[]): Promise<Said> {
    const options = { cwd: this.#folder, env: this.#environment, maxBuffer: 2 ** 26 };
    const command = [join(TOP, 'cli/main.ts'), ...args];
    return await new Promise((resolve) => {
      execFile(join(TOP, 'node_modules/.bin/tsx'), command, options, (error, stdout, stderr) => {
        resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  }

  async #cdk(...args: readonly string[]): Promise<void> {
    const options = { cwd: this.#folder, env: this.#environment, maxBuffer: 2 ** 26 };
    try {
      await runFile(process.execPath, [CDK, ...args], options);
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`cdk ${args.join(' ')} failed:\n${stdout}${stderr}`);
    }
  }
}
