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
 * usage: npm run test:cloud -- [--roles | --objects NUMBER] [-t NAME] [FILES…]
 */

const TOP = fileURLToPath(new URL('../..', import.meta.url));

const missing = whatIsMissing();
if (missing !== null) {
  console.log(`test:cloud: skipped, because ${missing}.`);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'flink-steward-cloud-'));
  try {
    const roles = process.argv.includes('--roles');
    const at = process.argv.indexOf('--objects');
    const objects = at === -1 ? null : Number(process.argv[at + 1]);
    if (objects !== null && !(objects >= 10_000)) throw new Error('--objects takes a number of at least 10000.');
    const args = process.argv
      .filter((_, index) => index > 1 && (at === -1 || index < at || index > at + 1))
      .filter((arg) => arg !== '--roles');
    const { status } = spawnSync('npx', ['vitest', 'run', '--config', 'test/cloud/vitest.config.ts', ...args], {
      cwd: TOP,
      stdio: 'inherit',
      env: {
        ...process.env,
        // Node reads it once, when a process begins.
        NODE_EXTRA_CA_CERTS: makeCertificate(folder),
        STEWARD_CLOUD: folder,
        ...(roles ? { STEWARD_CLOUD_ROLES: '1' } : {}),
        ...(objects === null ? {} : { STEWARD_CLOUD_OBJECTS: String(objects) }),
      },
    });
    process.exitCode = status ?? 1;
  } finally {
    if (process.env.STEWARD_CLOUD_KEEP === undefined) rmSync(folder, { recursive: true, force: true });
    else console.log(`Logs and templates are in ${folder}.`);
  }
}
