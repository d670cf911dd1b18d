import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whatIsMissing } from './install.ts';
import { makeCertificate } from './ministack.ts';

/**
 * Deploys the application into MiniStack, an AWS on this machine, and plays what a team does with it.
 *
 * usage: npm run test:cloud -- [--roles] [-t NAME] [FILES…]
 */

const TOP = fileURLToPath(new URL('../..', import.meta.url));

const missing = whatIsMissing();
if (missing !== null) {
  console.log(`test:cloud: skipped, because ${missing}.`);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'flink-steward-cloud-'));
  try {
    const roles = process.argv.includes('--roles');
    const args = process.argv.slice(2).filter((arg) => arg !== '--roles');
    const { status } = spawnSync('npx', ['vitest', 'run', '--config', 'test/cloud/vitest.config.ts', ...args], {
      cwd: TOP,
      stdio: 'inherit',
      env: {
        ...process.env,
        // Node reads it once, when a process begins.
        NODE_EXTRA_CA_CERTS: makeCertificate(folder),
        STEWARD_CLOUD: folder,
        ...(roles ? { STEWARD_CLOUD_ROLES: '1' } : {}),
      },
    });
    process.exitCode = status ?? 1;
  } finally {
    if (process.env.STEWARD_CLOUD_KEEP === undefined) rmSync(folder, { recursive: true, force: true });
    else console.log(`Logs and templates are in ${folder}.`);
  }
}
