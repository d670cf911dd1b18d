import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { commandFirst } from '#cli/command-first.ts';
import { buildProgram } from '#cli/program.ts';
import { leafCommands } from '#test/docs/doc-commands.ts';

const PROGRAM = buildProgram(
  [],
  { cwd: '/', clock: () => 0, columns: 80, colors: pc.createColors(false), out: () => {}, err: () => {} },
  () => {},
);

function ordered(line: string): string {
  return commandFirst(line.split(' '), PROGRAM).join(' ');
}

describe('Options before the command', () => {
  it.each([
    ['--json audit x', 'audit --json x'],
    ['--ledger l --path-style collect x --execute', 'collect --ledger l --path-style x --execute'],
    ['--ledger=l collect x', 'collect --ledger=l x'],
    ['--stack s --json rules check', 'rules check --stack s --json'],
    ['--json rules --region r check x', 'rules check --json --region r x'],
    ['rules check x --json', 'rules check x --json'],
    ['--json help audit', 'help --json audit'],
    ['-q --log-level debug --version', '--version'],
    ['--json rules --help', 'rules --help'],
    ['--json', ''],
    ['--json rules', 'rules'],
    ['--json nosuch audit', 'nosuch audit --json'],
  ])('are taken as behind it: %s', (typed, expected) => {
    expect(ordered(typed)).toBe(expected);
  });

  it.each(['--jsn audit x', 'audti --json', '--accept no-roots collect'])(
    'stay where commander says what is wrong: %s',
    (typed) => {
      expect(ordered(typed)).toBe(typed);
    },
  );

  it('take a value in all commands or in none, so that the command can be found behind them', () => {
    const kinds = new Map<string, Set<boolean>>();
    for (const { short, long, required } of [...leafCommands().values()].flatMap(({ options }) => options)) {
      for (const flag of [short, long]) {
        if (flag) kinds.set(flag, (kinds.get(flag) ?? new Set()).add(required));
      }
    }
    expect([...kinds].filter(([, takes]) => takes.size > 1)).toEqual([]);
  });
});
