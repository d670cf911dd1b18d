import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type OutputFile } from 'esbuild';
import { BUNDLES } from '#functions/shared/bundles-folder.ts';
import { FUNCTION_NAMES, type FunctionName } from '#functions/shared/function-names.ts';
import { embedPage } from '#report/bundle-page.ts';
import { digestSources } from './digest-sources.ts';
import { type MergedFiles, mergeFiles, outputsOf, reachedFrom, type Split } from './merge-files.ts';

/**
 * Bundles each function into a folder with all that it needs: what Lambda brings along changes under it. What several
 * functions need is a file of the same name in each of their folders, so that a package can hold it once.
 */

const TOP = fileURLToPath(new URL('..', import.meta.url));

export interface Bundle {
  readonly name: FunctionName;
  /** What Lambda loads. */
  readonly file: string;
  /** What is in its folder, apart from source maps; the one that Lambda loads first. */
  readonly files: readonly string[];
  /** Of these files together. */
  readonly bytes: number;
  /** What the bundle is made of, as paths from the top of the project: our sources, and files of packages. */
  readonly sources: readonly string[];
  readonly inputs: readonly string[];
  /** Those of them that are evaluated when the bundle is loaded; the others are, once something imports them. */
  readonly atStart: readonly string[];
}

/** How each of them is bundled. @param maps whether source maps lie beside the files, for readable stack traces in the logs. */
export function bundleOptions(maps: boolean): BuildOptions {
  return {
    absWorkingDir: TOP,
    entryPoints: FUNCTION_NAMES.map((name) => ({ in: `functions/${name}/index.ts`, out: name })),
    outdir: BUNDLES,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    plugins: [embedPage()],
    platform: 'node',
    // ES modules are preferred, because esbuild leaves out their unused parts and the functions start faster.
    mainFields: ['module', 'main'],
    // Lambda runs a newer Node. Tests also run the bundles on the oldest Node that the project supports.
    target: 'node20.19',
    format: 'esm',
    minify: true,
    sourcemap: maps ? 'inline' : false,
    sourcesContent: false,
    legalComments: 'none',
    banner: {
      // Some dependencies are CommonJS and call require(). The long alias can't collide with a name of the minifier.
      js: "import { createRequire as flinkStewardFunctionCreateRequire } from 'node:module';const require = flinkStewardFunctionCreateRequire(import.meta.url);",
    },
    logLevel: 'warning',
  };
}

/** @param folder in which every function gets a folder of its own, in place of one from an earlier build. */
export async function buildFunctions(folder: string = BUNDLES, { maps = true } = {}): Promise<readonly Bundle[]> {
  const options = { ...bundleOptions(maps), define: { STEWARD_BUILD: JSON.stringify(await digestSources(TOP)) } };
  const split = await build({ ...options, write: false, metafile: true });
  const merged = await mergeFiles(split, FUNCTION_NAMES.map(entryOf), options);
  return await Promise.all(
    FUNCTION_NAMES.map(async (name) => await writeBundle(name, join(folder, name), split, merged)),
  );
}

function entryOf(name: FunctionName): string {
  return `${name}.mjs`;
}

async function writeBundle(name: FunctionName, folder: string, split: Split, merged: MergedFiles): Promise<Bundle> {
  const entry = entryOf(name);
  const outputs = outputsOf(split);
  const held = reachedFrom(entry, outputs, { later: true });
  const started = reachedFrom(entry, outputs, { later: false });
  const names = new Set([...held].map(merged.nameOf));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const nameInFolder = (file: string): string => (file === entry ? 'index.mjs' : file);
  const written = merged.files.filter(({ path }) => names.has(basename(path).replace(/\.map$/, '')));
  await Promise.all(
    written.map(async ({ path, contents }) => await writeFile(join(folder, nameInFolder(basename(path))), contents)),
  );
  const code = written.filter(({ path }) => path.endsWith('.mjs'));
  const inputsOf = (files: ReadonlySet<string>) =>
    [...files].flatMap((file) => Object.keys(outputs.get(file)?.inputs ?? {}));
  const inputs = inputsOf(held);
  return {
    name,
    file: join(folder, 'index.mjs'),
    files: ['index.mjs', ...[...names].filter((file) => file !== entry).sort()],
    bytes: code.reduce((sum: number, { contents }: OutputFile) => sum + contents.length, 0),
    sources: inputs.filter((path) => !path.includes('node_modules/')),
    inputs,
    atStart: inputsOf(started),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildFunctions(process.argv[2]);
}
