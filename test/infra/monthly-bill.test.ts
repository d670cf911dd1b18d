import { describe, expect, it } from 'vitest';
import { defaultConfig } from '#config/steward-config.ts';
import { breakEvenOf, monthlyCostOfCron } from '#core/bill/break-even.ts';
import {
  type AdoptedBill,
  adoptedBill,
  guardAllBill,
  type MonthlyBill,
  monthlyBill,
  monthlyCostOfName,
  statesBill,
} from '#core/bill/monthly-bill.ts';
import { ASSUMED } from '#core/bill/monthly-prices.ts';
import { pricesOfRegion, storageCost } from '#core/cost/prices.ts';
import { bytes } from '#core/quantity.ts';
import { MOST_JOBS, MOST_STATES } from '#steward/metrics/publish-states.ts';
import { readText } from './read-text.ts';
import { synthesise, useSynthesis } from './synthesise.ts';

useSynthesis();

const { signals } = defaultConfig();
/** Of the first tier in us-east-1. */
const PER_BYTE = storageCost(1, pricesOfRegion('us-east-1'));
const JOBS = [10, 100, 1_000];
const LINES: readonly (readonly [keyof MonthlyBill, string])[] = [
  ['metrics', 'CloudWatch metrics'],
  ['alarms', 'CloudWatch alarms'],
  ['dashboard', 'the dashboard and its queries'],
  ['keysAndSecrets', 'the KMS key of the alarms, the secret for Slack'],
  ['s3Requests', 'S3 requests'],
  ['ledger', 'storage of the ledger, 90 days of replaced versions included'],
  ['lambda', 'Lambda'],
  ['messages', 'SQS, SNS, Scheduler, Step Functions'],
  ['logs', 'logs'],
];
const ADOPTED: readonly (readonly [keyof AdoptedBill, string])[] = [
  ['eventBridge', 'in addition, only if the bucket notifies through EventBridge'],
  ['kmsRequests', 'in addition, only if the bucket has a KMS key and no bucket key'],
];

function total(bill: MonthlyBill): number {
  return Object.values(bill).reduce((sum, amount) => sum + amount, 0);
}

function dollars(amount: number): string {
  return amount < 10 ? `$${amount.toFixed(2)}` : `$${Math.round(amount).toLocaleString('en-US')}`;
}

function table(): string {
  const bills = JOBS.map((jobs) => monthlyBill(jobs, signals));
  const row = (name: string, amounts: readonly number[]) => `| ${name} | ${amounts.map(dollars).join(' | ')} |`;
  return [
    `| a month, for | ${JOBS.map((jobs) => `${jobs.toLocaleString('en-US')} jobs`).join(' | ')} |`,
    `|---|${'--:|'.repeat(JOBS.length)}`,
    ...LINES.map(([key, name]) =>
      row(
        name,
        bills.map((bill) => bill[key]),
      ),
    ),
    row('**total**', bills.map(total)),
    `| equal to the cost of this much garbage in S3 Standard | ${JOBS.map((jobs) => bytes(breakEvenOf(jobs, signals, PER_BYTE).bytes ?? 0)).join(' | ')} |`,
    row(
      'total with `"metrics": []`',
      JOBS.map((jobs) => total(monthlyBill(jobs, { ...signals, metrics: [] }))),
    ),
    row('instead of a deployment: the command from cron, once a day (requests only)', JOBS.map(monthlyCostOfCron)),
    row('in addition, only with `"guard": "all"`', JOBS.map(guardAllBill)),
    row('in addition, only with `"states": {}`', JOBS.map(statesBill)),
    ...ADOPTED.map(([key, name]) =>
      row(
        name,
        JOBS.map((jobs) => adoptedBill(jobs)[key]),
      ),
    ),
  ].join('\n');
}

describe('What a deployment costs', () => {
  it('is in docs/deploying.md as it is reckoned here', () => {
    expect(readText('docs/deploying.md')).toContain(table());
  });

  it.each([
    [10, 20],
    [100, 80],
    [1_000, 250],
  ])('of %d jobs is less than %d dollars a month', (jobs, most) => {
    expect(total(monthlyBill(jobs, signals))).toBeLessThan(most);
  });

  it('is little more where states are looked at, whose metrics are bounded', () => {
    const [ten = 0, hundred = 0, thousand = 0] = JOBS.map(statesBill);

    expect([ten < 1, hundred < 4, thousand < 40]).toEqual([true, true, true]);
    expect([ASSUMED.stateJobs, ASSUMED.statesPerJob]).toEqual([MOST_JOBS, MOST_STATES]);
  });

  it('pays from less than a terabyte of garbage for 10 jobs on, as the page says', () => {
    const [ten = ''] = JOBS.map((jobs) => bytes(breakEvenOf(jobs, signals, PER_BYTE).bytes ?? 0));
    const text = readText('docs/deploying.md').replaceAll(/\s+/g, ' ');
    expect(text).toContain(`A deployment for 10 jobs costs as much as storing ${ten} of garbage all month`);
  });

  it('has a line in the table for each of its parts', () => {
    expect(LINES.map(([key]) => key)).toEqual(Object.keys(monthlyBill(1, signals)));
    expect(ADOPTED.map(([key]) => key)).toEqual(Object.keys(adoptedBill(1)));
  });

  it('is in the README in short', () => {
    const [ten, hundred, thousand] = JOBS.map((jobs) => dollars(total(monthlyBill(jobs, signals))));
    expect(readText('README.md').replaceAll(/\s+/g, ' ')).toContain(
      `${ten} a month for 10 jobs, ${hundred} for 100, ${thousand} for 1,000`,
    );
  });

  it('says what it assumes', () => {
    const text = readText('docs/deploying.md').replaceAll(/\s+/g, ' ');
    expect(text).toContain(`${ASSUMED.checkpointsPerHour} checkpoints an hour`);
    expect(text).toContain(`${ASSUMED.objectsPerJob.toLocaleString('en-US')} objects`);
    expect(text).toContain(`the ${signals.maxJobs} largest jobs`);
    expect(text).toContain(`${dollars(monthlyCostOfName(signals))} a month for each job`);
    expect(text).toContain(`${ASSUMED.objectsPerCheckpoint} objects`);
    expect(text).toContain(`${100 * ASSUMED.unwellShare} % of the jobs`);
  });

  it('counts no fewer metrics of alarms than the template has, and not many more', () => {
    // Act
    const { resources } = synthesise({ signals: { slack: { secretName: 'slack' } } });

    // Assess
    const composite = Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudWatch::CompositeAlarm');
    expect(composite.length).toBeLessThanOrEqual(ASSUMED.compositeAlarms);
    const alarms = Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
    const looked = alarms
      .map(({ Properties }) => (Properties.Metrics ?? [{ MetricStat: {} }]) as readonly object[])
      .map((metrics) => Math.max(1, metrics.filter((metric) => 'MetricStat' in metric).length));
    const count = looked.reduce((sum, metrics) => sum + metrics, 0);
    expect(count).toBeLessThanOrEqual(ASSUMED.alarmMetrics);
    expect(count).toBeGreaterThan(ASSUMED.alarmMetrics - 10);
  });

  it('grows with jobs under a name of their own, and no faster beyond the most of them', () => {
    const at = (jobs: number) => monthlyBill(jobs, { metrics: signals.metrics, maxJobs: 200 }).metrics;
    expect(at(200) - at(100)).toBeCloseTo(100 * (signals.metrics.length + ASSUMED.unwellShare) * 0.3, 6);
    expect(at(2_000) - at(1_000)).toBeLessThan(5);
  });

  it('is next to nothing in metrics and alarms of jobs where none are published', () => {
    const none = { metrics: [], maxJobs: 200 };
    const difference = monthlyBill(200, none).alarms - monthlyBill(1, none).alarms;
    expect(difference).toBeCloseTo(199 * ASSUMED.unwellShare * 0.1, 6);
  });

  it('has alarms find each job where what they compare is selected', () => {
    const selected = { metrics: ['Lateness', 'RestorePoints', 'LiveBytes'] as const, maxJobs: 200 };
    expect(monthlyCostOfName({ metrics: [...selected.metrics] })).toBeCloseTo(
      (3 + ASSUMED.unwellShare) * 0.3 + (2 + ASSUMED.unwellShare) * 0.1,
      6,
    );
  });
});
