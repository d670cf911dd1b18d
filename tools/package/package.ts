import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeExecutable } from './executable.ts';
import type { Step } from './step.ts';
import { packageTemplate } from './template.ts';

/**
 * Writes what people install without npm, into dist/package/. It takes what `npm run prepack` has written.
 *
 * usage: npm run package -- [STEP…]
 */

/** In this order. */
const STEPS: Readonly<Record<string, Step>> = {
  executable: writeExecutable,
  template: async (folder) => await packageTemplate(folder),
};

const FOLDER = fileURLToPath(new URL('../../dist/package/', import.meta.url));

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => STEPS[name] === undefined);
if (unknown.length > 0) {
  console.error(
    `There is no step ${unknown.join(', ')}, so nothing was written. The steps are: ${Object.keys(STEPS).join(', ')}.`,
  );
  process.exitCode = 2;
} else {
  await mkdir(FOLDER, { recursive: true });
  for (const [name, step] of Object.entries(STEPS).filter(([name]) => asked.length === 0 || asked.includes(name))) {
    for (const file of await step(FOLDER)) {
      const { size } = await stat(join(FOLDER, file));
      console.log(`${name}: dist/package/${file}, ${(size / 1e6).toFixed(1)} MB`);
    }
  }
}
