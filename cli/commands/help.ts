import type { Command } from 'commander';
import { closest, distance } from 'fastest-levenshtein';

/** In place of commander's own, which answers a command that it does not know with the list of all, and no word why. */
export function addHelp(program: Command): void {
  program
    .command('help')
    .summary('how a command is used')
    .description('Says how a command is used: the same as COMMAND --help.')
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
      const meant = distance(name, nearest) <= name.length / 2 ? `\n(Did you mean ${nearest}?)` : '';
      program.error(`error: unknown command '${name}'${meant}`, { code: 'commander.unknownCommand' });
    });
}
