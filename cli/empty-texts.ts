import type { Command } from 'commander';
import { UsageError } from './errors.ts';

/** Their own checks say more. */
const CHECKED_ELSEWHERE: ReadonlySet<string> = new Set([
  'object',
  'location',
  'out',
  'verdicts',
  'html',
  'openmetrics',
  'ledger',
]);

/** A pause is not refused for want of a reason. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['why']);

/** Refuses what is an empty text because a variable of the shell was not set: it would name nothing, or the wrong thing. @throws UsageError */
export function refuseEmptyTexts(command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValue(name) !== '' || CHECKED_ELSEWHERE.has(name) || MAY_BE_EMPTY.has(name)) continue;
    throw new UsageError(
      `${option.long} is an empty text (an unset variable?). Give its value, or leave the option out.`,
    );
  }
  for (const [at, { name }] of command.registeredArguments.map((each) => ({ name: each.name() })).entries()) {
    if (command.args[at] !== '' || CHECKED_ELSEWHERE.has(name)) continue;
    throw new UsageError(
      `The argument '${name}' is an empty text (an unset variable?). Give its value. Nothing was done.`,
    );
  }
}
