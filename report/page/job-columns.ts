import type { ReportDocument, ReportJob } from '../model/document.ts';
import { bar, garbageOf } from './amounts.ts';
import { type Child, el } from './dom.ts';
import { ago, count, duration, money, number, shown, size } from './format.ts';
import { grownBytes } from './growth-card.ts';
import { jobLink } from './links.ts';
import { newestOf, restoreStanding } from './restore-standing.ts';

/** The columns of the table of jobs. */

export type Value = number | string | null;

export interface JobColumn {
  readonly name: string;
  readonly value: (job: ReportJob) => Value;
  readonly cell: (job: ReportJob) => Child;
  readonly right?: true;
  /** Hidden on narrow screens. */
  readonly wide?: true;
}

export function jobColumns({ at, jobs, cost }: ReportDocument): readonly JobColumn[] {
  const largest = Math.max(1, ...jobs.map(({ total }) => total.bytes));
  const hasGrowth = jobs.some(({ growth }) => growth !== null);
  return [
    {
      name: 'Job',
      value: ({ label }) => label,
      cell: (job) => [
        jobLink(job),
        job.submissions.length > 1 ? el('small', {}, ` ${count(job.submissions.length, 'submission')}`) : null,
        el('small', { class: 'narrow' }, ' ', stateOf(job)),
        bar(job.groups, job.total.bytes / largest),
      ],
    },
    { name: 'State', wide: true, value: ({ state }) => STATES[state].order, cell: stateOf },
    { name: 'Size', right: true, value: ({ total }) => total.bytes, cell: ({ total }) => size(total.bytes) },
    {
      name: 'Live',
      right: true,
      wide: true,
      value: ({ groups }) => groups.live.bytes,
      cell: ({ groups }) => size(groups.live.bytes),
    },
    {
      name: 'Reclaimable',
      right: true,
      value: ({ groups }) => garbageOf(groups).bytes,
      cell: ({ groups }) => orDash(garbageOf(groups).bytes, size),
    },
    ...(hasGrowth
      ? [
          {
            name: 'Growth',
            right: true,
            wide: true,
            value: grownBytes,
            cell: (job: ReportJob) => {
              const grew = grownBytes(job);
              return grew === null ? '–' : `${grew > 0 ? '+' : ''}${size(grew)}`;
            },
          } as const,
        ]
      : []),
    {
      name: 'Oldest live file',
      right: true,
      wide: true,
      value: (job) => oldestNeeded(job, at),
      cell: (job) => {
        const age = oldestNeeded(job, at);
        return age === null ? '–' : duration(age);
      },
    },
    {
      name: 'Restore points',
      right: true,
      wide: true,
      value: ({ restorePoints }) => restorePoints,
      cell: ({ restorePoints, roots, rootsLeftOut }) => {
        const all = roots.length + rootsLeftOut;
        return all === restorePoints ? number(all) : `${number(restorePoints)} of ${number(all)}`;
      },
    },
    {
      name: 'Newest restore point',
      value: (job) => newestOf(job)?.completed ?? null,
      cell: (job) => newestCell(job, at),
    },
    ...(cost === null
      ? []
      : [
          {
            name: 'Cost a month',
            right: true,
            wide: true,
            value: ({ costPerMonth }: ReportJob) => costPerMonth,
            cell: ({ costPerMonth }: ReportJob) => (costPerMonth === null ? '–' : money(costPerMonth, cost.currency)),
          } as const,
        ]),
  ];
}

const STATES = {
  running: { order: 0, mark: '●' },
  silent: { order: 1, mark: '○' },
  ended: { order: 2, mark: '–' },
} as const satisfies Record<ReportJob['state'], unknown>;

/** A sign of its own form for each state, with the word beside it, so nobody has to tell colors apart. */
function stateOf({ state, stateWhy }: ReportJob): HTMLElement {
  return el(
    'span',
    { class: `state ${state}`, title: stateWhy },
    el('span', { 'aria-hidden': 'true' }, STATES[state].mark),
    ` ${state}`,
  );
}

function newestCell(job: ReportJob, now: number): Child {
  const standing = restoreStanding(job);
  switch (standing.can) {
    case 'yes':
      return [el('bdi', {}, shown(standing.newest.name)), el('small', {}, ` ${ago(now - standing.newest.completed)}`)];
    case 'unchecked':
      return el('span', { class: 'soft' }, 'not checked');
    case 'no':
      return el('span', { class: 'bad' }, '! none');
    case 'no-checkpoint':
      return el('span', { class: 'soft' }, 'no checkpoint');
    default:
      return standing satisfies never;
  }
}

function orDash(value: number, print: (value: number) => string): string {
  return value === 0 ? '–' : print(value);
}

function oldestNeeded({ roots }: ReportJob, now: number): number | null {
  return roots.length === 0 ? null : now - Math.min(...roots.map(({ oldest }) => oldest));
}
