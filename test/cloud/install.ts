import { spawnSync } from 'node:child_process';
import { installNode24, NODE_24, node24Folder } from '#tools/node-24.ts';
import { PythonEnvironment } from '../support/python-environment.ts';

/** MiniStack and the Node that Lambda runs, each in a cache of its own. */

/** What of MiniStack's own requirements decides how it behaves is pinned as well. */
const ENVIRONMENT = new PythonEnvironment(
  ['ministack==1.5.33', 'botocore==1.43.106', 'Hypercorn==0.18.0', 'PyYAML==6.0.4'],
  'ministack.app',
);

export const PYTHON = ENVIRONMENT.python;
export const MINISTACK = ENVIRONMENT.command('ministack');
export const LAMBDAS_NODE = `${node24Folder('node')}/bin/node`;

/** @returns the rest of a sentence, or null where everything is there. */
export function whatIsMissing(): string | null {
  if (spawnSync('openssl', ['version'], { stdio: 'ignore' }).status !== 0) return 'there is no openssl';
  const missing = ENVIRONMENT.whatIsMissing();
  if (missing !== null) return missing;
  return installNode24('node') !== null ? null : `node@${NODE_24} can't be had from the package registry`;
}
