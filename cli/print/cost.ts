import type { CostOfClass, MonthlyCost } from '#core/cost/monthly-costs.ts';
import { money } from '#core/quantity.ts';
import { type AuditReport, about, type JobAudit, moneyWords } from '#steward/audit.ts';
import type { CostReport } from '#steward/documents.ts';
import type { Io } from '../io.ts';
import { bytes, type Column, count, paragraph, printable, roomFor, shorten, table } from './text.ts';

const JOBS_SHOWN = 10;
const WIDEST_LABEL = 44;
const CENT = 0.01;
const DAYS_PER_MONTH = 30.4;

/** The first lines about money: what the area costs, and what can be saved. The page says the same. */
export function printMoney(report: AuditReport, io: Io): string {
  const { answer, contains, savings } = moneyWords(report);
  const more = contains === null ? '' : ` ${contains}`;
  const head = report.cost === null ? 'What can be saved:' : `Cost: ${answer}.${more}`;
  const lines = savings.map((sentence) => paragraph(printable(sentence), io, '  - ', '    '));
  return [paragraph(head, io), ...lines].join('');
}

/** By which prices, what each job and each storage class costs, what was not looked at, and what looking costs. */
export function printCost(report: CostReport, jobs: readonly JobAudit[], names: readonly string[], io: Io): string {
  const { perMonth, storageClasses, unlisted, currency } = report;
  return [
    `\n${paragraph(`Prices: ${source(report)}.${survey(report)}${stack(report)}`, io)}`,
    ...unlisted.notLookedAt.map((sentence) => paragraph(printable(sentence), io)),
    perMonth.total < CENT ? '' : `\n${printJobs(report, jobs, names, io)}`,
    storageClasses.some(({ storageClass }) => storageClass !== 'STANDARD')
      ? `\n${printClasses(storageClasses, currency, io)}`
      : '',
  ].join('');
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
    { name: 'all objects', cost: perMonth },
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
  const rows = cells.map(([name = '', ...rest]) => [shorten(name, label, io), ...rest]);
  return table(columns, rows, io);
}

function printClasses(classes: readonly CostOfClass[], currency: string, io: Io): string {
  const columns: readonly Column[] = [
    { head: 'storage class' },
    { head: 'objects', right: true },
    { head: 'size', right: true },
    { head: 'billed', right: true },
    { head: 'a month', right: true },
  ];
  const rows = classes.map(({ storageClass, objects, bytes: held, billedBytes, perMonth }) => [
    storageClass,
    objects.toLocaleString('en-US'),
    bytes(held),
    bytes(billedBytes),
    money(perMonth, currency),
  ]);
  return table(columns, rows, io);
}

function sum(costs: readonly MonthlyCost[]): MonthlyCost {
  return costs.reduce((a, b) => ({
    live: a.live + b.live,
    reclaimable: a.reclaimable + b.reclaimable,
    total: a.total + b.total,
  }));
}

function source({ pricesOf, regions, regionAssumed, storageClasses }: CostReport): string {
  if (regions.length === 0) {
    return `those of ${pricesOf}`;
  }
  const assumed = regionAssumed ? ' (assumed; see "prices" in steward.json)' : '';
  const others = storageClasses.some(({ storageClass }) => storageClass !== 'STANDARD')
    ? '; other classes by those of us-east-1, in proportion'
    : '';
  return `AWS's list prices of ${pricesOf} for S3 Standard in ${regions.join(' and ')}${assumed}${others}`;
}

function survey({ survey: { listRequests, getRequests, cost }, currency }: CostReport): string {
  if (listRequests + getRequests === 0) return '';
  const requests = `${listRequests.toLocaleString('en-US')} LIST and ${count(getRequests, 'GET request')}`;
  const daily = money(cost * DAYS_PER_MONTH, currency);
  return ` This survey took ${requests}: ${about(cost, currency)}. From cron, once a day, a survey like this costs ${daily} a month.`;
}

function stack({ stack: found }: CostReport): string {
  if (found === null || found.bytes === null) return '';
  const { jobs, perMonth, bytes: garbage } = found;
  return ` A deployment for ${count(jobs, 'job')} costs about ${money(perMonth, 'USD')} a month, as much as storing ${bytes(garbage)} of garbage.`;
}
