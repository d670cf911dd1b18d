import { chmod, readFile } from 'node:fs/promises';
import { build } from 'esbuild';

/** Bundles the command into one file that runs from anywhere on Node alone. */

/** Another file than that of `bin.steward` may be named, to try a build out. */
const OUT = process.argv[2] ?? 'dist/cli/steward.mjs';

const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };

await build({
  entryPoints: ['cli/main.ts'],
  outfile: OUT,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  sourcemap: true,
  define: { STEWARD_VERSION: JSON.stringify(version) },
  banner: {
    // Some dependencies are CommonJS and call require(); a long alias can't collide with a name of theirs.
    js: "#!/usr/bin/env node\nimport { createRequire as stewardCreateRequire } from 'node:module';\nconst require = stewardCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
await chmod(OUT, 0o755);
