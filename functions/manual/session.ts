import { Buffer } from 'node:buffer';
import type { Deadline } from '#functions/shared/deadline.ts';
import { manualCommand } from '#functions/shared/manual-command.ts';
import type { DeployedSteward } from '#functions/shared/open-steward.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import type { Action } from './actions.ts';

/** One question to `manual`: what every action works with. */
export interface Session {
  readonly steward: DeployedSteward;
  readonly runtime: Runtime;
  readonly deadline: Deadline;
}

/** Something about what was asked, as a sentence. */
export class AskedError extends Error {
  override readonly name = 'AskedError';
}

/** Leaves what is too long for an answer in the ledger. @returns where. */
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

/** The command that asks for an action, to be copied. */
export function next({ runtime }: Pick<Session, 'runtime'>, event: Action): string {
  return manualCommand(runtime, event);
}
