import { Buffer } from 'node:buffer';
import type { Deadline } from '#functions/shared/deadline.ts';
import { manualCommand } from '#functions/shared/manual-command.ts';
import type { DeployedSteward } from '#functions/shared/open-steward.ts';
import type { Host } from '#functions/shared/runtime.ts';
import type { Action } from './actions.ts';

/** One question to `manual`: what every action works with. */
export interface Session {
  readonly steward: DeployedSteward;
  readonly host: Host;
  readonly deadline: Deadline;
}

/** Something about what was asked, as a sentence. */
export class AskedError extends Error {
  override readonly name = 'AskedError';
}

/** Leaves what is too long for an answer in the ledger. @returns where. */
export async function leave({ steward, host }: Session, action: Action['action'], document: unknown): Promise<string> {
  const time = new Date(host.clock()).toISOString().replace(/[-:]/g, '');
  const path = `results/${time}-${action}.json`;
  await steward.ledger.writeFile(path, Buffer.from(`${JSON.stringify(document, null, 1)}\n`));
  return `${steward.ledger.name}/${path}`;
}

/** The command that asks for an action, to be copied. */
export function next({ host }: Pick<Session, 'host'>, event: Action): string {
  return manualCommand(host, event);
}
