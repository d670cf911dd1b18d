import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** MiniStack and the Node that Lambda runs, each in a cache of its own. */

const TOP = fileURLToPath(new URL('../..', import.meta.url));
/** What of MiniStack's own requirements decides how it behaves is pinned as well. */
const PACKAGES = ['ministack==1.5.33', 'botocore==1.43.106', 'Hypercorn==0.18.0', 'PyYAML==6.0.4'];
const NODE_VERSION = '24.21.0';

const VENV = `${TOP}node_modules/.cache/ministack-1.5.33`;
export const PYTHON = `${VENV}/bin/python`;
export const MINISTACK = `${VENV}/bin/ministack`;
const NODE_FOLDER = `${TOP}node_modules/.cache/node24`;
export const LAMBDAS_NODE = `${NODE_FOLDER}/node_modules/node/bin/node`;

const QUIET = { stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[] };

/** @returns the rest of a sentence, or null where everything is there. */
export function whatIsMissing(): string | null {
  if (spawnSync('openssl', ['version'], { stdio: 'ignore' }).status !== 0) return 'there is no openssl';
  if (!hasMiniStack()) return `there is no Python with venv, or it can't get ${PACKAGES[0]}`;
  return hasNode() ? null : `node@${NODE_VERSION} can't be had from the package registry`;
}

function hasMiniStack(): boolean {
  const isThere = () =>
    existsSync(PYTHON) && spawnSync(PYTHON, ['-c', 'import ministack.app'], { stdio: 'ignore' }).status === 0;
  return (
    isThere() ||
    (spawnSync('python3', ['-m', 'venv', '--clear', VENV], QUIET).status === 0 &&
      spawnSync(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES], QUIET)
        .status === 0 &&
      isThere())
  );
}

function hasNode(): boolean {
  const install = ['install', '--prefix', NODE_FOLDER, '--no-save', `node@${NODE_VERSION}`];
  return existsSync(LAMBDAS_NODE) || (spawnSync('npm', install, QUIET).status === 0 && existsSync(LAMBDAS_NODE));
}
