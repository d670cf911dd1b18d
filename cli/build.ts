import { chmod, readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { embedPage } from '#report/bundle-page.ts';

/** Bundles the command into one file that needs nothing but Node. */

/** An argument overrides the file of `bin.steward`, to try out a build. */
const OUT = process.argv[2] ?? 'dist/cli/steward.mjs';

const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };

await build({
  entryPoints: ['cli/main.ts'],
  outfile: OUT,
  bundle: true,
  platform: 'node',
  // ES modules are preferred, because esbuild leaves out their unused parts and the command starts faster.
  mainFields: ['module', 'main'],
  target: 'node20.19',
  format: 'esm',
  sourcemap: true,
  plugins: [embedPage()],
  define: { STEWARD_VERSION: JSON.stringify(version) },
  banner: {
    // Some dependencies are CommonJS and call require(). The long alias can't collide with one of their names.
    js: "#!/usr/bin/env node\nimport { createRequire as stewardCreateRequire } from 'node:module';\nconst require = stewardCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
// If a source contains one character above U+00FF, V8 stores all of it with two bytes a character, which costs megabytes
// in each process. esbuild does not escape such characters in comments and regular expressions.
const source = await readFile(OUT, 'utf8');
await writeFile(
  OUT,
  source.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
);
await chmod(OUT, 0o755);
