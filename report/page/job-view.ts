import type { ReportDocument, ReportJob } from '../model/document.ts';
import type { AgeRule } from './age-rule.ts';
import { ageSection, reachRow } from './age-section.ts';
import { garbageOf, hasBegun, reasonsTable } from './amounts.ts';
import { titleOf, wholeName } from './area-head.ts';
import { completionsChart } from './charts/completions.ts';
import { commandLine } from './command-line.ts';
import { type Child, dataTable, disclosure, el, figure } from './dom.ts';
import { ago, count, day, duration, moment, money, number, shortId, shown, size } from './format.ts';
import { grownBytes } from './growth-card.ts';
import { needsSection } from './needs-section.ts';
import { operatorsSection } from './operators-section.ts';
import { overTime, section, whatLies } from './overview.ts';
import { restoreFacts, rootsTable } from './restore-section.ts';
import { restoreStanding } from './restore-standing.ts';
import { rulesSection } from './rules-section.ts';
import { statesSection } from './states-section.ts';

/** The page of one job. */

const MOST_REACHES = 40;

export function jobView(report: ReportDocument, job: ReportJob, rule: AgeRule): Child {
  const at = report.jobs.indexOf(job);
  const needs = report.needs.filter(({ from, to }) => from.job === at || to?.job === at);
  const isBroken = report.buckets.some(({ rules }) =>
    rules.some(({ hazards }) => hazards.some(({ label }) => label === job.label)),
  );
  return [
    el(
      'header',
      { class: 'top' },
      el('p', { class: 'jump' }, el('a', { href: '#' }, '← All jobs')),
      el('h1', {}, el('bdi', {}, titleOf(job.label))),
      wholeName(job.label),
      el('p', { class: 'soft' }, factsOf(report, job)),
    ),
    section('restore', 'Restore from', restore(report, job)),
    section('bytes', 'What is stored', whatLies(job.groups, job.trend, report.quarantine), submissions(report, job)),
    job.composition === null ? null : section('operators', 'Operators', operatorsSection(job.composition)),
    job.states === null ? null : section('states', 'States', statesSection(job.states, report.at)),
    overTimeOf(job),
    job.roots.length === 0 ? null : section('age', 'How old is the state it needs?', age(report, job, rule)),
    needs.length === 0
      ? null
      : section(
          'needs',
          'Files shared with other submissions',
          needsSection(report, needs, 'Files shared with other submissions'),
        ),
    isBroken ? section('rules', 'Lifecycle rules that break it', rulesSection(report, job.label)) : null,
    job.roots.length === 0
      ? null
      : section(
          'roots',
          'Checkpoints and savepoints',
          rootsTable(job, report.at),
          job.rootsLeftOut > 0
            ? el(
                'p',
                { class: 'soft' },
                `${count(job.rootsLeftOut, 'older one is', 'older ones are')} counted, but not listed.`,
              )
            : null,
        ),
    section(
      'going',
      'What is deleted, and why',
      el('p', {}, goes(job, report)),
      reasonsTable('What is kept or deleted, and why', job.reasons, report.quarantine),
    ),
  ];
}

function factsOf({ at, cost }: ReportDocument, job: ReportJob): string {
  const grew = grownBytes(job);
  return [
    size(job.total.bytes),
    count(job.total.objects, 'object'),
    grew === null || job.growth === null
      ? ''
      : `${grew >= 0 ? '+' : ''}${size(grew)} in ${duration(at - job.growth.since)}`,
    job.costPerMonth === null || cost === null ? '' : `${money(job.costPerMonth, cost.currency)} a month`,
    `${job.state} (${job.stateWhy})`,
  ]
    .filter((fact) => fact !== '')
    .join(' · ');
}

function restore({ at }: ReportDocument, job: ReportJob): Child {
  const standing = restoreStanding(job);
  switch (standing.can) {
    case 'yes':
      return [
        el('p', {}, restoreFacts(standing.newest, at)),
        standing.newest.command === null ? null : commandLine(standing.newest.command),
      ];
    case 'unchecked':
      return el('p', {}, `Not checked: ${standing.why}`);
    case 'no':
      return el('p', { class: 'bad' }, '! No restore point.');
    case 'no-checkpoint':
      return el('p', { class: 'bad' }, 'This job has no checkpoint or savepoint.');
    default:
      return standing satisfies never;
  }
}

function submissions({ at }: ReportDocument, { submissions: all }: ReportJob): Child {
  return disclosure(
    count(all.length, 'submission'),
    () =>
      dataTable(
        'Submissions',
        [
          'Job id',
          'Directory',
          { content: 'Size', right: true },
          { content: 'Live', right: true },
          { content: 'Checkpoints', right: true },
          'Last write',
        ],
        all.map(({ id, directory, total, live, roots, lastWrite, declaredDead }) => [
          { content: el('code', {}, shortId(id)) },
          { content: el('code', {}, shown(directory)), class: 'key' },
          { content: size(total.bytes), right: true },
          { content: size(live.bytes), right: true },
          { content: number(roots), right: true },
          {
            content: [
              day(lastWrite),
              el('small', {}, ` ${ago(at - lastWrite)}`, declaredDead ? ', declared dead' : ''),
            ],
          },
        ]),
      ),
    all.length > 1,
  );
}

function overTimeOf(job: ReportJob): Child {
  const charts = [job.trend.at.length < 2 ? null : overTime(job.trend, 'By what happens to them'), completions(job)];
  return charts.every((chart) => chart === null) ? null : section('time', 'Bytes over time', charts);
}

function completions({ completions: all }: ReportJob): Child {
  const withSize = all.bytes.filter((bytes) => bytes !== null);
  if (withSize.length < 2) {
    return null;
  }
  const title = 'What a restore reads, checkpoint by checkpoint';
  const says = all.increments.some((bytes) => bytes !== null)
    ? 'The small grey points show what each of them added.'
    : '';
  return figure(title, says, completionsChart(all, title).element, () =>
    dataTable(
      title,
      ['Completed', 'Kind', { content: 'A restore reads', right: true }, { content: 'New in it', right: true }],
      all.at.map((at, index) => [
        moment(at),
        all.savepoint[index] ? 'savepoint' : 'checkpoint',
        { content: sizeOrDash(all.bytes[index]), right: true },
        { content: sizeOrDash(all.increments[index]), right: true },
      ]),
    ),
  );
}

function sizeOrDash(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined ? '–' : size(bytes);
}

function age(report: ReportDocument, job: ReportJob, rule: AgeRule): Child {
  const several = job.submissions.length > 1;
  const rows = job.roots.slice(0, MOST_REACHES).map((root) => {
    const id = job.submissions[root.submission]?.id ?? null;
    return reachRow(root.path, several && !root.savepoint ? `${root.name} of ${shortId(id)}` : root.name, job, root);
  });
  return ageSection({
    report,
    rule,
    jobs: [job],
    bands: job,
    rows,
    reachTitle: 'How far back its checkpoints reach',
    reachSays:
      'Each line begins when the oldest file that a restore reads was written, and ends when the checkpoint was completed.',
  });
}

function goes(job: ReportJob, { quarantine }: ReportDocument): string {
  const { deletable, quarantined } = job.groups;
  const garbage = garbageOf(job.groups);
  return garbage.objects === 0
    ? 'Nothing of this job is garbage.'
    : `${size(deletable.bytes)} may be deleted by the next collect, ${size(quarantined.bytes)} is ${hasBegun(quarantine) ? 'in quarantine' : 'garbage that no run has recorded yet'}.`;
}
