import { signedHtmlLink } from '#adapters/s3/signed-link.ts';
import type { AlarmId } from '#core/signals/alarms.ts';
import type { AlarmChange } from '#core/slack/alarm-change.ts';
import { type AlarmSubject, alarmMessage, type SlackMessage } from '#core/slack/alarm-message.ts';
import { bareSubject, isOfJobs, subjectName } from '#core/slack/alarm-subjects.ts';
import { ALARM_WORDS } from '#core/slack/alarm-words.ts';
import { jobFacts } from '#core/slack/job-facts.ts';
import { alarmPage, dashboardPage, runbookPage } from '#core/slack/pages.ts';
import type { InAlarm, Telling } from '#core/slack/telling.ts';
import { jobsState } from '#operations/jobs/remember-jobs.ts';
import { knownHazards } from '#operations/ledger/hazards.ts';
import { readHistory } from '#operations/ledger/job-histories.ts';
import { type NewestRestorePoint, readNewestRestorePoints } from '#operations/ledger/newest-restore-points.ts';
import { REPORT_FILE } from '#operations/ledger/report-file.ts';
import { newestRuns } from '#operations/ledger/run-records.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { Services } from '#steward/services.ts';

/** Collects the content of a Slack message from the notification, from CloudWatch and from the ledger. */

export interface MessageSources {
  readonly services: Services;
  readonly ledger: LedgerStore;
  /** Currency of the monthly cost: three capitals. */
  readonly currency: string;
  /** The command that invokes the function `manual` with an event. */
  readonly commandFor: (event: object) => string;
  /** URL of the runbook; undefined for the page of this project. */
  readonly runbook: string | undefined;
  /** Name of the dashboard; undefined if there is none. */
  readonly dashboard: string | undefined;
}

/** The most subjects with facts; of further subjects only the names are shown. */
const MOST_WITH_FACTS = 10;

/** The alarms of which the record of the newest run tells the reason. */
const TOLD_BY_RUNS: ReadonlySet<AlarmId> = new Set(['stopped', 'refused-deletions']);

/** How many runs are looked through for the one that an alarm is about: those of a few hours. */
const MOST_RUNS = 12;

/** The message about one change of an alarm. What the ledger or CloudWatch does not tell is left out of it. */
export async function messageOf(
  change: AlarmChange,
  { news, others, began }: Telling,
  active: readonly InAlarm[],
  sources: MessageSources,
): Promise<SlackMessage> {
  const { services, commandFor, runbook, dashboard } = sources;
  const ofJobs = isOfJobs(change);
  const points = ofJobs ? await withoutFail(() => readNewestRestorePoints(sources.ledger), services) : null;
  const subjects: AlarmSubject[] = [];
  for (const key of news) {
    const bare = bareSubject(key, change, active);
    const isDetailed = ofJobs && bare.name !== null && subjects.length < MOST_WITH_FACTS;
    const facts = isDetailed ? await factsOf(bare.name ?? '', change, points ?? new Map(), sources) : {};
    subjects.push({ ...bare, ...facts, since: began.get(key) ?? null });
  }
  if (change.kind !== null && TOLD_BY_RUNS.has(change.kind)) {
    await explainByRun(subjects, sources);
  }
  const hazards =
    change.kind === 'hazardous-rule' ? await withoutFail(() => knownHazards(sources.ledger), services) : null;
  const [only, ...more] = subjects;
  const job = ofJobs && more.length === 0 ? (only?.name ?? null) : null;
  return alarmMessage({
    change,
    subjects,
    details: hazards?.sentences ?? [],
    others: others.map((key) => subjectName(key, change, active) ?? key),
    command: change.kind === null ? null : commandFor(ALARM_WORDS[change.kind].ask(job)),
    links: {
      runbook: runbookPage(runbook, change.kind),
      dashboard: dashboardPage(dashboard, change.region),
      report: (await withoutFail(() => reportPage(sources), services)) ?? undefined,
      alarm: alarmPage(change),
    },
  });
}

/** Adds what the newest run that stopped, or did only a part, says of it. */
async function explainByRun(subjects: AlarmSubject[], { ledger, services }: MessageSources): Promise<void> {
  const runs = await withoutFail(() => newestRuns(ledger, MOST_RUNS), services);
  const why = runs?.find(({ result, refused }) => result === 'stopped' || refused > 0)?.why ?? null;
  subjects.splice(0, subjects.length, ...subjects.map((subject) => ({ ...subject, why })));
}

/** A link to the report page of the last survey; null before the first survey. */
async function reportPage({ services, ledger }: MessageSources): Promise<string | null> {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(ledger.name) ?? [];
  if (bucket === undefined || (await jobsState(ledger)) === null) {
    return null;
  }
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return await signedHtmlLink(bucket, `${folder}${REPORT_FILE}`, services.connection);
}

async function factsOf(
  label: string,
  { kind }: AlarmChange,
  points: ReadonlyMap<string, NewestRestorePoint>,
  { ledger, services, currency }: MessageSources,
): Promise<Pick<AlarmSubject, 'facts' | 'restorePoint'>> {
  const history = await withoutFail(() => readHistory(ledger, label), services);
  const trend = kind === null ? null : ALARM_WORDS[kind].trend;
  return {
    facts: history === null ? null : jobFacts(history, trend, services.clock(), currency),
    restorePoint: points.get(label)?.path ?? null,
  };
}

/** Returns null if reading fails: a message without numbers is better than no message. */
async function withoutFail<T>(read: () => Promise<T>, services: Services): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    services.log('warn', `The message is sent without facts from the ledger: ${why}`);
    return null;
  }
}
