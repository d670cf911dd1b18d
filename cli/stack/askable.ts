import type { Command } from 'commander';
import { UsageError } from '../errors.ts';

/** Which commands a deployment can be asked, and with which options: each declares it where it is declared itself. */

export interface Askable {
  /** How many words come before the locations, of which a deployment takes none. @default 0 */
  readonly words?: number;
  /** The command's own options that a deployment understands, by their attribute: `dryRun`. @default none */
  readonly options?: readonly string[];
}

/** What every such command takes besides. */
const ALWAYS = ['stack', 'region', 'json', 'format', 'debug', 'color', 'quiet', 'verbose', 'logLevel', 'dryRun', 'yes'];

const declared = new WeakMap<Command, Askable>();

/** Declares that a deployment can be asked the same. */
export function askable(command: Command, asked: Askable = {}): Command {
  declared.set(command, asked);
  return command.addHelpText('after', '\n--stack NAME (or STEWARD_STACK) asks a deployment, in place of locations.');
}

/**
 * The stack that a command asks; undefined where it works on locations itself.
 *
 * @param typed the value of `--stack`.
 * @param usual the stack in STEWARD_STACK, which counts only where nothing else says what is meant.
 * @throws UsageError for `--stack` with what a deployment does not understand.
 */
export function stackFor(command: Command, typed: string | undefined, usual: string | undefined): string | undefined {
  const asked = declared.get(command);
  const local = asked === undefined ? [] : localParts(command, asked);
  if (typed === undefined) {
    return asked === undefined || local.length > 0 || usual === '' ? undefined : usual;
  }
  const name = nameOf(command);
  if (typed === '') {
    throw new UsageError('--stack is an empty text (an unset variable?). Give the name of a stack.');
  }
  if (asked === undefined) {
    const instead = name === 'collect' ? ' Ask for a plan, and execute it: plan, then apply.' : '';
    throw new UsageError(`A deployment can't be asked for "${name}", so --stack has no meaning there.${instead}`);
  }
  if (local.length > 0) {
    throw new UsageError(
      `--stack ${typed} asks a deployment, which has its own area, ledger and configuration. Leave out ${local.join(', ')}, or --stack.`,
    );
  }
  return typed;
}

/** What was typed that only a command on this machine understands. */
function localParts(command: Command, { words = 0, options = [] }: Askable): readonly string[] {
  const known = new Set([...ALWAYS, ...options]);
  const own = command.options.filter(
    (option) => !known.has(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  return [...command.args.slice(words), ...own.map(({ long }) => long ?? '')];
}

function nameOf(command: Command): string {
  const parent = command.parent?.parent === null ? undefined : command.parent?.name();
  return parent === undefined ? command.name() : `${parent} ${command.name()}`;
}
