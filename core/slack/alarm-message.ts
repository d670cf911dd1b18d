import { count, duration } from '../quantity.ts';
import { ALARMS, type Severity } from '../signals/alarms.ts';
import type { GrowthWords } from '../states/grown-words.ts';
import type { AlarmChange, AlarmState } from './alarm-change.ts';
import { type AlarmLinks, actionBlocks, linksOf, origin, stepsOf } from './alarm-foot.ts';
import { ALARM_WORDS, type AlarmWords } from './alarm-words.ts';
import { type Block, context, header, section } from './blocks.ts';
import type { Action } from './first-aid.ts';
import type { JobFacts } from './job-facts.ts';
import { SLACK_LIMITS } from './limits.ts';
import { code, cut, escaped, join, type Mrkdwn, md, visible } from './mrkdwn.ts';

/** The one message about an alarm that has changed, however many jobs it is about. */

/** A job, function or queue that an alarm is about. */
export interface AlarmSubject {
  /** The job's label, or which function or queue it is; null where the alarm is about the whole area. */
  readonly name: string | null;
  /** Name in AWS of the function or the queue; null of anything else. */
  readonly resource: string | null;
  /** What breached; null where it is not known. */
  readonly value: number | null;
  /** Numbers from its history; null if there is none. */
  readonly facts: JobFacts | null;
  /** URL of the newest checkpoint or savepoint that was found whole; null where none is known. */
  readonly restorePoint: string | null;
  /** Why the newest run stopped or did only a part, as a sentence; null where it did not, or where it is not asked. */
  readonly why: string | null;
  /** Which of its states have grown; null where nobody has looked at them, or that explains nothing. */
  readonly growth: GrowthWords | null;
  /** Epoch milliseconds: since when it was in alarm, of one that has recovered; null where that is not known. */
  readonly since: number | null;
}

/** The input of a message about an alarm. */
export interface AlarmMessageInput {
  readonly change: AlarmChange;
  /** What changed, at least one. */
  readonly subjects: readonly AlarmSubject[];
  /** Sentences from the ledger on what the alarm is about. @default none */
  readonly details?: readonly string[];
  /** Names of the subjects that are still in alarm and were reported before. */
  readonly others: readonly string[];
  /** What to type, the most urgent first. @default nothing */
  readonly actions?: readonly Action[];
  readonly links: AlarmLinks;
}

/** As a webhook takes it. */
export interface SlackMessage {
  /** For notifications, and for clients that show no blocks. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

const MOST_SUBJECTS = 10;
const MOST_NAMES = 20;
const NAME_LENGTH = 80;
const TEXT_LENGTH = 300;
const REASON_LENGTH = 400;
const NUMBER_LENGTH = 120;
const WHY_LENGTH = 1_200;
const MOST_DETAILS = 4;
const STATE_LENGTH = 300;
const DETAIL_LENGTH = 700;
/** Of one of many jobs. */
const MOST_NUMBERS = 6;

const MARKS: Readonly<Record<Exclude<AlarmState, 'ALARM'>, string>> = { OK: '✅', INSUFFICIENT_DATA: '⚪' };
/** Told apart by more than a colour. */
const SEVERITY_MARKS: Readonly<Record<Severity, string>> = { page: '🔴 Page', ticket: '🟡 Ticket' };

/** Shows as many of the subjects as there is room for, ten at most, and says how many more there are. */
export function alarmMessage(input: AlarmMessageInput): SlackMessage {
  let shown = Math.min(MOST_SUBJECTS, input.subjects.length);
  let message = compose(input, shown);
  while (shown > 1 && JSON.stringify(message).length > SLACK_LIMITS.message) {
    shown--;
    message = compose(input, shown);
  }
  return message;
}

function compose(input: AlarmMessageInput, shown: number): SlackMessage {
  const { change, actions = [], links } = input;
  const title = titleOf(input);
  const isOver = change.state === 'OK';
  return {
    text: escaped(title, TEXT_LENGTH),
    blocks: [
      header(title),
      ...bodyOf(input, shown),
      ...(isOver ? [] : stepsOf(change.kind)),
      ...(isOver ? [] : actionBlocks(actions)),
      ...linksOf(links),
      context(origin(change)),
    ],
  };
}

function titleOf({ change, subjects }: AlarmMessageInput): string {
  const kind = ALARMS.find(({ id }) => id === change.kind);
  const what = kind?.title ?? change.alarm;
  const [only] = subjects;
  const whose =
    subjects.length > 1 ? `: ${subjects.length} jobs` : typeof only?.name === 'string' ? `: ${only.name}` : '';
  return cut(visible(`${markOf(change.state, kind?.severity)} ${what}${whose}`), SLACK_LIMITS.headerText);
}

function markOf(state: AlarmState, severity: Severity | undefined): string {
  switch (state) {
    case 'ALARM':
      return severity === undefined ? '🔴' : `${SEVERITY_MARKS[severity]}:`;
    case 'OK':
      return `${MARKS.OK} Over:`;
    case 'INSUFFICIENT_DATA':
      return `${MARKS.INSUFFICIENT_DATA} No data:`;
  }
}

function bodyOf(input: AlarmMessageInput, shown: number): readonly Block[] {
  const words = input.change.kind === null ? null : ALARM_WORDS[input.change.kind];
  switch (input.change.state) {
    case 'ALARM':
      return alarming(input, words, shown);
    case 'OK':
      return recovered(input, words, shown);
    case 'INSUFFICIENT_DATA':
      return [
        section(
          md`CloudWatch has no more values, so it can't tell whether this is still so: ${escapedReason(input.change)}`,
        ),
      ];
  }
}

function alarming(input: AlarmMessageInput, words: AlarmWords | null, shown: number): readonly Block[] {
  const { change, subjects, others, details = [] } = input;
  const happened = ({ name, value, facts }: AlarmSubject): Mrkdwn =>
    words?.happened({ subject: name, value, wait: facts?.wait ?? null }) ?? escapedReason(change);
  const matters = words === null ? { mrkdwn: '' } : md`\n${words.matters}`;
  const also = others.length === 0 ? [] : [context(md`Still in alarm: ${list(others)}`)];
  const [only] = subjects;
  if (subjects.length === 1 && only !== undefined) {
    const fields = fieldsOf(only);
    return [
      section(md`${happened(only)}${matters}`),
      ...(only.why === null ? [] : [section(md`*Why*\n${cut(only.why, WHY_LENGTH)}`)]),
      ...listed(details),
      ...(only.growth === null ? [] : [section(growthOf(only.growth))]),
      ...(fields.length === 0 ? [] : [section(md`*The numbers*`, fields)]),
      ...(only.restorePoint === null
        ? []
        : [section(md`*Newest verified restore point*\n${code(only.restorePoint, 600)}`)]),
      ...also,
    ];
  }
  const rest = subjects.slice(shown).map(({ name }) => name ?? '');
  return [
    section(md`${count(subjects.length, 'job is', 'jobs are')} in this state.${matters}`),
    ...subjects.slice(0, shown).map((subject) => section(lineOf(subject, happened(subject)))),
    ...(rest.length === 0 ? [] : [section(md`*And ${rest.length} more*: ${list(rest)}`)]),
    ...also,
  ];
}

function listed(details: readonly string[]): readonly Block[] {
  return details.slice(0, MOST_DETAILS).map((detail) => section({ mrkdwn: `• ${escaped(detail, DETAIL_LENGTH)}` }));
}

function growthOf({ heading, lines }: GrowthWords): Mrkdwn {
  const items = lines.map((line) => md`• ${{ mrkdwn: escaped(line, STATE_LENGTH) }}`);
  return join([md`*${heading}*`, ...items], '\n');
}

function fieldsOf({ facts }: AlarmSubject): readonly Mrkdwn[] {
  if (facts === null) return [];
  const { numbers, trend } = facts;
  return [
    ...(trend === null ? [] : [field(trend.of, code(trend.bars, NUMBER_LENGTH))]),
    ...numbers.map(({ name, text }) => field(name, { mrkdwn: escaped(text, NUMBER_LENGTH) })),
  ].slice(0, SLACK_LIMITS.fields);
}

function field(name: string, text: Mrkdwn): Mrkdwn {
  return md`*${{ mrkdwn: escaped(name, NAME_LENGTH) }}*\n${text}`;
}

/** A job among others: what happened, its numbers, and where it can be restored from. */
function lineOf({ facts, growth, restorePoint }: AlarmSubject, happened: Mrkdwn): Mrkdwn {
  const numbers =
    facts?.numbers
      .slice(0, MOST_NUMBERS)
      .map(({ name, text }) => ({ mrkdwn: escaped(`${name}: ${text}`, NUMBER_LENGTH) })) ?? [];
  const bars = facts === null || facts.trend === null ? [] : [code(facts.trend.bars)];
  const lines = [
    md`• ${happened}`,
    ...(facts === null ? [] : [join([...bars, ...numbers], ' · ')]),
    ...(growth?.lines.slice(0, 1).map((line) => ({ mrkdwn: escaped(line, STATE_LENGTH) })) ?? []),
    ...(restorePoint === null ? [] : [md`Restore point: ${code(restorePoint)}`]),
  ];
  return join(
    lines.filter(({ mrkdwn }) => mrkdwn !== ''),
    '\n',
  );
}

function recovered(input: AlarmMessageInput, words: AlarmWords | null, shown: number): readonly Block[] {
  const { change, subjects, others, details = [] } = input;
  const sentences = subjects.slice(0, shown).map((subject) => md`${sentenceOfRecovery(subject, words, change)}`);
  const rest = subjects.slice(shown).map(({ name }) => name ?? '');
  return [
    section(join(sentences, '\n')),
    ...listed(details),
    ...(rest.length === 0 ? [] : [section(md`*And ${rest.length} more*: ${list(rest)}`)]),
    ...(others.length === 0 ? [] : [context(md`Still in alarm: ${list(others)}`)]),
  ];
}

function sentenceOfRecovery(
  { name, facts, since }: AlarmSubject,
  words: AlarmWords | null,
  { at }: AlarmChange,
): Mrkdwn {
  const after = since === null || at < since ? '' : ` It was in alarm for ${duration(at - since)}.`;
  if (words === null) return md`The alarm is over.${after}`;
  if (facts?.ended === true && name !== null) {
    return md`${code(name, 200)} has ended, so it is not watched any more.${after}`;
  }
  return name === null ? md`${words.recovered}.${after}` : md`${code(name, 200)} ${words.recovered}.${after}`;
}

/** Names of jobs: twenty at most, and how many more there are. */
function list(names: readonly string[]): Mrkdwn {
  const few = names.slice(0, MOST_NAMES).map((name) => code(name, NAME_LENGTH));
  const more = names.length - few.length;
  return md`${join(few, ', ')}${more === 0 ? '' : `, and ${more} more`}`;
}

function escapedReason({ reason }: AlarmChange): Mrkdwn {
  return { mrkdwn: escaped(reason.trim(), REASON_LENGTH) || 'CloudWatch gives no reason.' };
}
