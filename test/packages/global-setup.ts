import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { installNode24 } from '#tools/node-24.ts';

const TOP = fileURLToPath(new URL('../..', import.meta.url));

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of what `npm pack` has packed. */
    readonly tarball: string;
    /** Path of Node 24. */
    readonly node24: string;
  }
}

/** Packs as a release does, which builds everything. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'flink-steward-packed-'));
  execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: TOP, stdio: ['ignore', 'ignore', 'pipe'] });
  const [tarball = ''] = readdirSync(folder);
  const node24 = installNode24('node');
  if (node24 === null)
    throw new Error("Node 24 can't be had from the package registry, so the packages are not tested.");
  project.provide('tarball', join(folder, tarball));
  project.provide('node24', join(node24, 'bin/node'));
  return () => rmSync(folder, { recursive: true, force: true });
}
