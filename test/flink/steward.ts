import { execFile } from 'node:child_process';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { USUAL_TIMEOUT_SECONDS } from './job-options.ts';
import { keyIn, type Place } from './place.ts';
import type { Scenario } from './scenarios.ts';
import { withSwitches } from './unsafe-switches.ts';

/** What runs beside Flink. */
export interface Collector {
  /** One whole run. @param deadJobs jobs that will not come back */
  collect(deadJobs: readonly string[]): Promise<void>;
  /** All keys that it has ever set out to delete. */
  deleted(): Promise<ReadonlySet<string>>;
  /** What else must not be, in sentences. */
  objections(): readonly string[];
}

/** A program and its first arguments. */
export type Command = readonly string[];

/** Of minimum age and of quarantine: the least that the steward accepts, twice the checkpoint timeout. */
export function waitingSeconds({ timeout = USUAL_TIMEOUT_SECONDS }: Scenario): number {
  return 2 * timeout;
}

const TOP = fileURLToPath(new URL('../..', import.meta.url));
/** Against hangs alone. */
const RUN_LIMIT = 5 * 60_000;

/** Builds the command as it is shipped. @returns how to call it */
export async function buildSteward(): Promise<Command> {
  const file = fileURLToPath(new URL('target/steward.mjs', import.meta.url));
  const { status, stderr } = await call([process.execPath, '--import', 'tsx', 'cli/build.ts', file], {});
  if (status !== 0) throw new Error(`The steward can't be built:\n${stderr}`);
  return [process.execPath, file];
}

/** Builds the command so that a safety rule can be switched off. @returns how to call it, but for the mutation */
export async function buildUnsafeSteward(): Promise<Command> {
  const file = fileURLToPath(new URL('target/unsafe-steward.mjs', import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL('unsafe-steward.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    mainFields: ['module', 'main'],
    format: 'esm',
    define: { STEWARD_VERSION: '"unsafe"' },
    banner: {
      js: "import { createRequire as stewardCreateRequire } from 'node:module';\nconst require = stewardCreateRequire(import.meta.url);",
    },
    plugins: [withSwitches(TOP)],
    logLevel: 'warning',
  });
  return [process.execPath, file];
}

/** The steward, run from its command line, with a ledger and a configuration of its own. */
export class Steward implements Collector {
  readonly #command: Command;
  readonly #place: Place;
  readonly #folder: string;
  readonly #scenario: Scenario;
  readonly #locations: readonly string[];
  readonly #unproven: string[] = [];
  /** Of its ledger, and of its log. */
  readonly name: string;

  /** @param options the name of a ledger of its own, and what it is told in place of the whole place */
  constructor(
    command: Command,
    place: Place,
    folder: string,
    scenario: Scenario,
    options: { readonly name?: string; readonly locations?: readonly string[] } = {},
  ) {
    this.#command = command;
    this.#place = place;
    this.#folder = folder;
    this.#scenario = scenario;
    this.name = options.name ?? 'steward';
    this.#locations = options.locations ?? [place.location];
  }

  async collect(deadJobs: readonly string[]): Promise<void> {
    const { status, stdout, stderr } = await this.answer(deadJobs);
    // Findings and undecidable runs are the steward's to have: Flink damages roots, and deletes them while they are
    // read. What is no report at all is a crash.
    if (![0, 1, 3].includes(status) || !isReport(stdout)) {
      throw new Error(`The steward ended with status ${status}: ${stderr.slice(0, 2_000)}`);
    }
    await this.#verify(stdout);
  }

  /** Each run that deleted something is verified at once, while most of its roots are still there. */
  async #verify(report: string): Promise<void> {
    const { run, certificate } = JSON.parse(report) as { readonly run: string; readonly certificate?: string | null };
    if (certificate === undefined) return;
    const { status, stdout, stderr } = await this.#call('verify-run', [run], []);
    if (status === 0) return;
    this.#unproven.push(`NOT PROVEN ${run}: ${stderr}${stdout}`.slice(0, 2_000));
  }

  /** One whole run, whatever its end. */
  async answer(deadJobs: readonly string[]): Promise<Answered> {
    const config = join(this.#folder, 'steward.json');
    await writeFile(config, JSON.stringify({ collect: settings(this.#scenario), deadJobs }, null, 2));
    const answered = await this.#call('collect', [], ['--execute']);
    const { status, stdout, stderr } = answered;
    await appendFile(
      join(this.#folder, `${this.name}.log`),
      `${new Date().toISOString()} status ${status}\n${stderr}${stdout}`,
    );
    return answered;
  }

  async #call(command: string, before: readonly string[], more: readonly string[]): Promise<Answered> {
    const { stewardFlags, environment } = this.#place;
    const config = join(this.#folder, 'steward.json');
    const flags = ['--ledger', this.#ledger, '--config', config, ...more, '--json', ...stewardFlags];
    return await call([...this.#command, command, ...before, ...this.#locations, ...flags], environment);
  }

  objections(): readonly string[] {
    return this.#unproven;
  }

  /** From the steward's own audit log, which is written before anything is deleted. */
  async deleted(): Promise<ReadonlySet<string>> {
    const keys = new Set<string>();
    for (const entry of await readdir(this.#ledger, { recursive: true, withFileTypes: true }).catch(() => [])) {
      if (!/^planned-\d+\.ndjson\.gz$/.test(entry.name)) continue;
      const lines = gunzipSync(await readFile(join(entry.parentPath, entry.name))).toString('utf8');
      for (const line of lines.split('\n').filter((text) => text !== '')) {
        const { url } = JSON.parse(line) as { url?: string };
        const key = url === undefined ? null : keyIn(this.#place, url);
        if (key !== null) keys.add(key);
      }
    }
    return keys;
  }

  get #ledger(): string {
    return join(this.#folder, `ledger-of-${this.name}`);
  }
}

/** The defaults are for jobs that live for weeks. */
function settings(scenario: Scenario): Readonly<Record<string, unknown>> {
  return {
    checkpointTimeout: `${scenario.timeout ?? USUAL_TIMEOUT_SECONDS}s`,
    minAge: `${waitingSeconds(scenario)}s`,
    quarantine: `${waitingSeconds(scenario)}s`,
    // A job of seconds can have more garbage than state.
    maxDeleteFraction: 1,
    ...scenario.collect,
  };
}

function isReport(stdout: string): boolean {
  try {
    return 'totals' in (JSON.parse(stdout) as object);
  } catch {
    return false;
  }
}

/** How a command ended. */
export interface Answered {
  /** -1 if it was killed or could not be called. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function call(words: Command, environment: Readonly<Record<string, string>>): Promise<Answered> {
  const [program = '', ...args] = words;
  const options = { cwd: TOP, timeout: RUN_LIMIT, maxBuffer: 2 ** 28, env: { ...process.env, ...environment } };
  return await new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      const status = typeof code === 'number' ? code : -1;
      resolve({
        status,
        stdout,
        stderr: status === -1 ? `${error?.message} (${code ?? error?.signal})\n${stderr}` : stderr,
      });
    });
  });
}
