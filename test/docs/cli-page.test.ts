import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { leafCommands, optionsOfAll } from './doc-commands.ts';
import { textOf } from './doc-script.ts';

const PAGE = textOf('docs/cli.md');
/** By the words behind `steward`: `rules check`. */
const SECTIONS = new Map(
  PAGE.split(/^#{2,3} /m).flatMap((section) => {
    const words = /^`steward ([a-z- ]+?)(?: [A-Z[-][^`]*)?`\n/.exec(section)?.[1];
    return words === undefined ? [] : [[words.trim(), section] as const];
  }),
);
const COMMANDS = leafCommands();
const COMMON = optionsOfAll();

function ownOptions(command: Command): readonly string[] {
  const acting = ['--execute', '--dry-run', '--yes'];
  return command.options.flatMap(({ long }) => (long && !COMMON.has(long) && !acting.includes(long) ? [long] : []));
}

describe('docs/cli.md', () => {
  it('has a section for each command, and no others', () => {
    expect([...SECTIONS.keys()].sort()).toEqual([...COMMANDS.keys()].sort());
  });

  it.each([...COMMANDS])('names the options of its own that steward %s has', (name, command) => {
    const section = SECTIONS.get(name) ?? '';
    const missing = ownOptions(command).filter((option) => !section.includes(`${option}`));
    expect(missing).toEqual([]);
  });

  it('names all options that many commands have', () => {
    const table = PAGE.slice(PAGE.indexOf('## Options of all commands'), PAGE.indexOf('## Collecting'));
    expect([...COMMON].filter((option) => !table.includes(`\`${option}`))).toEqual([]);
  });
});
