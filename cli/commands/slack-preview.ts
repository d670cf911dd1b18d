import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { decodeText } from '#config/decode-text.ts';
import { parseJson } from '#config/json-text.ts';
import { manualInvocation } from '#core/manual-invocation.ts';
import type { AlarmChange } from '#core/slack/alarm-change.ts';
import { alarmMessage, type SlackMessage } from '#core/slack/alarm-message.ts';
import { bareSubject, isOfJobs } from '#core/slack/alarm-subjects.ts';
import { ALARM_WORDS } from '#core/slack/alarm-words.ts';
import { alarmPage, runbookPage } from '#core/slack/pages.ts';
import { type InAlarm, WHOLE } from '#core/slack/telling.ts';
import { alarmsOfDocument, contributorsOf, NotificationError } from '#steward/slack/alarm-notification.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { systemFailure } from '../system-failure.ts';

interface PreviewOptions {
  readonly contributors?: string;
  readonly json?: true;
}

export function addSlackPreview(program: Command, io: Io, finish: (status: Status) => void): void {
  program
    .command('slack-preview')
    .summary('the Slack message for an alarm')
    .description(
      "Prints the blocks of the Slack message for a CloudWatch alarm notification, to paste into Slack's Block Kit Builder. Nothing is posted and no AWS service is called, so the message lacks what the ledger knows about the job.",
    )
    .argument('<event>', 'a JSON file: the SNS event as Lambda receives it, one SNS notification, or the alarm itself')
    .option(
      '--contributors <file>',
      'for an alarm over many jobs, the series that are in alarm: a file as "aws cloudwatch describe-alarm-contributors" prints it',
    )
    .option('--json', 'print one JSON document on stdout, and nothing else')
    .option('--debug', 'add stack traces to errors')
    .addHelpText(
      'after',
      `
Examples:
  steward slack-preview event.json
  steward slack-preview alarm.json --contributors contributors.json --json | jq '.blocks'`,
    )
    .action(async (file: string, options: PreviewOptions) => {
      const document = await read(file, io.cwd);
      const active =
        options.contributors === undefined
          ? contributorsIn(document, file)
          : contributorsIn(await read(options.contributors, io.cwd), options.contributors);
      const changes = changesIn(document, file);
      const { alarm, kind, state } = changes[0];
      const message = preview(changes, active);
      io.out(
        `${JSON.stringify(options.json ? { alarm, kind, state, ...message } : { blocks: message.blocks }, null, 2)}\n`,
      );
      finish(STATUS.well);
    });
}

async function read(file: string, cwd: string): Promise<unknown> {
  try {
    return parseJson(decodeText(await readFile(resolve(cwd, file)), file), file);
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      throw new UsageError(`${file} can't be read: ${systemFailure(error, 'no such file')}.`, { cause: error });
    }
    throw error;
  }
}

/** All changes in the file. Several changes must be of one alarm and one state, one for each job. */
function changesIn(document: unknown, file: string): readonly [AlarmChange, ...AlarmChange[]] {
  const [first, ...others] = inFile(file, () => alarmsOfDocument(document));
  if (first === undefined || others.some(({ alarm, state }) => alarm !== first.alarm || state !== first.state)) {
    throw new UsageError(
      `${file} contains changes of several alarms, and each of them becomes a message of its own. Preview one at a time.`,
    );
  }
  return [first, ...others];
}

function contributorsIn(document: unknown, file: string): readonly InAlarm[] {
  return inFile(file, () => contributorsOf(document));
}

function inFile<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof NotificationError)) throw error;
    throw new UsageError(`${file}: ${error.message} See docs/slack.md for its form.`, { cause: error });
  }
}

function preview(changes: readonly [AlarmChange, ...AlarmChange[]], active: readonly InAlarm[]): SlackMessage {
  const [change] = changes;
  const inChanges: readonly InAlarm[] = changes.flatMap(({ contributor, reason, at }) =>
    contributor === null ? [] : [{ ...contributor, reason, since: at }],
  );
  const series = [...inChanges, ...active.filter(({ id }) => inChanges.every((one) => one.id !== id))];
  const keys = series.length === 0 ? [WHOLE] : series.map(({ id }) => id);
  const subjects = keys.map((key) => bareSubject(key, change, series));
  const [only, ...more] = subjects;
  const job = isOfJobs(change) && more.length === 0 ? (only?.name ?? null) : null;
  return alarmMessage({
    change,
    subjects,
    others: [],
    command: change.kind === null ? null : manualInvocation('MANUAL_FUNCTION', ALARM_WORDS[change.kind].ask(job)),
    links: { runbook: runbookPage(undefined, change.kind), alarm: alarmPage(change) },
  });
}
