import { Buffer } from 'node:buffer';
import { judgeAll, type Verdicts } from '#core/collect/judge.ts';
import { type Totals, tally } from '#core/collect/totals.ts';
import type { Deadline } from '#functions/shared/deadline.ts';
import { manualCommand } from '#functions/shared/manual-command.ts';
import type { Steward } from '#functions/shared/open-steward.ts';
import type { Host } from '#functions/shared/runtime.ts';
import { openLedger } from '#operations/ledger/ledger.ts';
import { type LedgerState, readState } from '#operations/ledger/state.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { Action } from './actions.ts';

/** What every action works with. */
export interface Desk {
  readonly steward: Steward;
  readonly host: Host;
  readonly deadline: Deadline;
}

/** Something about what was asked, as a sentence. */
export class AskedError extends Error {
  override readonly name = 'AskedError';
}

export interface Look {
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  readonly totals: Totals;
  readonly notes: readonly string[];
}

/** Surveys and judges the area. Counts as no run, and changes nothing. */
export async function look({ steward, deadline }: Desk): Promise<Look> {
  const { input, ledger } = steward;
  const { survey, lost } = await rememberedSurvey(ledger, { ...input, signal: deadline.soft }, false);
  const verdicts = judgeAll(survey);
  return { survey, verdicts, totals: tally(survey, verdicts), notes: lost };
}

/** @throws AskedError where there is no ledger yet. */
export async function stateOf({ steward }: Desk): Promise<LedgerState> {
  if ((await openLedger(steward.ledger)) === null) {
    throw new AskedError(
      `There is no ledger in ${steward.ledger.name} yet; it begins with the first run of a schedule, or with {"action":"plan"}.`,
    );
  }
  return await readState(steward.ledger);
}

/** Leaves what is too long for an answer in the ledger. @returns where. */
export async function leave({ steward, host }: Desk, action: Action['action'], document: unknown): Promise<string> {
  const time = new Date(host.clock()).toISOString().replace(/[-:]/g, '');
  const path = `results/${time}-${action}.json`;
  await steward.ledger.writeFile(path, Buffer.from(`${JSON.stringify(document, null, 1)}\n`));
  return `${steward.ledger.name}/${path}`;
}

export function next({ host }: Desk, event: Action): string {
  return manualCommand(host, event);
}
