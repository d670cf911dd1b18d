import type { Command } from 'commander';
import { refuseEmptyTexts } from './empty-texts.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { settleFormat } from './output-format.ts';
import { stackFor } from './stack/askable.ts';
import { applyVariables, type GivenByVariable, givenByVariables } from './variables.ts';

/**
 * Settles what a command is given beside its own options: the form of its answer, and the stack that it asks, or else what
 * variables say of its area.
 *
 * @param typedStack the value of `--stack`.
 * @returns the options that variables give.
 * @throws UsageError where options or variables contradict each other, or have a wrong value.
 */
export function settleOptions(
  command: Command,
  typedStack: string | undefined,
  environment: NonNullable<Io['environment']>,
): readonly GivenByVariable[] {
  settleFormat(command);
  refuseEmptyTexts(command);
  const stack = stackFor(command, typedStack, environment.STEWARD_STACK);
  const given = givenByVariables(command, environment);
  if (stack === undefined) {
    applyVariables(command, given);
    return given;
  }
  const [other] = given;
  // A typed --stack is meant. Of two variables, one may have been forgotten, and a pause must reach the right area.
  if (typedStack === undefined && other !== undefined) {
    throw new UsageError(
      `STEWARD_STACK asks a deployment, which has its own area, ledger and configuration, but ${other.variable} is set too. Nothing was done. Unset one of them, or type --stack ${stack} or the locations.`,
    );
  }
  command.setOptionValue('stack', stack);
  return [];
}
