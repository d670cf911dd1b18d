import { type Command, InvalidArgumentError, type Option } from 'commander';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';

/**
 * Variables of the environment that stand for an option where it is not typed. Commander knows such variables too, but
 * reads them from the process itself, of which a command here sees only its `Io`.
 */
export const VARIABLES: Readonly<Record<string, string>> = {
  config: 'STEWARD_CONFIG',
  ledger: 'STEWARD_LEDGER',
  endpoint: 'STEWARD_ENDPOINT',
  pathStyle: 'STEWARD_PATH_STYLE',
};

/** An option that a variable gives. */
export interface GivenByVariable {
  readonly option: Option;
  readonly variable: string;
  readonly value: string;
}

/** The options of a command that are not typed, and that a variable gives. An empty variable counts as not set. */
export function givenByVariables(
  command: Command,
  environment: NonNullable<Io['environment']>,
): readonly GivenByVariable[] {
  return command.options.flatMap((option) => {
    const name = option.attributeName();
    const variable = VARIABLES[name];
    const value = variable === undefined ? undefined : environment[variable];
    const isTyped = command.getOptionValueSource(name) === 'cli';
    return variable === undefined || value === undefined || value === '' || isTyped
      ? []
      : [{ option, variable, value }];
  });
}

/** Sets those options, as if they were typed. @throws UsageError for a value that the option does not take */
export function applyVariables(command: Command, given: readonly GivenByVariable[]): void {
  for (const each of given) {
    const value = each.option.isBoolean() ? switchOf(each) : textOf(each);
    command.setOptionValueWithSource(each.option.attributeName(), value, 'env');
  }
}

function textOf({ option, variable, value }: GivenByVariable): unknown {
  try {
    return option.parseArg === undefined ? value : option.parseArg(value, undefined);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new UsageError(`${variable} is '${value}'. ${error.message}`, { cause: error });
  }
}

function switchOf({ variable, value }: GivenByVariable): true | undefined {
  if (/^(?:1|true)$/i.test(value)) return true;
  if (/^(?:0|false)$/i.test(value)) return undefined;
  throw new UsageError(`${variable} is '${value}'. Write true or false.`);
}

/** Which variables a sentence about a wrong value is about: people look for an option that they did not type. */
export function sayVariables(sentence: string, given: readonly GivenByVariable[]): string {
  const meant = given.filter(
    ({ option, variable, value }) =>
      !sentence.includes(variable) && (sentence.includes(value) || sentence.includes(option.long ?? variable)),
  );
  return [sentence, ...meant.map(({ option, variable }) => `${option.long} comes from the variable ${variable}.`)].join(
    ' ',
  );
}
