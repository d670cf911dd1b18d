import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildCommand } from '#cli/build.ts';
import { steward } from '#test/cli/steward.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const TOP = new URL('../../', import.meta.url);
const makeDirectory = useTempDirectories();
const read = (file: string): Promise<string> => readFile(new URL(file, TOP), 'utf8');

const rules = (name: string) =>
  JSON.stringify({
    Bucket: name,
    LifecycleConfiguration: {
      Rules: [{ ID: 'week', Status: 'Enabled', Filter: { Prefix: 'flink/' }, Expiration: { Days: 7 } }],
    },
  });

/** The folder of the bundle. */
let built: Promise<string>;
beforeAll(() => {
  built = bundle();
});
afterAll(async () => {
  await rm(await built, { recursive: true, force: true });
});

async function bundle(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'flink-steward-'));
  await buildCommand(join(folder, 'steward.mjs'), { maps: false });
  return folder;
}

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the script of the action as GitHub does, with a bundle built into a copy of its checkout. */
async function runAction(cwd: string, inputs: Readonly<Record<string, string>>): Promise<Ran> {
  const checkout = join(cwd, 'checkout');
  await mkdir(join(checkout, 'tools/action'), { recursive: true });
  await mkdir(join(checkout, 'dist/cli'), { recursive: true });
  await copyFile(fileURLToPath(new URL('tools/action/lint.sh', TOP)), join(checkout, 'tools/action/lint.sh'));
  await copyFile(join(await built, 'steward.mjs'), join(checkout, 'dist/cli/steward.mjs'));
  const action = parse(await read('action.yml'));
  const [step] = action.runs.steps;
  const given = Object.fromEntries(
    Object.entries<string>(step.env).map(([name, value]) => {
      const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1] ?? '';
      return [name, inputs[input] ?? action.inputs[input].default ?? ''];
    }),
  );
  const env = {
    PATH: process.env.PATH,
    ...given,
    GITHUB_ACTION_PATH: checkout,
    GITHUB_OUTPUT: join(cwd, 'output'),
    GITHUB_STEP_SUMMARY: join(cwd, 'summary'),
  };
  return await new Promise((resolve) => {
    execFile('bash', ['--norc', '-c', step.run], { cwd, env }, (error, out, err) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

describe('The action', () => {
  it('lints the files that its patterns match, and leaves report, status and SARIF', async () => {
    // Prepare
    const cwd = await makeDirectory({ 'infra/a b/rules.json': rules('checkpoints'), 'site.json': rules('website') });

    // Act
    const ran = await runAction(cwd, {
      files: ' infra/**/*.json\n\nsite.json\n',
      flink: 's3://checkpoints/flink\n',
      sarif: 'lint.sarif',
    });

    // Assess
    expect({ status: ran.status, err: ran.err }).toEqual({ status: 1, err: '' });
    expect(ran.out).toContain('Lifecycle rules in infra/a b/rules.json (lifecycle configuration)');
    expect(ran.out).toContain('\n1 rule takes Flink state.\n');
    expect(await readFile(join(cwd, 'output'), 'utf8')).toBe('status=1\n');
    expect(await readFile(join(cwd, 'summary'), 'utf8')).toContain(`\`\`\`\n${ran.out}\`\`\`\n`);
    expect(JSON.parse(await readFile(join(cwd, 'lint.sarif'), 'utf8'))).toMatchObject({
      runs: [
        {
          results: [
            {
              ruleId: 'flink-state-taken',
              locations: [{ physicalLocation: { artifactLocation: { uri: 'infra/a%20b/rules.json' } } }],
            },
          ],
        },
      ],
    });
  });

  it('passes where nothing is found, and fails where a pattern matches nothing', async () => {
    const cwd = await makeDirectory({ 'site.json': rules('website').replace('flink/', '') });

    const well = await runAction(cwd, { files: 'site.json' });
    const none = await runAction(cwd, { files: 'site.json\ninfra/*.json' });

    expect(well.status).toBe(0);
    expect(none).toEqual({
      status: 2,
      out: '',
      err: '::error::No file matches infra/*.json. Correct the input files.\n',
    });
  });

  it('is used by the example with inputs that it has', async () => {
    const action = parse(await read('action.yml'));
    const { jobs } = parse(await read('examples/lint/pull-request.yml'));
    const { version } = JSON.parse(await read('package.json'));
    const step = jobs.lint.steps.find(({ uses }: { uses: string }) => uses.startsWith('flink-steward/'));

    expect(step.uses).toBe(`flink-steward/flink-steward@v${version}`);
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step.with)));
  });
});

describe('The hook of pre-commit', () => {
  it('runs a command on files that it is given, with the arguments of the example', async () => {
    // Prepare
    const [hook] = parse(await read('.pre-commit-hooks.yaml'));
    const { repos } = parse(await read('examples/lint/pre-commit-config.yaml'));
    const { version } = JSON.parse(await read('package.json'));
    const cwd = await makeDirectory({ 'lifecycle.json': rules('my-bucket'), 'plan.yaml': 'a: 1\n' });

    // Act
    const [npx, yes, packed, ...words] = hook.entry.split(' ');
    const ran = await steward(cwd, [...words, ...repos[0].hooks[0].args, 'lifecycle.json', 'plan.yaml']);

    // Assess
    expect([npx, yes, packed]).toEqual(['npx', '--yes', `flink-steward@${version}`]);
    expect(repos[0]).toMatchObject({ rev: `v${version}`, hooks: [{ id: hook.id }] });
    expect(ran.status).toBe(1);
    expect(ran.out).toContain('\nWithout lifecycle rules: plan.yaml.\n');
    const matches = (file: string): boolean => new RegExp(hook.files.replace('(?i)', ''), 'i').test(file);
    expect(['infra/Template.yaml', 'my-stack.json', 'package.json'].map(matches)).toEqual([true, true, false]);
  });
});
