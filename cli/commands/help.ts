import type { Command } from 'commander';
import { closest, distance } from 'fastest-levenshtein';

/** Replaces commander's own `help`, which prints the list of all commands for an unknown one, without any error. */
export function addHelp(program: Command): void {
  program
    .command('help')
    .summary('show how to use a command')
    .description('Shows how to use a command, like COMMAND --help.')
    .argument('[command...]')
    .helpOption(false)
    .action((words: readonly string[]) => {
      named(program, words).help();
    });
}

/** The command of these words, such as `rules check`. Ends as wrong usage where there is none. */
function named(outer: Command, [name, ...rest]: readonly string[]): Command {
  if (name === undefined) return outer;
  const known = outer.commands.find((command) => command.name() === name);
  if (known !== undefined) return named(known, rest);
  const names = outer.commands.map((command) => command.name());
  // Where a command has no others below it, nothing is near.
  const nearest = names.length === 0 ? undefined : closest(name, names);
  const isNear = nearest !== undefined && distance(name, nearest) <= name.length / 2;
  const suggestion = isNear ? `\n(Did you mean ${nearest}?)` : '';
  return outer.error(`error: unknown command '${name}'${suggestion}`, { code: 'commander.unknownCommand' });
}
