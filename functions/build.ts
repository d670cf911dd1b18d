import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { FUNCTION_NAMES, type FunctionName } from '#functions/shared/function-names.ts';
import { embedPage } from '#report/bundle-page.ts';

/** Bundles each function into one file, with all that it needs: what Lambda brings along changes under it. */

const TOP = fileURLToPath(new URL('..', import.meta.url));

/** Where the bundles go unless told otherwise. */
export const BUNDLES = join(TOP, 'dist/functions');

export interface Bundle {
  readonly name: FunctionName;
  readonly file: string;
  readonly bytes: number;
  /** The files of the project that went into it, from its top. */
  readonly sources: readonly string[];
}

/** @param folder gets a folder for each function. */
export async function buildFunctions(folder: string = BUNDLES): Promise<readonly Bundle[]> {
  const { metafile } = await build({
    metafile: true,
    absWorkingDir: TOP,
    entryPoints: Object.fromEntries(FUNCTION_NAMES.map((name) => [`${name}/index`, `functions/${name}/index.ts`])),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    plugins: [embedPage()],
    platform: 'node',
    // ES modules where a package has them: of those only what is used goes in, and every start is faster.
    mainFields: ['module', 'main'],
    // Lambda runs a newer Node; the bundles are tried out on the oldest one that the project knows too.
    target: 'node20.19',
    format: 'esm',
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    banner: {
      // Some dependencies are CommonJS and call require(); a long alias can't collide with a name of the minifier's.
      js: "import { createRequire as flinkStewardFunctionCreateRequire } from 'node:module';const require = flinkStewardFunctionCreateRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return await Promise.all(
    FUNCTION_NAMES.map(async (name) => {
      const file = join(folder, name, 'index.mjs');
      const output = Object.entries(metafile.outputs).find(([path]) => join(TOP, path) === file || path === file)?.[1];
      const sources = Object.keys(output?.inputs ?? {}).filter((path) => !path.includes('node_modules/'));
      return { name, file, bytes: (await stat(file)).size, sources };
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildFunctions(process.argv[2]);
}
