import type { Incident } from '#core/guard/incident.ts';
import { incidentSentences, quietSentence } from '#core/guard/incident-words.ts';
import type { TakingRule } from '#core/lifecycle/disable-rule.ts';
import type { AlarmId } from '#core/signals/alarms.ts';
import { sizedCheckpoints } from '#core/signals/jump.ts';
import type { AlarmChange } from '#core/slack/alarm-change.ts';
import { type AlarmSubject, alarmMessage, type SlackMessage } from '#core/slack/alarm-message.ts';
import { bareSubject, isOfJobs, subjectName } from '#core/slack/alarm-subjects.ts';
import { ALARM_WORDS } from '#core/slack/alarm-words.ts';
import { FIRST_AID } from '#core/slack/first-aid.ts';
import { jobFacts } from '#core/slack/job-facts.ts';
import { alarmPage, dashboardPage, runbookPage } from '#core/slack/pages.ts';
import type { InAlarm, Telling } from '#core/slack/telling.ts';
import { whatGrew } from '#core/states/grown-states.ts';
import { sayGrowth } from '#core/states/grown-words.ts';
import { type KnownHazards, knownHazards } from '#operations/ledger/hazards.ts';
import { lastIncident } from '#operations/ledger/incidents.ts';
import { readHistory } from '#operations/ledger/job-histories.ts';
import { type NewestRestorePoint, readNewestRestorePoints } from '#operations/ledger/newest-restore-points.ts';
import { readStates } from '#operations/ledger/remembered-states.ts';
import { newestRuns, type RunRecord } from '#operations/ledger/run-records.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type ReportSources, reportLink } from './report-link.ts';

/** Collects the content of a Slack message from the notification, from CloudWatch and from the ledger. */

export interface MessageSources extends ReportSources {
  /** Null for a message of what the notification itself tells. */
  readonly ledger: LedgerStore | null;
  /** Currency of the monthly cost: three capitals. */
  readonly currency: string;
  /** Name of the stack, for the commands; null where it is not known. */
  readonly stack: string | null;
  /** Where a savepoint may be written, as a URL; null where that is not known. */
  readonly savepoints: string | null;
  /** Whether the deployment looks at the states of jobs, and so remembers them. */
  readonly readsStates: boolean;
  /** URL of the runbook; undefined if there is none. */
  readonly runbook: string | undefined;
  /** Name of the dashboard; undefined if there is none. */
  readonly dashboard: string | undefined;
}

/** The most subjects with facts; of further subjects only the names are shown. */
const MOST_WITH_FACTS = 10;

/** The alarms of which the record of the newest run tells the reason. */
const TOLD_BY_RUNS: ReadonlySet<AlarmId> = new Set(['stopped', 'refused-deletions']);

/** The alarms that a state which has grown explains. */
const TOLD_BY_STATES: ReadonlySet<AlarmId> = new Set(['size-jump', 'budget']);
const MOST_STATES = 3;

/** How many runs are looked through for the one that an alarm is about: those of a few hours. */
const MOST_RUNS = 12;

/** The message about one change of an alarm. What the ledger or CloudWatch does not tell is left out of it. */
export async function messageOf(
  change: AlarmChange,
  { news, others, began }: Telling,
  active: readonly InAlarm[],
  sources: MessageSources,
): Promise<SlackMessage> {
  const { kind, region } = change;
  const points = isOfJobs(change) ? await fromLedger(readNewestRestorePoints, sources) : null;
  const subjects: AlarmSubject[] = [];
  for (const key of news) {
    const bare = bareSubject(key, change, active);
    const isDetailed = isOfJobs(change) && bare.name !== null && subjects.length < MOST_WITH_FACTS;
    const facts = isDetailed ? await factsOf(bare.name ?? '', change, points ?? new Map(), sources) : {};
    subjects.push({ ...bare, ...facts, since: began.get(key) ?? null });
  }
  const run = kind !== null && TOLD_BY_RUNS.has(kind) ? await runOf(sources) : null;
  const hazards = kind === 'hazardous-rule' ? await fromLedger(knownHazards, sources) : null;
  const incident = kind === 'lost-state' ? await fromLedger(lastIncident, sources) : null;
  const [only, ...more] = subjects.map((subject) => ({ ...subject, why: run === null ? null : whyOf(run) }));
  const job = isOfJobs(change) && more.length === 0 ? (only?.name ?? null) : onlyJobOf(incident);
  const about = {
    stack: sources.stack,
    region,
    job,
    jobId: job === null ? null : (only?.facts?.jobId ?? null),
    resource: only?.resource ?? null,
    run: run?.run ?? null,
    rules: incident?.rules ?? rulesOf(hazards),
    savepoints: sources.savepoints,
    readsStates: sources.readsStates,
  };
  return alarmMessage({
    change,
    subjects: only === undefined ? [] : [only, ...more],
    details: incident === null ? hazardsIn(hazards, change) : tellingOf(incident, change),
    others: others.map((key) => subjectName(key, change, active) ?? key),
    actions: kind === null ? [] : FIRST_AID[kind].actions(about),
    links: {
      runbook: runbookPage(sources.runbook, kind),
      dashboard: dashboardPage(sources.dashboard, region),
      report: (await fromLedger((ledger) => reportLink(ledger, region, sources), sources)) ?? undefined,
      alarm: alarmPage(change),
    },
  });
}

/** The newest run that deletes and stopped, or did only a part; null where no recent run did. */
async function runOf(sources: MessageSources): Promise<RunRecord | null> {
  const runs = await fromLedger((ledger) => newestRuns(ledger, MOST_RUNS), sources);
  // What an undo can't put back is told to who asked for it, and raises no alarm.
  return (
    runs?.find(({ command, result, refused }) => command !== 'undo' && (result === 'stopped' || refused > 0)) ?? null
  );
}

/** What it says of itself, with the names that `--accept` takes. */
function whyOf({ breakers, why }: RunRecord): string | null {
  const named = breakers.length === 0 ? '' : `The breaker ${breakers.join(', ')} tripped. `;
  return named === '' && why === null ? null : `${named}${why ?? ''}`.trim();
}

function hazardsIn(hazards: KnownHazards | null, { state }: AlarmChange): readonly string[] {
  return state === 'ALARM' ? (hazards?.sentences ?? []) : [];
}

/** Once it has ended, all that was lost: what came later than the alarm was not told yet. */
function tellingOf(incident: Incident, { state }: AlarmChange): readonly string[] {
  return [...incidentSentences(incident), ...(state === 'ALARM' ? [quietSentence(incident)] : [])];
}

/** The one job that has lost state; null where there are several. */
function onlyJobOf(incident: Incident | null): string | null {
  const [job = null, ...others] = new Set((incident?.broken ?? []).map((point) => point.job));
  return others.length === 0 ? job : null;
}

function rulesOf(hazards: KnownHazards | null): readonly TakingRule[] {
  return hazards?.takers ?? [];
}

async function factsOf(
  label: string,
  { kind }: AlarmChange,
  points: ReadonlyMap<string, NewestRestorePoint>,
  sources: MessageSources,
): Promise<Pick<AlarmSubject, 'facts' | 'restorePoint' | 'growth'>> {
  const now = sources.services.clock();
  const history = await fromLedger((ledger) => readHistory(ledger, label), sources);
  const isOfGrowth = kind !== null && TOLD_BY_STATES.has(kind) && sources.readsStates;
  const states = isOfGrowth ? await fromLedger((ledger) => readStates(ledger, label), sources) : null;
  const growth = states === null ? null : whatGrew(states.sizes, states.names, MOST_STATES);
  const trend = kind === null ? null : ALARM_WORDS[kind].trend;
  return {
    facts: history === null ? null : jobFacts(history, trend, now, sources.currency),
    restorePoint: points.get(label)?.path ?? null,
    growth:
      growth === null
        ? null
        : sayGrowth(growth, now, history === null ? null : (sizedCheckpoints(history).at(-1) ?? null)),
  };
}

/** Returns null if reading fails, or there is no ledger: a message without numbers is better than no message. */
async function fromLedger<T>(
  read: (ledger: LedgerStore) => Promise<T>,
  { ledger, services }: MessageSources,
): Promise<T | null> {
  if (ledger === null) return null;
  try {
    return await read(ledger);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    services.log('warn', `The message is sent without facts from the ledger: ${why}`);
    return null;
  }
}
