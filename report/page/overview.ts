import type { ReportDocument, ReportGroups, ReportQuarantine, ReportTrend } from '../model/document.ts';
import type { AgeRule } from './age-rule.ts';
import { ageSection, reachRow } from './age-section.ts';
import { bar, barLegend } from './amounts.ts';
import { areaHead } from './area-head.ts';
import { legend } from './charts/frame.ts';
import { SIZE_GROUPS, sizesChart } from './charts/sizes.ts';
import { costSection } from './cost-section.ts';
import { goingSection } from './deletable-section.ts';
import { type Child, dataTable, disclosure, el, figure } from './dom.ts';
import { day, moment, size } from './format.ts';
import { headline } from './headline.ts';
import { jobsTable } from './jobs-table.ts';
import { needsSection } from './needs-section.ts';
import { emptyArea, problems } from './problems.ts';
import { damagedSection, restoreList } from './restore-section.ts';
import { newestOf } from './restore-standing.ts';
import { rulesSection } from './rules-section.ts';
import { stayingSection } from './staying-section.ts';
import { told } from './told.ts';

/** The view of the whole area. */

/** The most lines in the chart. */
const MOST_REACHES = 16;
const OPEN_UP_TO = 6;

export function overview(report: ReportDocument, rule: AgeRule): Child {
  const { jobs, empty, quarantine } = report;
  if (empty !== null) {
    return [areaHead(report), problems(report), emptyArea(empty), notes(report)];
  }
  return [
    areaHead(report),
    problems(report),
    headline(report),
    section('bytes', 'What is stored', whatLies(report.groups, report.trend, quarantine)),
    jobs.length === 0 ? null : section('jobs', 'Jobs', jobsTable(report)),
    report.trend.at.length < 2 ? null : section('time', 'Bytes over time', overTime(report.trend, 'All jobs together')),
    jobs.length === 0 ? null : section('age', 'Would a lifecycle rule by age be safe?', age(report, rule)),
    section('rules', 'What the lifecycle rules do', rulesSection(report)),
    report.needs.length === 0
      ? null
      : section(
          'needs',
          'Who needs whose files',
          el(
            'p',
            {},
            'The checkpoints of a job that was restored with CLAIM still reference files in the directory of the job before it. These files are kept as long as they are referenced, although that job has ended.',
          ),
          needsSection(report, report.needs, 'Who needs whose files'),
        ),
    damaged(report),
    jobs.length === 0
      ? null
      : section(
          'restore',
          'Restore points',
          el('p', {}, 'The newest checkpoint or savepoint of each job whose files all exist with the right size.'),
          jobs.length <= OPEN_UP_TO
            ? restoreList(report)
            : disclosure('The command of each job', () => restoreList(report)),
        ),
    section('going', 'What the next collect deletes, and why', goingSection(report)),
    report.staying.length === 0
      ? null
      : section('staying', 'What waits or stays, and what would free it', stayingSection(report)),
    report.cost === null ? null : section('cost', 'Cost a month', costSection(report.cost, report)),
    notes(report),
  ];
}

export function section(id: string, title: string, ...content: readonly Child[]): HTMLElement {
  return el(
    'section',
    { id, class: 'panel', 'aria-labelledby': `${id}-title` },
    el('h2', { id: `${id}-title` }, title),
    content,
  );
}

/** Shown instead of the bytes over time if there is no history. */
export function whatLies(groups: ReportGroups, { at }: ReportTrend, quarantine: ReportQuarantine): Child {
  return [
    el('div', { class: 'whole' }, bar(groups)),
    barLegend(groups, quarantine),
    at.length > 1
      ? null
      : el(
          'p',
          { class: 'soft' },
          'There is no history yet. Scheduled surveys record sizes, which are then shown over time.',
        ),
  ];
}

export function overTime(trend: ReportTrend, title: string): HTMLElement {
  const [first = 0] = trend.at;
  const says = `Measured by surveys since ${day(first)}.`;
  return figure(title, says, [legend(SIZE_GROUPS), sizesChart(trend, `${title}. ${says}`).element], () =>
    dataTable(
      title,
      ['Time', ...['Live', 'In quarantine', 'Reclaimable now', 'Other'].map((content) => ({ content, right: true }))],
      trend.at.map((at, point) => [
        moment(at),
        ...SIZE_GROUPS.map((group) => ({ content: size(trend[group][point] ?? 0), right: true })),
      ]),
    ),
  );
}

function age(report: ReportDocument, rule: AgeRule): Child {
  const reaches = report.jobs
    .flatMap((job) => {
      const newest = newestOf(job);
      return newest === undefined ? [] : [{ job, newest }];
    })
    .sort((a, b) => a.newest.oldest - b.newest.oldest);
  const rows = reaches
    .slice(0, MOST_REACHES)
    .map(({ job, newest }) => reachRow(job.label, `${job.name} ${newest.name}`, job, newest));
  const of = reaches.length > MOST_REACHES ? `, the ${MOST_REACHES} of ${reaches.length} that reach back furthest` : '';
  return ageSection({
    report,
    rule,
    jobs: report.jobs,
    bands: report.ages,
    rows,
    reachTitle: 'How far back the newest restore points reach',
    reachSays: `Each line is the newest restore point of a job${of}. It begins when the oldest file that a restore reads was written.`,
  });
}

function damaged(report: ReportDocument): Child {
  const table = damagedSection(report);
  return table === null
    ? null
    : section(
        'damaged',
        'Damaged checkpoints',
        el(
          'p',
          {},
          'Jobs can’t be restored from them, but every file that they reference is still protected. Flink itself leaves some of them behind; only those at the top of this page need an action.',
        ),
        table,
      );
}

function notes({ notes: sentences }: ReportDocument): Child {
  return sentences.length === 0
    ? null
    : section(
        'notes',
        'Worth knowing',
        el(
          'ul',
          {},
          sentences.map((sentence) => el('li', {}, told(sentence))),
        ),
      );
}
