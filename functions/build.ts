import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { BUNDLES } from '#functions/shared/bundles-folder.ts';
import { FUNCTION_NAMES, type FunctionName } from '#functions/shared/function-names.ts';
import { embedPage } from '#report/bundle-page.ts';

/** Bundles each function into one file, with all that it needs: what Lambda brings along changes under it. */

const TOP = fileURLToPath(new URL('..', import.meta.url));

export interface Bundle {
  readonly name: FunctionName;
  readonly file: string;
  readonly bytes: number;
  /** The source files in the bundle, as paths from the top of the project. */
  readonly sources: readonly string[];
}

/** @param folder in which every function gets a folder of its own. */
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
    // ES modules are preferred, because esbuild leaves out their unused parts and the functions start faster.
    mainFields: ['module', 'main'],
    // Lambda runs a newer Node. Tests also run the bundles on the oldest Node that the project supports.
    target: 'node20.19',
    format: 'esm',
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    banner: {
      // Some dependencies are CommonJS and call require(). The long alias can't collide with a name of the minifier.
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
