import type { ReportDocument, ReportJob, ReportRoot } from '../model/document.ts';
import { commandLine } from './command-line.ts';
import { type Child, dataTable, el } from './dom.ts';
import { ago, moment, shortId, shown, size } from './format.ts';
import { jobLink } from './links.ts';
import { restoreStanding } from './restore-standing.ts';

/** Restore points, and the commands that restore them. */

/** The newest restore point of each job. */
export function restoreList({ jobs, at }: ReportDocument): Child {
  return jobs
    .filter(({ roots }) => roots.length > 0)
    .map((job) => {
      const standing = restoreStanding(job);
      const command = standing.can === 'yes' ? standing.newest.command : null;
      return el(
        'div',
        { class: 'restore' },
        el(
          'p',
          {},
          jobLink(job),
          standing.can === 'yes'
            ? restoreFacts(standing.newest, at)
            : standing.can === 'unchecked'
              ? el('span', { class: 'soft' }, ` not checked: ${standing.why}`)
              : el('span', { class: 'bad' }, ' ! no restore point'),
        ),
        command === null ? null : commandLine(command),
      );
    });
}

export function restoreFacts({ name, completed, bytes, savepoint }: ReportRoot, now: number): Child {
  return [
    ' ',
    el('bdi', {}, shown(name)),
    el(
      'span',
      { class: 'soft' },
      `, ${savepoint ? 'savepoint' : 'checkpoint'} of ${moment(completed)} (${ago(now - completed)}), ${size(bytes)}`,
    ),
  ];
}

const CONDITIONS = {
  whole: '✓ can be restored',
  damaged: '✕ damaged',
  unreadable: '✕ unreadable',
  archived: '✕ in an archive',
  unverified: '? not checked',
  unsettled: '… just completed',
} as const;

export function rootsTable(job: ReportJob, now: number): HTMLElement {
  const several = job.submissions.length > 1;
  return dataTable(
    'Checkpoints and savepoints',
    [
      'Checkpoint',
      ...(several ? ['Submission'] : []),
      'Completed',
      { content: 'A restore reads', right: true },
      'State',
      'Command',
    ],
    job.roots.map((root) => [
      { content: [el('bdi', {}, shown(root.name)), root.savepoint ? el('small', {}, ' savepoint') : null] },
      ...(several ? [{ content: el('code', {}, shortId(job.submissions[root.submission]?.id ?? null)) }] : []),
      { content: [moment(root.completed), el('small', {}, ` ${ago(now - root.completed)}`)] },
      { content: size(root.bytes), right: true },
      {
        content: [
          CONDITIONS[root.condition],
          root.problem === null ? null : el('small', {}, ` ${shown(root.problem)}`),
        ],
        class: root.condition === 'damaged' || root.condition === 'unreadable' ? 'bad problem' : 'problem',
      },
      { content: root.command === null ? '–' : commandLine(root.command), class: 'key' },
    ]),
  );
}

/** The damaged checkpoints and savepoints of all jobs. */
export function damagedSection({ jobs, at }: ReportDocument): Child {
  const damaged = jobs.flatMap((job) =>
    job.roots
      .filter(({ condition }) => condition === 'damaged' || condition === 'unreadable')
      .map((root) => ({ job, root })),
  );
  return damaged.length === 0
    ? null
    : dataTable(
        'Damaged checkpoints',
        ['Checkpoint', 'Job', 'Completed', 'What is wrong'],
        damaged.map(({ job, root }) => [
          shown(root.name),
          { content: jobLink(job) },
          { content: [moment(root.completed), el('small', {}, ` ${ago(at - root.completed)}`)] },
          { content: shown(root.problem ?? ''), class: 'problem' },
        ]),
      );
}
