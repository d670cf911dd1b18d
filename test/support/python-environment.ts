import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));
const QUIET = { stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[] };

/** A virtual environment of Python in the project's cache, so that nothing is installed on the machine. */
export class PythonEnvironment {
  readonly python: string;
  readonly #folder: string;

  /**
   * @param packages as pip takes them, each with its exact version; the folder has the name of the first
   * @param module that can be imported once all is there
   */
  constructor(
    readonly packages: readonly [string, ...string[]],
    readonly module: string,
  ) {
    this.#folder = `${CACHE}${packages[0].replace('==', '-')}`;
    this.python = this.command('python');
  }

  /** The path of a command that the packages bring. */
  command(name: string): string {
    return `${this.#folder}/bin/${name}`;
  }

  /** Makes it where it is missing. @returns the rest of a sentence, or null where it can be used. */
  whatIsMissing(): string | null {
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...this.packages];
    const isMade =
      this.#isThere() ||
      (spawnSync('python3', ['-m', 'venv', '--clear', this.#folder], QUIET).status === 0 &&
        spawnSync(this.python, install, QUIET).status === 0 &&
        this.#isThere());
    return isMade ? null : `there is no Python with venv, or it can't get ${this.packages[0]}`;
  }

  #isThere(): boolean {
    return (
      existsSync(this.python) &&
      spawnSync(this.python, ['-c', `import ${this.module}`], { stdio: 'ignore' }).status === 0
    );
  }
}
