import { chmod, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { embedPage } from '#report/bundle-page.ts';

/** Bundles the command into one file that needs nothing but Node. */

const TOP = fileURLToPath(new URL('..', import.meta.url));

/** The file of `bin.steward`. */
export const COMMAND = fileURLToPath(new URL('../dist/cli/steward.mjs', import.meta.url));

/** What every way to bundle the command has in common: as a script, and in an executable. */
export async function commandOptions(): Promise<BuildOptions> {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return {
    absWorkingDir: TOP,
    bundle: true,
    platform: 'node',
    // ES modules are preferred, because esbuild leaves out their unused parts and the command starts faster.
    mainFields: ['module', 'main'],
    target: 'node20.19',
    // The names stay, so that the stack trace of a mistake of ours can be read without a source map.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    plugins: [embedPage()],
    define: { STEWARD_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  };
}

/**
 * If a source contains one character above U+00FF, V8 stores all of it with two bytes a character, which costs megabytes
 * in each process. esbuild does not escape such characters in comments and regular expressions.
 */
export async function escapeNonAscii(file: string): Promise<void> {
  const source = await readFile(file, 'utf8');
  await writeFile(
    file,
    source.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

/** @param maps whether a source map lies beside it. @returns what it is made of, as paths from the top of the project. */
export async function buildCommand(out: string = COMMAND, { maps = true } = {}): Promise<readonly string[]> {
  const { metafile } = await build({
    ...(await commandOptions()),
    entryPoints: ['cli/main.ts'],
    outfile: out,
    format: 'esm',
    sourcemap: maps,
    metafile: true,
    banner: {
      // Some dependencies are CommonJS and call require(). The long alias can't collide with one of their names.
      js: "#!/usr/bin/env node\nimport { createRequire as stewardCreateRequire } from 'node:module';\nconst require = stewardCreateRequire(import.meta.url);",
    },
  });
  await escapeNonAscii(out);
  await chmod(out, 0o755);
  return Object.keys(metafile.inputs);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildCommand(process.argv[2]);
}
