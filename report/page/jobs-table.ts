import type { ReportDocument, ReportJob } from '../model/document.ts';
import { csvButton } from './csv-button.ts';
import { el } from './dom.ts';
import { count, number } from './format.ts';
import { type JobColumn, jobColumns, type Value } from './job-columns.ts';
import { whilePrinted } from './printing.ts';

/** The table of all jobs, which can be searched and sorted. */

/** The number of jobs that are shown before "Show all". */
const SHOWN_AT_FIRST = 25;
/** The least number of jobs for which the search field is shown. */
const SEARCHED_FROM = 8;

export function jobsTable(report: ReportDocument): HTMLElement {
  const columns = jobColumns(report);
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

  const isSearched = rows.length >= SEARCHED_FROM;
  whilePrinted(body, () => {
    const onScreen = most;
    most = Number.POSITIVE_INFINITY;
    fill();
    return () => {
      most = onScreen;
      fill();
    };
  });
  fill();
  return el(
    'div',
    {},
    isSearched
      ? el('div', { class: 'toolbar' }, el('label', { for: 'search' }, 'Search'), search, status, csvButton(report))
      : null,
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
    isSearched ? null : csvButton(report),
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
