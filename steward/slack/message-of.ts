import { signedHtmlLink } from '#adapters/s3/signed-link.ts';
import type { AlarmChange } from '#core/slack/alarm-change.ts';
import { type AlarmSubject, alarmMessage, type SlackMessage } from '#core/slack/alarm-message.ts';
import { bareSubject, isOfJobs, subjectName } from '#core/slack/alarm-subjects.ts';
import { ALARM_WORDS } from '#core/slack/alarm-words.ts';
import { jobFacts } from '#core/slack/job-facts.ts';
import { alarmPage, dashboardPage, runbookPage } from '#core/slack/pages.ts';
import type { InAlarm, Telling } from '#core/slack/telling.ts';
import { jobsState } from '#operations/jobs/remember-jobs.ts';
import { readHistory } from '#operations/ledger/job-histories.ts';
import { type NewestRestorePoint, readNewestRestorePoints } from '#operations/ledger/newest-restore-points.ts';
import { REPORT_FILE } from '#operations/ledger/report-file.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { Surroundings } from '#steward/surroundings.ts';

/** Puts together what a message says: from the notification, from CloudWatch, and from the ledger where it knows. */

export interface MessageSources {
  readonly around: Surroundings;
  readonly ledger: LedgerStore;
  /** Of the monthly cost: three capitals. */
  readonly currency: string;
  /** The command that asks the function `manual` for something. */
  readonly commandFor: (event: object) => string;
  /** Where the runbook is published; undefined for the page of this project. */
  readonly runbook: string | undefined;
  /** Name of the dashboard; undefined where there is none. */
  readonly dashboard: string | undefined;
}

/** More are only named. */
const MOST_WITH_FACTS = 10;

/** The message about one change of an alarm. What the ledger or CloudWatch does not tell is left out of it. */
export async function messageOf(
  change: AlarmChange,
  { news, others, began }: Telling,
  active: readonly InAlarm[],
  sources: MessageSources,
): Promise<SlackMessage> {
  const { around, commandFor, runbook, dashboard } = sources;
  const ofJobs = isOfJobs(change);
  const points = ofJobs ? await withoutFail(() => readNewestRestorePoints(sources.ledger), around) : null;
  const subjects: AlarmSubject[] = [];
  for (const key of news) {
    const bare = bareSubject(key, change, active);
    const isDetailed = ofJobs && bare.name !== null && subjects.length < MOST_WITH_FACTS;
    const facts = isDetailed ? await factsOf(bare.name ?? '', change, points ?? new Map(), sources) : {};
    subjects.push({ ...bare, ...facts, since: began.get(key) ?? null });
  }
  const [only, ...more] = subjects;
  const job = ofJobs && more.length === 0 ? (only?.name ?? null) : null;
  return alarmMessage({
    change,
    subjects,
    others: others.map((key) => subjectName(key, change, active) ?? key),
    command: change.kind === null ? null : commandFor(ALARM_WORDS[change.kind].ask(job)),
    links: {
      runbook: runbookPage(runbook, change.kind),
      dashboard: dashboardPage(dashboard, change.region),
      report: (await withoutFail(() => reportPage(sources), around)) ?? undefined,
      alarm: alarmPage(change),
    },
  });
}

/** The page of the last survey, for whoever reads the message; null before a first one. */
async function reportPage({ around, ledger }: MessageSources): Promise<string | null> {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(ledger.name) ?? [];
  if (bucket === undefined || (await jobsState(ledger)) === null) {
    return null;
  }
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return await signedHtmlLink(bucket, `${folder}${REPORT_FILE}`, around.connection);
}

async function factsOf(
  label: string,
  { kind }: AlarmChange,
  points: ReadonlyMap<string, NewestRestorePoint>,
  { ledger, around, currency }: MessageSources,
): Promise<Pick<AlarmSubject, 'facts' | 'restorePoint'>> {
  const history = await withoutFail(() => readHistory(ledger, label), around);
  const trend = kind === null ? null : ALARM_WORDS[kind].trend;
  return {
    facts: history === null ? null : jobFacts(history, trend, around.clock(), currency),
    restorePoint: points.get(label)?.path ?? null,
  };
}

/** An alarm without numbers is worth more than none. */
async function withoutFail<T>(read: () => Promise<T>, around: Surroundings): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    around.log('warn', `The message does without what the ledger knows: ${why}`);
    return null;
  }
}
