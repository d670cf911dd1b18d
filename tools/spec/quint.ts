import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const QUINT = fileURLToPath(import.meta.resolve('@informalsystems/quint/dist/src/cli.js'));
/** Bytes; a trace on the terminal is long. */
const MOST_OUTPUT = 256 * 1024 * 1024;

/** How Quint ended. */
export interface Outcome {
  readonly succeeded: boolean;
  /** Both streams. */
  readonly output: string;
}

/** Runs Quint from the top of the repository. Its other simulator would be downloaded. */
export function quint(command: 'test' | 'run', ...args: readonly string[]): Outcome {
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [QUINT, command, ...args, '--backend=typescript'],
    {
      cwd: TOP,
      encoding: 'utf8',
      maxBuffer: MOST_OUTPUT,
    },
  );
  if (error !== undefined) throw error;
  return { succeeded: status === 0, output: `${stdout}${stderr}` };
}
