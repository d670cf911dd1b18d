import type { CommanderError } from 'commander';

/** Where a person finds what a command asks for, by the words of the command. */
const FOUND_BY: ReadonlyMap<string, string> = new Map([
  ['undo', 'To list the runs: steward history'],
  ['explain', 'To write all objects with their verdicts: steward plan --verdicts verdicts.ndjson'],
  ['apply', 'To write a plan: steward plan --out plan.ndjson'],
  ['unpin', 'To list the pins: steward status'],
  ['completion', 'Write bash or zsh: steward completion bash'],
  ['inspect', 'To list the checkpoints and savepoints to start from: steward restore-points'],
]);

/** The command that finds what is missing; null where nothing is, or there is none. */
export function findsMissing({ code }: CommanderError, command: string | undefined): string | null {
  return code === 'commander.missingArgument' ? (FOUND_BY.get(command ?? '') ?? null) : null;
}
