import type { StewardConfig } from '#config/steward-config.ts';
import { pricesOfRegion, requestCost, storageCost } from '#core/cost/prices.ts';
import { JOB_ALARMS } from '#core/signals/alarms.ts';
import { METRICS } from '#core/signals/metrics.ts';

/**
 * What a deployment costs a month, by AWS's list prices of us-east-1 and the assumptions below. The checkpoints themselves
 * are not in it. An estimate: what was measured is said so, the rest is meant to be rather too much than too little.
 */

/** US dollars, without taxes, discounts and free tiers, October 2025: the pricing pages of the services. S3's stand in {@link pricesOfRegion}. */
export const SERVICE_PRICES = {
  lambdaGiBSecond: 0.0000133334,
  lambdaRequest: 0.2e-6,
  sqsRequest: 0.4e-6,
  /** Of the first 10,000. */
  metricMonth: 0.3,
  putMetricDataRequest: 0.01e-3,
  /** For each metric that an alarm looks at, with a query too. */
  alarmMetricMonth: 0.1,
  dashboardMonth: 3,
  /** Of the topic that alarms go to. */
  kmsKeyMonth: 1,
  logGBIngested: 0.5,
  logGBMonth: 0.03,
} as const;

/** How the jobs behave, and the functions. */
export const ASSUMED = {
  checkpointsPerHour: 12,
  objectsPerJob: 1_000,
  /** Checkpoints and savepoints of a job that are there at a time. */
  rootsPerJob: 3,
  hoursPerMonth: 730,
  daysPerMonth: 30.4,
  /** Scans of the whole area a day in addition to the hourly survey: `collect`, `sweep` and `lifecycle-rules`. */
  dailyLooks: 3,
  /** LIST requests of a look: measured with 10,000 to a million objects of 10 to 1,000 jobs. */
  listsPerThousandObjects: 1,
  listsPerJob: 5,
  ledgerRequestsPerLook: 100,
  /** Seconds of a look: these, and so many for each million objects. Measured on two busy cores, rounded up. */
  lookSeconds: 5,
  lookSecondsPerMillionObjects: 50,
  lookGiB: 3_008 / 1_024,
  /** Of the hourly publication of what is known. */
  republishSeconds: 3,
  /** Of `checkpoint-completed`, for a minute of checkpoints, 50 at most. */
  batchSeconds: 1,
  secondsPerCheckpoint: 0.05,
  batchGiB: 0.5,
  checkpointsPerBatch: 50,
  /** The root, the ledger's state, the job's history, and the survey that reads what was heard. */
  getsPerCheckpoint: 4,
  putsPerCheckpoint: 1,
  /** Lambda's five pollers, each of which waits 20 seconds for a message. */
  idlePolls: (5 * 30.4 * 86_400) / 20,
  sqsRequestsPerCheckpoint: 3,
  /** Of the functions: counted in each run, by function. */
  ownMetrics: 12,
  /** That the alarms look at which are not about single jobs. */
  alarmMetrics: 30,
  logKBPerLook: 8,
  logKBPerBatch: 2,
  logMonths: 6,
  observationKB: 0.6,
  /** How long the ledger keeps what it heard of checkpoints. */
  observationMonths: 13,
} as const;

export interface MonthlyBill {
  readonly metrics: number;
  readonly alarms: number;
  readonly s3Requests: number;
  readonly lambda: number;
  readonly sqs: number;
  readonly logs: number;
  readonly ledger: number;
}

const US_EAST_1 = pricesOfRegion('us-east-1');

/** Dollars a month, with schedules as they are by default. @param jobs running at a time. */
export function monthlyBill(
  jobs: number,
  { metrics, maxJobs }: Pick<StewardConfig['signals'], 'metrics' | 'maxJobs'>,
): MonthlyBill {
  const price = SERVICE_PRICES;
  const a = ASSUMED;
  const named = jobs > maxJobs ? maxJobs + 1 : jobs;
  const checkpoints = jobs * a.checkpointsPerHour * a.hoursPerMonth;
  const batches = Math.max(checkpoints / a.checkpointsPerBatch, Math.min(checkpoints, a.hoursPerMonth * 60));
  const looks = a.hoursPerMonth + a.dailyLooks * a.daysPerMonth;
  const objects = jobs * a.objectsPerJob;
  const perLook = {
    list: (objects / 1_000) * a.listsPerThousandObjects + jobs * a.listsPerJob + a.ledgerRequestsPerLook,
    get: jobs * a.rootsPerJob + a.ledgerRequestsPerLook,
  };
  const lookSeconds = a.lookSeconds + (objects / 1e6) * a.lookSecondsPerMillionObjects;
  const gibSeconds =
    (looks * lookSeconds + a.hoursPerMonth * a.republishSeconds) * a.lookGiB +
    (batches * a.batchSeconds + checkpoints * a.secondsPerCheckpoint) * a.batchGiB;
  const logGB = (looks * a.logKBPerLook + batches * a.logKBPerBatch) / 1e6;
  const published = named * metrics.length + fleetMetrics() + a.ownMetrics;
  return {
    metrics:
      published * price.metricMonth +
      (batches + 2 * a.hoursPerMonth * Math.ceil((named * metrics.length + fleetMetrics()) / 1_000)) *
        price.putMetricDataRequest,
    alarms:
      (named * alarmsPerJob(metrics) + a.alarmMetrics) * price.alarmMetricMonth +
      price.dashboardMonth +
      price.kmsKeyMonth,
    s3Requests: requestCost(
      {
        // A PUT costs what a LIST does.
        list: looks * perLook.list + checkpoints * a.putsPerCheckpoint,
        get: looks * perLook.get + checkpoints * a.getsPerCheckpoint,
      },
      US_EAST_1,
    ),
    lambda: gibSeconds * price.lambdaGiBSecond + (looks + a.hoursPerMonth + batches) * price.lambdaRequest,
    sqs: (a.idlePolls + checkpoints * a.sqsRequestsPerCheckpoint) * price.sqsRequest,
    logs: logGB * (price.logGBIngested + a.logMonths * price.logGBMonth),
    ledger: storageCost(checkpoints * a.observationMonths * a.observationKB * 1_000, US_EAST_1),
  };
}

/** What one more job costs under a name of its own, in metrics and alarms: dollars a month. */
export function monthlyCostOfName({ metrics }: Pick<StewardConfig['signals'], 'metrics'>): number {
  return metrics.length * SERVICE_PRICES.metricMonth + alarmsPerJob(metrics) * SERVICE_PRICES.alarmMetricMonth;
}

function fleetMetrics(): number {
  return METRICS.filter(({ scope }) => scope !== 'job').length;
}

/** Those that look at each job. The others compare what a job that is well does not have. */
function alarmsPerJob(metrics: readonly string[]): number {
  return JOB_ALARMS.filter(({ source }) => metrics.includes(source.metric)).length;
}
