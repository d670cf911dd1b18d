import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installNode24, NODE_24 } from '#tools/node-24.ts';

/**
 * Runs the tests of the functions with their bundles on the Node that Lambda runs, which npm brings.
 *
 * usage: npm run test:functions -- [FILES…]
 */

const TOP = fileURLToPath(new URL('../..', import.meta.url));

const folder = installNode24('node');
if (folder !== null) {
  const node = `${folder}/bin/node`;
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  console.log(`The bundles run on Node ${version}.`);
  const asked = process.argv.slice(2);
  const { status } = spawnSync('npx', ['vitest', 'run', ...(asked.length > 0 ? asked : ['test/functions'])], {
    cwd: TOP,
    stdio: 'inherit',
    env: { ...process.env, STEWARD_FUNCTIONS_NODE: node },
  });
  process.exitCode = status ?? 1;
} else {
  console.log(
    `Skipped: node@${NODE_24} can't be had from the package registry, so there is no Node to run the bundles on.`,
  );
}
