import type { ReportDocument, ReportJob, ReportRoot } from '../model/document.ts';
import type { AgeRule } from './age-rule.ts';
import { AGE_GROUPS, type AgeBandGroups, ageBandsChart } from './charts/age-bands.ts';
import { legend } from './charts/frame.ts';
import { type ReachLine, reachChart } from './charts/reach.ts';
import { dataTable, el, figure } from './dom.ts';
import { count, day, duration, moment, number, period, shown, size } from './format.ts';
import { jobLink } from './links.ts';
import { restoreStanding } from './restore-standing.ts';

/** The age of the files that restores need, and what a lifecycle rule by age would break. */

export interface ReachRow extends ReachLine {
  readonly root: ReportRoot;
  readonly job: ReportJob;
}

export interface AgeSection {
  readonly report: ReportDocument;
  readonly rule: AgeRule;
  /** The jobs whose restore points are counted. */
  readonly jobs: readonly ReportJob[];
  readonly bands: AgeBandGroups;
  readonly rows: readonly ReachRow[];
  readonly reachTitle: string;
  readonly reachSays: string;
}

export function reachRow(key: string, label: string, job: ReportJob, root: ReportRoot): ReachRow {
  const { completed, oldest, median, condition, savepoint, borrowedOldest } = root;
  return {
    key,
    label: shown(label),
    completed,
    oldest,
    median,
    condition,
    savepoint,
    borrowed: borrowedOldest !== null && borrowedOldest <= oldest,
    root,
    job,
  };
}

export function ageSection({ report, rule, jobs, bands, rows, reachTitle, reachSays }: AgeSection): HTMLElement {
  const { bounds } = report.ages;
  const verdict = el('p', { class: 'verdict', 'aria-live': 'polite' });
  const says = (): string => sentenceOf(report, jobs, bands, rule.age);
  const reach = reachChart(rows, { now: report.at, age: () => rule.age }, () => `${reachTitle}. ${says()}`);
  const ages = ageBandsChart(
    bands,
    bounds,
    () => rule.age,
    () => `Bytes by the age of files. ${says()}`,
  );
  const tell = (): void => {
    verdict.textContent = says();
    verdict.classList.toggle('bad', brokenBy(report, jobs, rule.age) > 0);
  };
  tell();
  rule.onChange(() => {
    tell();
    reach.redraw();
    ages.redraw();
  });
  return el(
    'div',
    {},
    el('div', { class: 'what-if' }, rule.control(), verdict),
    rows.length === 0
      ? null
      : figure(reachTitle, reachSays, [reachKey(rows), reach.element], () => reachTable(reachTitle, rows, report.at)),
    figure(
      'Bytes by the age of files',
      'The oldest files are on the left. A live file can be much older than its checkpoint: it stays in use as long as its state does not change.',
      [legend(AGE_GROUPS), ages.element],
      () => bandsTable(bands, bounds),
    ),
  );
}

function brokenBy({ ages }: ReportDocument, jobs: readonly ReportJob[], age: number): number {
  const at = ages.bounds.indexOf(age);
  return jobs.reduce((sum, { brokenAt }) => sum + (brokenAt[at] ?? 0), 0);
}

function sentenceOf(report: ReportDocument, jobs: readonly ReportJob[], { live }: AgeBandGroups, age: number): string {
  const broken = brokenBy(report, jobs, age);
  const all = jobs.reduce((sum, { restorePoints }) => sum + restorePoints, 0);
  if (all === 0) {
    const isUnchecked = jobs.some((job) => restoreStanding(job).can === 'unchecked');
    if (isUnchecked) return 'No checkpoint could be checked, so it is not known what a rule would break.';
    return 'There is no restore point that a rule could break.';
  }
  if (broken === 0 && all === 1) {
    return `Today a rule of ${period(age)} would not break the only restore point. Its files may still be needed when they are older.`;
  }
  if (broken === 0) {
    return `Today a rule of ${period(age)} would break none of the ${count(all, 'restore point')}. Their files may still be needed when they are older.`;
  }
  const from = report.ages.bounds.indexOf(age) + 1;
  const files = live.objects.slice(from).reduce((sum, objects) => sum + objects, 0);
  const bytes = live.bytes.slice(from).reduce((sum, its) => sum + its, 0);
  return `Today a rule of ${period(age)} would break ${number(broken)} of ${count(all, 'restore point')}: it would delete ${count(files, 'live file')} (${size(bytes)}).`;
}

function reachKey(rows: readonly ReachRow[]): HTMLElement {
  const item = (sign: string, what: string): HTMLElement =>
    el('span', {}, el('span', { class: 'glyph', 'aria-hidden': 'true' }, sign), what);
  return el(
    'p',
    { class: 'legend' },
    item('•━', 'oldest file needed'),
    item('┃', 'median file'),
    item('●', 'checkpoint'),
    rows.some(({ savepoint }) => savepoint) ? item('◆', 'savepoint') : null,
    rows.some(({ borrowed }) => borrowed) ? item('○━', 'oldest file belongs to another job') : null,
    rows.some(({ condition }) => condition === 'damaged' || condition === 'unreadable') ? item('✕', 'damaged') : null,
  );
}

function reachTable(caption: string, rows: readonly ReachRow[], now: number): HTMLElement {
  return dataTable(
    caption,
    [
      'Checkpoint',
      'Job',
      'Completed',
      { content: 'Oldest file', right: true },
      { content: 'Median', right: true },
      { content: 'Newest', right: true },
      { content: 'Of other jobs', right: true },
    ],
    rows.map(({ label, job, root }) => [
      label,
      { content: jobLink(job) },
      moment(root.completed),
      { content: duration(now - root.oldest), right: true },
      { content: duration(now - root.median), right: true },
      { content: duration(now - root.newest), right: true },
      {
        content:
          root.borrowed === 0 || root.borrowedOldest === null
            ? '–'
            : `${count(root.borrowed, 'file')} since ${day(root.borrowedOldest)}`,
        right: true,
      },
    ]),
  );
}

function bandsTable(bands: AgeBandGroups, bounds: readonly number[]): HTMLElement {
  const names = [...bounds.map((bound) => `under ${period(bound)}`), `${period(bounds.at(-1) ?? 0)} and more`];
  const rows = names.flatMap((name, band) => {
    const sizes = AGE_GROUPS.map((group) => bands[group].bytes[band] ?? 0);
    const objects = AGE_GROUPS.reduce((sum, group) => sum + (bands[group].objects[band] ?? 0), 0);
    return objects === 0
      ? []
      : [
          [
            name,
            ...sizes.map((bytes) => ({ content: size(bytes), right: true })),
            { content: number(objects), right: true },
          ],
        ];
  });
  return dataTable(
    'Bytes by the age of files',
    ['Age', ...['Live', 'Reclaimable', 'Other', 'Objects'].map((content) => ({ content, right: true }))],
    rows,
  );
}
