import { isoTime } from '#core/iso-time.ts';
import { type AlarmThresholds, JOB_ALARMS, RUNBOOK } from '#core/signals/alarms.ts';
import { CAUSE_SENTENCES } from '#core/signals/causes.ts';
import type { Episode, JobReplay, spreadOfAlarms } from '#core/signals/replay.ts';
import type { Io } from '../io.ts';
import { bytes, type Column, count, moment, paragraph, parts, printable, shorten, table } from './text.ts';

/** The result of replaying a history. All times are epoch milliseconds. */
export interface ReplayReport {
  readonly history: string;
  readonly from: number;
  readonly until: number;
  readonly thresholds: AlarmThresholds;
  readonly jobs: readonly JobReplay[];
  readonly spread: ReturnType<typeof spreadOfAlarms>;
}

const COLUMNS: readonly Column[] = [{ head: 'fired' }, { head: 'recovered' }, { head: 'alarm', wrap: true }];
const STILL = 'not yet';
const INDENT = '  ';
/** The most alarms of one job, and the most names of jobs without an alarm. */
const SHOWN = 50;

/** The alarms of a replayed history: a table for each job. */
export function printSignals({ history, from, until, jobs, spread }: ReplayReport, io: Io): string {
  const alarmed = jobs.filter(({ episodes }) => episodes.length > 0);
  const quiet = jobs.filter(({ episodes }) => episodes.length === 0);
  const fired = alarmed.reduce((sum, { episodes }) => sum + episodes.length, 0);
  const many = [...spread].filter(([, width]) => width === 'all').map(([id]) => titleOf(id));
  const sections = JOB_ALARMS.filter(({ id }) => spread.has(id)).map(({ runbook }) => `${RUNBOOK}#${runbook}`);
  return [
    paragraph(`${io.colors.bold('Replay of')} ${printable(history)}`, io),
    paragraph(
      `From ${minute(from)} to ${minute(until)} UTC: ${count(jobs.length, 'job')}, ${count(fired, 'alarm')}.`,
      io,
    ),
    ...alarmed.map((job) => printJob(job, io)),
    quiet.length === 0 ? '' : `\n${printQuiet(quiet, io)}`,
    ...many.map((title) => `\n${paragraph(`"${title}" fired on all jobs. Look for a cause outside the jobs.`, io)}`),
    sections.length === 0
      ? ''
      : `\nWhat each alarm means, and what to run:\n${sections.map((at) => `  ${at}\n`).join('')}`,
  ].join('');
}

function printQuiet(jobs: readonly JobReplay[], io: Io): string {
  const names = jobs.slice(0, SHOWN).map(({ job }) => shorten(printable(job), io.columns - INDENT.length - 1, io));
  const more = jobs.length > SHOWN ? [`and ${count(jobs.length - SHOWN, 'more job')}`] : [];
  const listed = [...names, ...more].map((name, index, all) => (index < all.length - 1 ? `${name},` : name));
  return parts(['No alarm:', ...listed], io, '', INDENT);
}

function printJob({ job, ended, episodes }: JobReplay, io: Io): string {
  const shown = episodes.slice(0, SHOWN);
  const rows = shown.map((episode) => [
    minute(episode.fired),
    episode.recovered === null ? STILL : minute(episode.recovered),
    printable(sentenceOf(episode)),
  ]);
  const more = episodes.length > SHOWN ? `… and ${count(episodes.length - SHOWN, 'more alarm')} (see --json)\n` : '';
  const name = shorten(printable(job), io.columns - (ended ? 8 : 0), io);
  return `\n${io.colors.bold(name)}${ended ? ' (ended)' : ''}\n${table(COLUMNS, rows, io)}${more}`;
}

/** `2026-11-22 06:32`. */
function minute(at: number): string {
  return moment(isoTime(at)).slice(0, 16);
}

function titleOf(id: Episode['alarm']): string {
  return JOB_ALARMS.find((kind) => kind.id === id)?.title ?? id;
}

function sentenceOf(episode: Episode): string {
  const { alarm, cause } = episode;
  const hasCause = alarm === 'budget' || alarm === 'reclaimable-share';
  const why = cause === null || !hasCause ? '' : ` ${CAUSE_SENTENCES[cause]}`;
  return `${titleOf(alarm)}: ${numbersOf(episode)}.${why}`;
}

function numbersOf({ alarm, value, threshold, budget }: Episode): string {
  const number = value ?? 0;
  switch (alarm) {
    case 'size-jump':
      return `two in a row are ${number.toFixed(2)} times as large as usual (alarm above ${threshold})`;
    case 'budget': {
      const assumed = budget?.assumed === true ? ', assumed as five times its first three days' : '';
      const when = number === 0 ? 'now' : `in ${number.toFixed(1)} days`;
      return `${when} (alarm below ${threshold}). It is ${bytes(budget?.bytes ?? 0)}${assumed}`;
    }
    case 'reclaimable-share':
      return `${percent(number)} of all its bytes, for three days (alarm above ${percent(threshold)})`;
    case 'late-checkpoint':
      return `the newest is ${number.toFixed(2)} of the job's usual intervals old (alarm above ${threshold})`;
    case 'no-restore-point':
      return "the job can't be restored from any checkpoint or savepoint";
    case 'damaged-newest':
      return 'in two surveys in a row, and the job has no successor';
    default:
      return alarm satisfies never;
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, '')} %`;
}
