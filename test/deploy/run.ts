import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Deploys the stack into moto, an AWS of Python on this machine, where Python is there and can get it. */

const MOTO = 'moto[server]==5.2.2';
const TOP = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = `${TOP}node_modules/.cache/moto`;
const PYTHON = `${FOLDER}/bin/python`;

function install(): boolean {
  const hasMoto = () => existsSync(PYTHON) && spawnSync(PYTHON, ['-c', 'import moto.server, boto3']).status === 0;
  if (hasMoto()) return true;
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[] };
  return (
    spawnSync('python3', ['-m', 'venv', FOLDER], quiet).status === 0 &&
    spawnSync(PYTHON, ['-m', 'pip', 'install', '--quiet', MOTO], quiet).status === 0 &&
    hasMoto()
  );
}

if (install()) {
  const { status } = spawnSync('npx', ['vitest', 'run', '--config', 'test/deploy/vitest.config.ts'], {
    cwd: TOP,
    stdio: 'inherit',
    env: { ...process.env, STEWARD_MOTO_PYTHON: PYTHON },
  });
  process.exitCode = status ?? 1;
} else {
  console.log(`Skipped: there is no Python, or it can't get ${MOTO}, so there is nothing to deploy into.`);
}
