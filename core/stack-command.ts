import { shellWord } from './shell-word.ts';

/** Where a deployment is asked. */
export interface AskedStack {
  /** Name of its stack; null where it is not known: then whoever pastes the command has set STEWARD_STACK. */
  readonly stack: string | null;
  /** Such as `eu-central-1`; null for the one that whoever pastes the command has set. */
  readonly region: string | null;
}

/** The command that asks a deployment, to be pasted. @param words the command and its arguments. */
export function stackCommand({ stack, region }: AskedStack, words: readonly string[]): string {
  return [
    'steward',
    ...(stack === null ? [] : ['--stack', stack]),
    ...words,
    ...(region === null ? [] : ['--region', region]),
  ]
    .map(shellWord)
    .join(' ');
}
