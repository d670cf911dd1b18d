import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PythonEnvironment } from '../support/python-environment.ts';

/** MiniStack and the Node that Lambda runs, each in a cache of its own. */

const TOP = fileURLToPath(new URL('../..', import.meta.url));
/** What of MiniStack's own requirements decides how it behaves is pinned as well. */
const ENVIRONMENT = new PythonEnvironment(
  ['ministack==1.5.33', 'botocore==1.43.106', 'Hypercorn==0.18.0', 'PyYAML==6.0.4'],
  'ministack.app',
);
const NODE_VERSION = '24.21.0';

export const PYTHON = ENVIRONMENT.python;
export const MINISTACK = ENVIRONMENT.command('ministack');
const NODE_FOLDER = `${TOP}node_modules/.cache/node24`;
export const LAMBDAS_NODE = `${NODE_FOLDER}/node_modules/node/bin/node`;

const QUIET = { stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[] };

/** @returns the rest of a sentence, or null where everything is there. */
export function whatIsMissing(): string | null {
  if (spawnSync('openssl', ['version'], { stdio: 'ignore' }).status !== 0) return 'there is no openssl';
  const missing = ENVIRONMENT.whatIsMissing();
  if (missing !== null) return missing;
  return hasNode() ? null : `node@${NODE_VERSION} can't be had from the package registry`;
}

function hasNode(): boolean {
  const install = ['install', '--prefix', NODE_FOLDER, '--no-save', `node@${NODE_VERSION}`];
  return existsSync(LAMBDAS_NODE) || (spawnSync('npm', install, QUIET).status === 0 && existsSync(LAMBDAS_NODE));
}
