import { isoTime } from '#core/iso-time.ts';
import { moment } from '../quantity.ts';
import type { AlarmId } from '../signals/alarms.ts';
import type { AlarmChange } from './alarm-change.ts';
import { type Block, context, section } from './blocks.ts';
import { type Action, FIRST_AID } from './first-aid.ts';
import { code, codeBlock, escaped, join, link, type Mrkdwn, md } from './mrkdwn.ts';

/** What a message ends with: what to do, what to run, where to read on, and where it comes from. */

/** Where the report of the last survey can be read. */
export interface ReportLink {
  readonly url: string;
  /** Epoch milliseconds: until when anyone who has it can open it; null where only those can who may read the ledger. */
  readonly until: number | null;
}

/** https addresses. */
export interface AlarmLinks {
  readonly runbook?: string | undefined;
  readonly dashboard?: string | undefined;
  readonly report?: ReportLink | undefined;
  readonly alarm?: string | undefined;
}

const COMMAND_LENGTH = 1_500;
const MOST_ACTIONS = 5;
const TITLE_LENGTH = 200;

/** None for an alarm that is not the steward's. */
export function stepsOf(kind: AlarmId | null): readonly Block[] {
  if (kind === null) return [];
  const steps = FIRST_AID[kind].steps.map((step) => md`• ${step}`);
  return [section(md`*What to do*\n${join(steps, '\n')}`)];
}

/** Half a command may be worse than none, so one that is too long is left out. */
export function actionBlocks(actions: readonly Action[]): readonly Block[] {
  return actions.slice(0, MOST_ACTIONS).flatMap(actionBlock);
}

function actionBlock({ title, command }: Action): readonly Block[] {
  const block = codeBlock(command, COMMAND_LENGTH);
  return block === null ? [] : [section(md`*${{ mrkdwn: escaped(title, TITLE_LENGTH) }}*\n${block}`)];
}

/** None where there is no link. */
export function linksOf({ runbook, dashboard, report, alarm }: AlarmLinks): readonly Block[] {
  const until = report?.until ?? null;
  const links = [
    [runbook, 'Runbook'],
    [dashboard, 'Dashboard'],
    [report?.url, until === null ? 'Report' : `Report (open by ${moment(isoTime(until)).slice(11, 16)} UTC)`],
    [alarm, 'Alarm'],
  ].flatMap(([url, words]) => (url === undefined || words === undefined ? [] : [link(url, words)]));
  return links.length === 0 ? [] : [context(...links)];
}

/** When, where, and the name of the alarm. */
export function origin({ alarm, at, region, account }: AlarmChange): Mrkdwn {
  const where = [region, account === null ? null : `account ${account}`].filter((part) => part !== null);
  return md`${[moment(isoTime(at)), ...where].join(' · ')} · ${code(alarm, 260)}`;
}
