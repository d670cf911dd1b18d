import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Runs the tests of the functions with their bundles on the Node that Lambda runs, which npm brings.
 *
 * usage: npm run test:functions -- [FILES…]
 */

const VERSION = '24.21.0';
const TOP = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = `${TOP}node_modules/.cache/node24`;
const NODE = `${FOLDER}/node_modules/node/bin/node`;

function install(): boolean {
  if (existsSync(NODE)) return true;
  // Not a dependency of the project: it would take the place of everybody's own Node.
  const { status } = spawnSync('npm', ['install', '--prefix', FOLDER, '--no-save', `node@${VERSION}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return status === 0 && existsSync(NODE);
}

if (install()) {
  const version = execFileSync(NODE, ['--version'], { encoding: 'utf8' }).trim();
  console.log(`The bundles run on Node ${version}.`);
  const asked = process.argv.slice(2);
  const { status } = spawnSync('npx', ['vitest', 'run', ...(asked.length > 0 ? asked : ['test/functions'])], {
    cwd: TOP,
    stdio: 'inherit',
    env: { ...process.env, STEWARD_FUNCTIONS_NODE: NODE },
  });
  process.exitCode = status ?? 1;
} else {
  console.log(
    `Skipped: node@${VERSION} can't be had from the package registry, so there is no Node to run the bundles on.`,
  );
}
