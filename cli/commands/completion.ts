import { Argument, type Command } from 'commander';
import { bashScript } from '../completion/bash.ts';
import { type CommandSyntax, syntaxOf } from '../completion/syntax.ts';
import { zshScript } from '../completion/zsh.ts';
import { STATUS, type Status } from '../errors.ts';
import type { Io } from '../io.ts';

const SCRIPTS: ReadonlyMap<string, (program: CommandSyntax) => string> = new Map([
  ['bash', bashScript],
  ['zsh', zshScript],
]);

export function addCompletion(program: Command, io: Io, finish: (status: Status) => void): void {
  program
    .command('completion')
    .summary('print a script with which bash or zsh completes commands')
    .description(
      'Prints a script with which the shell completes commands, options, their values, and paths. The script starts no process while you type. Print it again after you update the steward.',
    )
    .addArgument(new Argument('<shell>', 'the shell that reads the script').choices([...SCRIPTS.keys()]))
    .addHelpText(
      'after',
      `
For bash, add this line to ~/.bashrc:
  source <(steward completion bash)

For zsh, add this line to ~/.zshrc, below compinit:
  source <(steward completion zsh)

Examples:
  steward completion bash > ~/.local/share/bash-completion/completions/steward
  steward completion zsh > "\${fpath[1]}/_steward"`,
    )
    .action((shell: string) => {
      io.out(SCRIPTS.get(shell)?.(syntaxOf(program)) ?? '');
      finish(STATUS.well);
    });
}
