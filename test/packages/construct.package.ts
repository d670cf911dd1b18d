import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { buildFunctions } from '#functions/build.ts';
import { FUNCTION_NAMES, type FunctionName } from '#functions/shared/function-names.ts';
import { NODES, StrangersFolder, useStrangersFolders } from './installed.ts';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
/** Newer ones have given up how older applications resolve what they import. */
const TYPESCRIPT_5 = 'typescript-5';
const PEERS = ['aws-cdk-lib', 'constructs'];
/** With a bucket of its own, whose name is known only at deployment. */
const SMALL_APP = `const { App, Stack } = require('aws-cdk-lib');
const { Bucket } = require('aws-cdk-lib/aws-s3');
const { FlinkSteward } = require('flink-steward/cdk');
const stack = new Stack(new App(), 'Flink');
new FlinkSteward(stack, 'Steward', { checkpointLocations: [{ bucket: new Bucket(stack, 'State'), prefix: 'flink' }] });
console.log(stack.node.root.synth().stacks.map(({ stackName }) => stackName).join());
`;
const EXAMPLE = join(TOP, 'examples/cdk-app');

const makeFolder = useStrangersFolders();
let app: StrangersFolder;

/** The example of the project, with what it depends on, and this package in place of the published one. */
beforeAll(async () => {
  const path = await mkdtemp(join(tmpdir(), 'flink-steward-stranger-'));
  await cp(EXAMPLE, path, { recursive: true });
  app = new StrangersFolder(path, process.execPath);
  const manifest = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
  delete manifest.dependencies['flink-steward'];
  await app.write('package.json', JSON.stringify(manifest));
  await app.install(inject('tarball'), `${TYPESCRIPT_5}@npm:typescript@5.9.3`);
});

afterAll(async () => {
  await rm(app.path, { recursive: true, force: true });
});

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly Handler?: string; readonly Code?: { readonly S3Key: string } };
}

async function readTemplate(folder: string, stack = 'Flink'): Promise<Readonly<Record<string, Resource>>> {
  return JSON.parse(await readFile(join(app.path, folder, `${stack}.template.json`), 'utf8')).Resources;
}

/** The folder that becomes the code of a function. */
async function assetOf(folder: string, name: string): Promise<string> {
  const found = Object.entries(await readTemplate(folder)).find(
    ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith(`Steward${pascal(name)}Function`),
  );
  const [, resource] = found ?? [];
  const [hash = ''] = resource?.Properties?.Code?.S3Key.split('.') ?? [];
  expect(resource?.Properties?.Handler).toBe('index.handler');
  return join(app.path, folder, `asset.${hash}`);
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

async function synthesise(program: string, folder: string, node = app.node): Promise<void> {
  // As the CDK's command does, which is nothing but Node here.
  execFileSync(node, [program], {
    cwd: app.path,
    env: { CDK_OUTDIR: folder, PATH: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('The construct, installed', () => {
  it('compiles in a strict application that checks the types of its libraries', async () => {
    expect(JSON.parse(await readFile(join(app.path, 'tsconfig.json'), 'utf8')).compilerOptions).toMatchObject({
      strict: true,
      skipLibCheck: false,
      module: 'nodenext',
    });
    expect(await app.runCommand('tsc')).toEqual({ status: 0, out: '', err: '' });
  });

  it.each([
    ['preserve', 'bundler'],
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
  ])('compiles as module %s, resolved as %s, where its source is CommonJS too', async (module, moduleResolution) => {
    // Prepare
    const text = await readFile(join(app.path, 'app.ts'), 'utf8');
    const folder = `as-${module}`;
    const compilerOptions = {
      module,
      moduleResolution,
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: ['node'],
    };
    await app.write(`${folder}/app.cts`, text);
    await app.write(`${folder}/app.mts`, text);
    await app.write(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, files: ['app.cts', 'app.mts'] }));

    // Act
    const ended = await app.runCommand('tsc', '-p', folder);

    // Assess
    expect(ended).toEqual({ status: 0, out: '', err: '' });
  });

  it('compiles in an application as the CDK made them years ago: TypeScript 5, module commonjs', async () => {
    // Prepare
    const compilerOptions = {
      target: 'ES2022',
      module: 'commonjs',
      moduleResolution: 'node10',
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: ['node'],
    };
    await app.write('old/app.ts', await readFile(join(app.path, 'app.ts'), 'utf8'));
    await app.write('old/package.json', '{}');
    await app.write('old/tsconfig.json', JSON.stringify({ compilerOptions, files: ['app.ts'] }));

    // Act
    const ended = await app.runNode(`node_modules/${TYPESCRIPT_5}/bin/tsc`, '-p', 'old');

    // Assess
    expect(ended).toEqual({ status: 0, out: '', err: '' });
  });

  it('refuses a wrong property when it is compiled', async () => {
    await app.write(
      'wrong/app.ts',
      "import { FlinkSteward } from 'flink-steward/cdk';\nexport const Wrong = (s: FlinkSteward) => new FlinkSteward(s, 'X', { configuration: { mode: 'delete' } });\n",
    );
    const compilerOptions = { module: 'nodenext', strict: true, skipLibCheck: false, noEmit: true, types: ['node'] };
    await app.write('wrong/tsconfig.json', JSON.stringify({ compilerOptions, files: ['app.ts'] }));

    const { status, out } = await app.runCommand('tsc', '-p', 'wrong', '--pretty', 'false');

    expect(status).toBe(1);
    expect(out).toMatch(/^wrong\/app\.ts\(2,\d+\): error TS2322: Type '"delete"' is not assignable to type /);
  });

  it.each(NODES)('synthesises with Node %s alone, and gives each function what it needs and no more', async (node) => {
    // Prepare
    await app.runCommand('tsc');
    const folder = `cdk.out-${node.replace(' ', '-')}`;
    const own = join(app.path, `built-for-${folder}`);
    await buildFunctions(own, { maps: false });

    // Act
    await synthesise('dist/app.js', folder, node === '24' ? inject('node24') : process.execPath);

    // Assess: without Slack and shards in its configuration there are no functions for them.
    const deployed = FUNCTION_NAMES.filter(
      (name): name is Exclude<FunctionName, 'notify-slack' | 'states' | 'shards' | 'shard'> =>
        !['notify-slack', 'states', 'shards', 'shard'].includes(name),
    );
    for (const name of deployed) {
      const asset = await assetOf(folder, name);
      const built = join(own, name);
      const files = await readdir(asset);
      expect(files.sort()).toEqual((await readdir(built)).sort());
      for (const file of files) {
        expect(await readFile(join(asset, file), 'latin1')).toBe(await readFile(join(built, file), 'latin1'));
      }
      // The one deleter of a bucket is a file of its own.
      expect(files.some((file) => file.startsWith('s3-deleter-'))).toBe(name === 'sweep');
    }
  });

  it('is one class by import and by require, which synthesise the same', async () => {
    // Prepare
    const body = `const stack = new Stack(new App(), 'Flink');
new FlinkSteward(stack, 'Steward', { configuration: { area: ['s3://my-bucket/flink'] } });
stack.node.root.synth();
`;
    await app.write(
      'by-import.mjs',
      `import { App, Stack } from 'aws-cdk-lib';\nimport { FlinkSteward } from 'flink-steward/cdk';\n${body}`,
    );
    await app.write(
      'by-require.cjs',
      `const { App, Stack } = require('aws-cdk-lib');\nconst { FlinkSteward } = require('flink-steward/cdk');\n${body}`,
    );
    await app.write(
      'same.mjs',
      `import { createRequire } from 'node:module';
import { FlinkSteward } from 'flink-steward/cdk';
console.log(createRequire(import.meta.url)('flink-steward/cdk').FlinkSteward === FlinkSteward);
`,
    );

    // Act
    await synthesise('by-import.mjs', 'by-import');
    await synthesise('by-require.cjs', 'by-require');
    const same = await app.runNode('same.mjs');

    // Assess
    expect(await readTemplate('by-import')).toEqual(await readTemplate('by-require'));
    expect(Object.keys(await readTemplate('by-import')).length).toBeGreaterThan(50);
    expect(same).toEqual({ status: 0, out: 'true\n', err: '' });
  });

  it('synthesises with the oldest CDK that its package takes', async () => {
    // Prepare
    const { peerDependencies } = JSON.parse(await readFile(join(TOP, 'package.json'), 'utf8'));
    const oldest = PEERS.map((name) => `${name}@${peerDependencies[name].replace(/^\^/, '')}`);
    const folder = await makeFolder();
    await folder.install(inject('tarball'), ...oldest);
    await folder.write('app.cjs', SMALL_APP);

    // Act
    const ended = await folder.runNode('app.cjs');

    // Assess
    expect(ended).toEqual({ status: 0, out: 'Flink\n', err: '' });
  });

  it('brings the schema of steward.json, for editors', async () => {
    await app.write(
      'schema.cjs',
      "console.log(require.resolve('flink-steward/package.json').length > 0, require('flink-steward/steward.schema.json').type);\n",
    );
    expect(await app.runNode('schema.cjs')).toEqual({ status: 0, out: 'true object\n', err: '' });
  });
});
