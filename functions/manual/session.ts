import { Buffer } from 'node:buffer';
import type { Deadline } from '#functions/shared/deadline.ts';
import { manualCommand } from '#functions/shared/manual-command.ts';
import type { DeployedSteward } from '#functions/shared/open-steward.ts';
import type { ManualRuntime } from '#functions/shared/runtime.ts';
import type { Action } from './actions.ts';

/** One invocation of `manual`: everything that an action needs. */
export interface Session {
  readonly steward: DeployedSteward;
  readonly runtime: ManualRuntime;
  readonly deadline: Deadline;
  /** When it began, epoch milliseconds. */
  readonly began: number;
  /** Whether the command line asks, which prints more than an answer has. */
  readonly isWhole: boolean;
}

/** The event asks for something that is not possible. The message is a sentence for the answer. */
export class AskedError extends Error {
  override readonly name = 'AskedError';
}

/** Writes a result that is too long for an answer into the ledger. @returns its path. */
export async function leave(
  { steward, runtime }: Session,
  action: Action['action'],
  document: unknown,
): Promise<string> {
  const time = new Date(runtime.clock()).toISOString().replace(/[-:]/g, '');
  const path = `results/${time}-${action}.json`;
  await steward.ledger.writeFile(path, Buffer.from(`${JSON.stringify(document, null, 1)}\n`));
  return `${steward.ledger.name}/${path}`;
}

/** The command that invokes `manual` with an action, to be copied. */
export function next({ runtime }: Pick<Session, 'runtime'>, event: Action): string {
  return manualCommand(runtime, event);
}
