import type { MonthlyCost } from '#core/cost/monthly-costs.ts';
import type { JobAudit } from '#steward/audit.ts';
import type { CostReport } from '#steward/documents.ts';
import type { Io } from '../io.ts';
import { type Column, count, paragraph, roomFor, shorten, table } from './text.ts';

const JOBS_SHOWN = 10;
const WIDEST_LABEL = 44;
const CENT = 0.01;

/** What the area costs a month, in total and for each job, and what this survey cost. */
export function printCost(report: CostReport, jobs: readonly JobAudit[], names: readonly string[], io: Io): string {
  const { currency, perMonth } = report;
  const saving =
    perMonth.reclaimable < CENT ? '' : `, ${money(perMonth.reclaimable, currency)} of it for what is reclaimable`;
  const sentences = `Cost: ${about(perMonth.total, currency)} a month${saving}, ${source(report)}.${survey(report)}`;
  return `\n${paragraph(sentences, io)}${perMonth.total < CENT ? '' : `\n${printJobs(report, jobs, names, io)}`}`;
}

function printJobs(
  { currency, perMonth }: CostReport,
  jobs: readonly JobAudit[],
  names: readonly string[],
  io: Io,
): string {
  const costs = jobs.flatMap(({ costPerMonth: cost }, at) =>
    cost === null || cost.total < CENT ? [] : [{ name: names[at] ?? '', cost }],
  );
  const [hidden, more] = [costs.slice(JOBS_SHOWN), costs.length - JOBS_SHOWN];
  const cells = [
    ...costs.slice(0, JOBS_SHOWN),
    ...(more > 0 ? [{ name: `… and ${count(more, 'more job')}`, cost: sum(hidden.map(({ cost }) => cost)) }] : []),
    { name: 'the whole area', cost: perMonth },
  ].map(({ name, cost }) => [
    name,
    money(cost.live, currency),
    money(cost.reclaimable, currency),
    money(cost.total, currency),
  ]);
  const columns: readonly Column[] = [
    { head: 'a month' },
    { head: 'live', right: true },
    { head: 'reclaimable', right: true },
    { head: 'all', right: true },
  ];
  const label = Math.min(WIDEST_LABEL, roomFor(0, columns, cells, io.columns));
  const rows = cells.map(([name = '', ...rest]) => [shorten(name, label), ...rest]);
  return table(columns, rows, io);
}

function sum(costs: readonly MonthlyCost[]): MonthlyCost {
  return costs.reduce((a, b) => ({
    live: a.live + b.live,
    reclaimable: a.reclaimable + b.reclaimable,
    total: a.total + b.total,
  }));
}

function source({ pricesOf, regions, regionAssumed }: CostReport): string {
  if (regions.length === 0) {
    return `at the prices of ${pricesOf}`;
  }
  const assumed = regionAssumed ? ' (assumed; see "prices" in steward.json)' : '';
  return `at AWS's list prices of ${pricesOf} for S3 Standard in ${regions.join(' and ')}${assumed}`;
}

function survey({ survey: { listRequests, getRequests, cost }, currency }: CostReport): string {
  return listRequests + getRequests === 0
    ? ''
    : ` This survey took ${listRequests.toLocaleString('en-US')} LIST and ${count(getRequests, 'GET request')}: ${about(cost, currency)}.`;
}

function about(amount: number, currency: string): string {
  return `${amount < CENT ? '' : 'about '}${money(amount, currency)}`;
}

/** An amount without false precision: `$12.40`, `$1,240`, `under 1 cent`, `12.40 EUR`. */
export function money(amount: number, currency: string): string {
  if (amount > 0 && amount < CENT) {
    return currency === 'USD' ? 'under 1 cent' : `under 0.01 ${currency}`;
  }
  const digits = amount === 0 || amount >= 100 ? 0 : 2;
  const number = amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return currency === 'USD' ? `$${number}` : `${number} ${currency}`;
}
