import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { type Bundle, buildFunctions } from '#functions/build.ts';
import { BUNDLES } from '#functions/shared/bundles-folder.ts';
import { SHARED_BUNDLES, type SharedBundles } from '#functions/shared/shared-bundles.ts';
import { writeDeclarations } from './declarations.ts';

/** Builds what `flink-steward/cdk` is, so that nothing is left to build where it is installed. */

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../dist/cdk', import.meta.url));
/** Beside the compiled construct. */
const FUNCTIONS = 'functions';

/** @returns what it and the bundles in it are made of, as paths from the top of the project. */
export async function buildConstruct(): Promise<readonly string[]> {
  await rm(FOLDER, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: TOP,
    entryPoints: ['infra/index.ts'],
    // CommonJS, as the CDK is, so that `require` and `import` both load it, and one copy of the CDK.
    outfile: join(FOLDER, 'index.cjs'),
    format: 'cjs',
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node20.19',
    // One of the packages in it can be bundled as an ES module only.
    mainFields: ['module', 'main'],
    external: ['aws-cdk-lib', 'constructs'],
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    plugins: [ownBundles()],
    logLevel: 'warning',
  });
  await writeDeclarations('infra/index.ts', FOLDER);
  const bundles = await buildFunctions(BUNDLES, { maps: false });
  await share(bundles, join(FOLDER, FUNCTIONS));
  return [...Object.keys(metafile.inputs), ...bundles.flatMap(({ inputs }) => inputs)];
}

/** Replaces the module that says where the bundles of a checkout are. */
function ownBundles(): Plugin {
  return {
    name: 'own-bundles',
    setup({ onLoad }) {
      onLoad({ filter: /[/\\]functions[/\\]shared[/\\]bundles-folder\.ts$/ }, () => ({
        contents: `export const BUNDLES = require('node:path').join(__dirname, ${JSON.stringify(FUNCTIONS)});`,
        loader: 'js',
      }));
    },
  };
}

async function share(bundles: readonly Bundle[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const shared: Record<string, Record<string, string>> = {};
  for (const { name, files } of bundles) {
    const named = files.map((file) => [file, file === 'index.mjs' ? `${name}.mjs` : file] as const);
    // The other names end in a hash of the contents.
    await Promise.all(named.map(([from, to]) => copyFile(join(BUNDLES, name, from), join(folder, to))));
    shared[name] = Object.fromEntries(named);
  }
  await writeFile(join(folder, SHARED_BUNDLES), JSON.stringify(shared satisfies SharedBundles));
}
