import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders that bundles are made of, and the packages that go into them. */
const FOLDERS = ['adapters', 'config', 'core', 'functions', 'operations', 'ports', 'report', 'steward'];
const PACKAGES = 'package-lock.json';

/** A digest of all sources that a bundle may be made of. @param top of the project. */
export async function digestSources(top: string): Promise<string> {
  const found = await Promise.all(
    FOLDERS.map(async (folder) =>
      (await readdir(join(top, folder), { recursive: true })).map((path) => `${folder}/${path}`),
    ),
  );
  const files = [PACKAGES, ...found.flat().filter((path) => path.endsWith('.ts'))].sort();
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${file}\n`);
    hash.update(await readFile(join(top, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
