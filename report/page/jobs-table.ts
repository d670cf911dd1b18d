import type { ReportDocument, ReportJob } from '../model/document.ts';
import { bar, garbageOf } from './amounts.ts';
import { type Child, el } from './dom.ts';
import { ago, count, duration, money, number, shown, size } from './format.ts';
import { grownBytes } from './growth-card.ts';
import { jobLink } from './links.ts';
import { newestOf, restoreStanding } from './restore-standing.ts';

/** The table of all jobs, which can be searched and sorted. */

type Value = number | string | null;

interface JobColumn {
  readonly name: string;
  readonly value: (job: ReportJob) => Value;
  readonly cell: (job: ReportJob) => Child;
  readonly right?: true;
  /** Hidden on narrow screens. */
  readonly wide?: true;
}

function columnsOf({ at, jobs, cost }: ReportDocument): readonly JobColumn[] {
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

/** A dot of its own form for each state, with the word beside it: no colour has to be told apart. */
export function stateOf({ state, stateWhy }: ReportJob): HTMLElement {
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

/** The number of jobs that are shown before "Show all". */
const SHOWN_AT_FIRST = 25;
/** The least number of jobs for which the search field is shown. */
const SEARCHED_FROM = 8;

export function jobsTable(report: ReportDocument): HTMLElement {
  const columns = columnsOf(report);
  const rows = report.jobs.map((job) => ({
    job,
    text: [job.label, ...job.submissions.map(({ id, directory }) => `${id} ${directory}`)].join(' ').toLowerCase(),
    row: null as HTMLElement | null,
  }));
  let sorted = columns.findIndex(({ name }) => name === 'Size');
  let descending = true;
  const body = el('tbody');
  let most = SHOWN_AT_FIRST;
  const more = el('button', { type: 'button', class: 'more', click: () => showAll() });
  const status = el('p', { class: 'status', role: 'status' });
  const search = el('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Name, job id or directory',
    input: () => fill(),
  });
  const heads = columns.map(({ name, right, wide }, at) =>
    el(
      'th',
      { scope: 'col', class: classes(right, wide) },
      el('button', { type: 'button', click: () => sortBy(at) }, name),
    ),
  );

  function showAll(): void {
    most = Number.POSITIVE_INFINITY;
    fill();
    search.focus();
  }

  function sortBy(at: number): void {
    descending = at === sorted ? !descending : columns[at]?.name !== 'Job';
    sorted = at;
    fill();
  }

  function fill(): void {
    const words = search.value.toLowerCase().split(/\s+/);
    const found = rows.filter(({ text }) => words.every((word) => text.includes(word)));
    const { value } = columns[sorted] ?? { value: () => null };
    const ordered = found
      .map((row) => ({ row, value: value(row.job) }))
      .sort((a, b) => compare(a.value, b.value, descending));
    body.replaceChildren(...ordered.slice(0, most).map(({ row }) => (row.row ??= rowOf(row.job, columns))));
    more.hidden = ordered.length <= most;
    more.textContent = `Show all ${number(ordered.length)}`;
    for (const [at, head] of heads.entries()) {
      if (at === sorted) head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    }
    status.textContent =
      found.length === rows.length
        ? ''
        : `${count(found.length, 'job')} of ${number(rows.length)}${found.length === 0 ? ': no match' : ''}`;
  }

  // Paper has no button that shows the others.
  let onScreen = most;
  addEventListener('beforeprint', () => {
    onScreen = most;
    most = Number.POSITIVE_INFINITY;
    fill();
  });
  addEventListener('afterprint', () => {
    most = onScreen;
    fill();
  });

  fill();
  return el(
    'div',
    {},
    rows.length < SEARCHED_FROM
      ? null
      : el('div', { class: 'toolbar' }, el('label', { for: 'search' }, 'Search'), search, status),
    el(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Jobs' },
      el(
        'table',
        { class: 'jobs' },
        el('caption', { class: 'hidden' }, 'Jobs; the buttons in the head sort'),
        el('thead', {}, el('tr', {}, heads)),
        body,
      ),
    ),
    more,
  );
}

function rowOf(job: ReportJob, columns: readonly JobColumn[]): HTMLElement {
  return el(
    'tr',
    {},
    columns.map(({ cell, right, wide }, at) =>
      el(at === 0 ? 'th' : 'td', { class: classes(right, wide), scope: at === 0 ? 'row' : null }, cell(job)),
    ),
  );
}

function classes(right?: true, wide?: true): string | null {
  return [right ? 'right' : '', wide ? 'wide' : ''].join(' ').trim() || null;
}

/** Unknown values come last in either order. */
function compare(a: Value, b: Value, descending: boolean): number {
  if (a === null || b === null) {
    return Number(a === null) - Number(b === null);
  }
  const order = typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b, 'en') : Number(a) - Number(b);
  return descending ? -order : order;
}
