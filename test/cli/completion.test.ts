import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PATHS, syntaxOf, withInner } from '#cli/completion/syntax.ts';
import { BREAKERS } from '#core/collect/breakers.ts';
import { commandNames, leafCommands, programFor } from '#test/docs/doc-commands.ts';
import { type Tree, useTempDirectories } from '#test/support/temp-directory.ts';
import { hasProgram, offeredByBash, offeredByZsh, typedInBash } from './shells.ts';
import { steward } from './steward.ts';

/** What the help calls values that are no paths. */
const NO_PATHS = [
  'name',
  'url',
  'time',
  'duration',
  'text',
  'job',
  'run',
  'number',
  'etag',
  'breaker',
  'level',
  'shell',
  'command',
  'format',
  'column',
];

/** What both shells offer at the end of a line, whatever files there are. */
const OFFERED: Readonly<Record<string, readonly string[]>> = {
  'steward ': [...commandNames()].sort(),
  'steward ap': ['apply'],
  'steward audit --html': ['--html'],
  'steward audit s3://my-bucket/flink --htm': ['--html'],
  'steward audit --config=a.json --htm': ['--html'],
  'steward --stack FlinkSteward aud': ['audit'],
  'steward audit --stac': ['--stack'],
  'steward --log-level in': ['info'],
  'steward --ledger s3://my-ledger aud': ['audit'],
  'steward --js': ['--json'],
  'steward collect --accept ': [...BREAKERS].sort(),
  'steward collect --accept too-much no-r': ['no-roots'],
  'steward collect --accept=no-r': ['no-roots'],
  'steward rules ': ['check', 'help', 'lint'],
  'steward rules check --life': ['--lifecycle'],
  'steward plan --format ': ['csv', 'json', 'text'],
  'steward plan --sort r': ['rule'],
  'steward completion ': ['bash', 'zsh'],
  'steward help restore': ['restore-points'],
  'steward audit s3://my-b': [],
  'steward undo ': [],
  'steward pin --why ': [],
  'steward audit --now ': [],
};
const LINES = Object.keys(OFFERED);

const tempDirectory = useTempDirectories();

/** Both scripts, and a folder with that tree. */
async function scripts(tree: Tree = {}) {
  const folder = await tempDirectory(tree);
  const at = { bash: join(await tempDirectory(), 'steward.bash'), zsh: await tempDirectory() };
  writeFileSync(at.bash, (await steward('/', ['completion', 'bash'])).out);
  writeFileSync(join(at.zsh, '_steward'), (await steward('/', ['completion', 'zsh'])).out);
  return { folder, ...at };
}

function missing(shell: string): string {
  return `is not tried in ${shell}, because there is none on this machine`;
}

describe('The program', () => {
  it('calls each value by a word of which it is known whether it may be a path', () => {
    const values = withInner(syntaxOf(programFor([]))).flatMap(({ options, values }) => [
      ...values.map(({ name }) => name),
      ...options.flatMap(({ value }) => value?.name ?? []),
    ]);
    expect([...new Set(values)].filter((name) => !PATHS.has(name) && !NO_PATHS.includes(name))).toEqual([]);
  });
});

describe('The script for bash', () => {
  it.runIf(hasProgram('bash'))('completes commands, options and their values', async () => {
    const { bash } = await scripts();
    expect(offeredByBash(bash, LINES)).toEqual(OFFERED);
    expect(offeredByBash(bash, ['steward help rules '])).toEqual({ 'steward help rules ': [] });
  });

  it.runIf(hasProgram('bash'))('offers every option of every command', async () => {
    const { bash } = await scripts();
    const options = [...leafCommands()].map(
      ([name, command]) =>
        [
          `steward ${name} --`,
          command.options.flatMap(({ long, hidden }) => (long !== undefined && !hidden ? [long] : [])),
        ] as const,
    );
    const offered = offeredByBash(
      bash,
      options.map(([line]) => line),
    );
    expect(options.filter(([line, own]) => own.some((option) => !offered[line]?.includes(option)))).toEqual([]);
  });

  // The script of other systems takes other options.
  it.runIf(hasProgram('bash') && hasProgram('script') && process.platform === 'linux')(
    'completes paths where one is taken',
    async () => {
      const { bash, folder } = await scripts({ 'my checks/chk-7/_metadata': 'x', 'plan.ndjson': '' });

      const shown = typedInBash(bash, folder, [
        'steward pin my\tch\t',
        'steward apply pl\t',
        'steward audit --config=pl\t',
        'steward audit --html pl\t',
        'steward undo pl\t',
        'steward audit s3://u\t',
      ]);

      expect(shown.split('\n').filter((line) => line.startsWith('<'))).toEqual([
        '<pin><my checks/chk-7/>',
        '<apply><plan.ndjson>',
        '<audit><--config=plan.ndjson>',
        '<audit><--html><plan.ndjson>',
        '<undo><pl>',
        '<audit><s3://u>',
      ]);
    },
  );

  it.runIf(!hasProgram('bash'))(missing('bash'), () => undefined);
});

describe('The script for zsh', () => {
  it.runIf(hasProgram('zsh'))('completes commands, options, their values, and paths', async () => {
    const { zsh, folder } = await scripts({ 'copy/a.txt': '', 'plan.ndjson': '' });
    const paths = {
      'steward pin co': ['copy'],
      'steward apply pl': ['plan.ndjson'],
      'steward audit --config=pl': ['plan.ndjson'],
    };
    expect(offeredByZsh(zsh, folder, [...LINES, ...Object.keys(paths)])).toEqual({ ...OFFERED, ...paths });
  });

  it.runIf(!hasProgram('zsh'))(missing('zsh'), () => undefined);
});

describe('A shell that there is no script for', () => {
  it('is refused, with those that there are', async () => {
    const { status, out, err } = await steward('/', ['completion', 'fish']);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(
      "command-argument value 'fish' is invalid for argument 'shell'. Allowed choices are bash, zsh.",
    );
  });
});
