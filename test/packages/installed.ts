import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, inject } from 'vitest';

export interface Ended {
  readonly status: number | string;
  readonly out: string;
  readonly err: string;
}

/** Credentials that only the embedded S3 takes, and nothing else of the surroundings. */
const ENVIRONMENT = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', NO_COLOR: '1' };

/** A folder of somebody else, in which all that is started runs on one Node. */
export class StrangersFolder {
  constructor(
    readonly path: string,
    /** Path of Node. */
    readonly node: string,
  ) {}

  async install(...packages: readonly string[]): Promise<void> {
    const ended = await this.#npm('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages]);
    if (ended.status !== 0) throw new Error(`npm install ended with ${ended.status}: ${ended.err}`);
  }

  /** `npx`, of a package that is not installed: `file:` and its path. */
  async npx(...args: readonly string[]): Promise<Ended> {
    return await this.#npm('npx', ['--yes', '--prefer-offline', ...args]);
  }

  /** A command that the packages in the folder bring. */
  async runCommand(name: string, ...args: readonly string[]): Promise<Ended> {
    return await this.#start(join(this.path, 'node_modules/.bin', name), args, {
      ...ENVIRONMENT,
      PATH: dirname(this.node),
    });
  }

  async runNode(...args: readonly string[]): Promise<Ended> {
    return await this.#start(this.node, args, ENVIRONMENT);
  }

  async write(file: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.path, file)), { recursive: true });
    await writeFile(join(this.path, file), text);
  }

  /** With the surroundings of this process, which may say where the registry is. */
  async #npm(command: string, args: readonly string[]): Promise<Ended> {
    return await this.#start(command, args, {
      ...process.env,
      PATH: `${dirname(this.node)}${delimiter}${process.env.PATH ?? ''}`,
    });
  }

  async #start(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
    return await new Promise((resolve) => {
      execFile(file, [...args], { cwd: this.path, env, maxBuffer: 2 ** 26 }, (error, out, err) =>
        resolve({ status: error === null ? 0 : (error.code ?? 'killed'), out, err }),
      );
    });
  }
}

/** Node at hand, which is the oldest one in CI, and the one that Lambda and the executable have. */
export const NODES = ['at hand', '24'] as const;

/** Makes folders that are removed after the tests of the file. Call it once, outside of the tests. */
export function useStrangersFolders(): (node?: (typeof NODES)[number]) => Promise<StrangersFolder> {
  const made: string[] = [];
  afterAll(async () => {
    await Promise.all(made.splice(0).map(async (path) => await rm(path, { recursive: true, force: true })));
  });
  return async (node = 'at hand') => {
    const path = await mkdtemp(join(tmpdir(), 'flink-steward-stranger-'));
    made.push(path);
    await writeFile(join(path, 'package.json'), JSON.stringify({ name: 'stranger', private: true }));
    return new StrangersFolder(path, node === '24' ? inject('node24') : process.execPath);
  };
}
