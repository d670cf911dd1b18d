import { chmod, readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { embedPage } from '#report/bundle-page.ts';

/** Bundles the command into one file that runs from anywhere on Node alone. */

/** Another file than that of `bin.steward` may be named, to try a build out. */
const OUT = process.argv[2] ?? 'dist/cli/steward.mjs';

const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };

await build({
  entryPoints: ['cli/main.ts'],
  outfile: OUT,
  bundle: true,
  platform: 'node',
  // ES modules where a package has them: of those only what is used goes in, and every start is faster.
  mainFields: ['module', 'main'],
  target: 'node20.19',
  format: 'esm',
  sourcemap: true,
  plugins: [embedPage()],
  define: { STEWARD_VERSION: JSON.stringify(version) },
  banner: {
    // Some dependencies are CommonJS and call require(); a long alias can't collide with a name of theirs.
    js: "#!/usr/bin/env node\nimport { createRequire as stewardCreateRequire } from 'node:module';\nconst require = stewardCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
// esbuild leaves comments and regular expressions as they are, and of a source with one such character V8 keeps every
// character in two bytes: megabytes, in each process.
const source = await readFile(OUT, 'utf8');
await writeFile(
  OUT,
  source.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
);
await chmod(OUT, 0o755);
