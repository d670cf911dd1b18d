import type { Command } from 'commander';
import { closest, distance } from 'fastest-levenshtein';

/** Replaces commander's own `help`, which prints the list of all commands for an unknown one, without any error. */
export function addHelp(program: Command): void {
  program
    .command('help')
    .summary('show how to use a command')
    .description('Shows how to use a command, like COMMAND --help.')
    .argument('[command]')
    .helpOption(false)
    .action((name: string | undefined) => {
      if (name === undefined) {
        program.help();
      }
      const known = program.commands.find((command) => command.name() === name);
      if (known !== undefined) {
        known.help();
      }
      const nearest = closest(
        name,
        program.commands.map((command) => command.name()),
      );
      const suggestion = distance(name, nearest) <= name.length / 2 ? `\n(Did you mean ${nearest}?)` : '';
      program.error(`error: unknown command '${name}'${suggestion}`, { code: 'commander.unknownCommand' });
    });
}
