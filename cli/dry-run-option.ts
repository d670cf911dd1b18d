import { type Command, Option } from 'commander';

const FLAG = '--dry-run';

/** For those who type it from habit: without `--execute`, nothing is changed anyway. */
export function dryRunOption(): Option {
  return new Option(FLAG, 'change nothing: this is the default').conflicts('execute');
}

/** By name. A probe writes in any case, and the others are asked about nothing that could be changed. */
const WITHOUT: ReadonlySet<string> = new Set(['probe', 'completion', 'help']);

/** Lets the commands that delete nothing take it too, for scripts that type it everywhere. */
export function acceptDryRun(command: Command): void {
  for (const inner of command.commands) acceptDryRun(inner);
  const isKnown = command.options.some(({ long }) => long === FLAG);
  if (command.commands.length > 0 || isKnown || WITHOUT.has(command.name())) return;
  const option = new Option(FLAG).hideHelp();
  command.addOption(command.name() === 'init' ? option.implies({ print: true }) : option);
}
