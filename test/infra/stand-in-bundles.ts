import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTION_NAMES } from '#functions/shared/function-names.ts';

/** Writes something into a folder that stands for the bundles, which the construct only copies. */
export function makeStandInBundles(folder: string): void {
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'index.mjs'), `export const handler = () => '${name}';\n`);
  }
}
