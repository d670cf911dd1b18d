import type { Argument, Command, Option } from 'commander';
import { PRINT_CONFIG } from '../commands/print-config.ts';

/** What can be typed at each place of a command line, read from the program itself, for the scripts of the shells. */

/** What a shell offers for a value: the paths of files, some words, or nothing because only the user knows it. */
export type Offer = 'paths' | 'nothing' | readonly string[];

export interface OptionSyntax {
  /** `--json`, with the short form first where it has one. */
  readonly names: readonly string[];
  readonly description: string;
  /** Null for an option without a value. */
  readonly value: ValueSyntax | null;
}

export interface ValueSyntax {
  /** As the help shows it: `file`. */
  readonly name: string;
  readonly offer: Offer;
  /** Whether several may follow each other. */
  readonly several: boolean;
}

export interface CommandSyntax {
  /** As they are typed behind `steward`; none for the program itself. */
  readonly words: readonly string[];
  readonly description: string;
  /** Those of the commands above it too, since they are understood anywhere in a line. */
  readonly options: readonly OptionSyntax[];
  readonly values: readonly ValueSyntax[];
  readonly commands: readonly CommandSyntax[];
}

/** What the help calls a value that may be a path. A location may also be a bucket, for which shells offer nothing. */
export const PATHS: ReadonlySet<string> = new Set([
  'file',
  'directory',
  'place',
  'location',
  'object',
  'root',
  'root-or-location',
  'job-or-location',
  'plan',
  'event',
]);

/** The value of `help`. */
const COMMAND = 'command';

/** Options of the program that stand in place of a command. */
const ALONE: ReadonlySet<string> = new Set(['--version', '--help', PRINT_CONFIG]);

export function syntaxOf(program: Command): CommandSyntax {
  const syntax = commandSyntax(program, { words: [], options: [], siblings: [] });
  const known = new Set(syntax.options.map(longOf));
  const before = optionsOfMost(syntax).filter((option) => !known.has(longOf(option)));
  return { ...syntax, options: [...syntax.options, ...before] };
}

/** Those that at least half of the commands have: they may stand before the command too. */
function optionsOfMost(program: CommandSyntax): readonly OptionSyntax[] {
  const leaves = withInner(program).filter(({ commands }) => commands.length === 0);
  const counts = new Map<string, { readonly option: OptionSyntax; times: number }>();
  for (const option of leaves.flatMap(({ options }) => options)) {
    const known = counts.get(longOf(option)) ?? { option, times: 0 };
    known.times++;
    counts.set(longOf(option), known);
  }
  return [...counts.values()].filter(({ times }) => times * 2 >= leaves.length).map(({ option }) => option);
}

/** A command and all those below it, the outer ones first. */
export function withInner(command: CommandSyntax): readonly CommandSyntax[] {
  return [command, ...command.commands.flatMap(withInner)];
}

interface Outer {
  readonly words: readonly string[];
  readonly options: readonly OptionSyntax[];
  readonly siblings: readonly string[];
}

function commandSyntax(command: Command, { words, options: outer, siblings }: Outer): CommandSyntax {
  const help = command.createHelp();
  const own = help.visibleOptions(command).map(optionSyntax);
  const commands = help.visibleCommands(command);
  const options = [...own, ...outer.filter((each) => own.every((one) => longOf(one) !== longOf(each)))];
  const passedOn = {
    options: options.filter((option) => !ALONE.has(longOf(option))),
    siblings: commands.map((inner) => inner.name()),
  };
  return {
    words,
    description: command.summary() || command.description(),
    options,
    values: command.registeredArguments.map((argument) => argumentSyntax(argument, siblings)),
    commands: commands.map((inner) => commandSyntax(inner, { ...passedOn, words: [...words, inner.name()] })),
  };
}

function longOf({ names }: OptionSyntax): string {
  return names.at(-1) ?? '';
}

function optionSyntax(option: Option): OptionSyntax {
  const name = /[<[]([\w-]+)/.exec(option.flags)?.[1];
  return {
    names: [option.short, option.long].flatMap((each) => each ?? []),
    description: option.description,
    value: name === undefined ? null : { name, offer: option.argChoices ?? offerFor(name), several: option.variadic },
  };
}

function argumentSyntax(argument: Argument, commands: readonly string[]): ValueSyntax {
  const name = argument.name();
  return {
    name,
    offer: argument.argChoices ?? (name === COMMAND ? commands : offerFor(name)),
    // What may follow a command after help depends on that command; most take none.
    several: argument.variadic && name !== COMMAND,
  };
}

function offerFor(name: string): Offer {
  return PATHS.has(name) ? 'paths' : 'nothing';
}
