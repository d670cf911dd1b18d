import { pricesOfRegion, requestCost, storageCost } from '#core/cost/prices.ts';
import { JOB_ALARMS } from '#core/signals/alarms.ts';
import { METRICS_OF_FLEET } from '#core/signals/metrics.ts';
import { ASSUMED, SERVICE_PRICES } from './monthly-prices.ts';

/**
 * What a deployment costs a month, by AWS's list prices of us-east-1 and assumptions. The checkpoints themselves are not
 * in it. An estimate: what was measured is said so, the rest is meant to be rather too much than too little.
 */

/** Dollars a month, of each line of the bill. */
export interface MonthlyBill {
  readonly metrics: number;
  readonly alarms: number;
  readonly dashboard: number;
  /** The key of the alarm topics, and the secret of the webhook. */
  readonly keysAndSecrets: number;
  readonly s3Requests: number;
  readonly ledger: number;
  readonly lambda: number;
  /** The queue of checkpoint events, notifications, schedules, and the state machine of the collections. */
  readonly messages: number;
  readonly logs: number;
}

/** What depends on the buckets that a deployment adopts; dollars a month. */
export interface AdoptedBill {
  /** Where the bucket tells through EventBridge; nothing where it tells the queue itself. */
  readonly eventBridge: number;
  /** Where the bucket is encrypted with a key of KMS, and has no bucket key. */
  readonly kmsRequests: number;
}

/** What is published of jobs (`signals` in `steward.json`). */
export interface Published {
  /** Names of those that are published of each job. */
  readonly metrics: readonly string[];
  /** How many jobs have metrics of their own. */
  readonly maxJobs: number;
}

const US_EAST_1 = pricesOfRegion('us-east-1');

/** Dollars a month, with schedules as they are by default. @param jobs running at a time. */
export function monthlyBill(jobs: number, published: Published): MonthlyBill {
  const price = SERVICE_PRICES;
  const a = ASSUMED;
  const counts = countsOf(jobs, published);
  const { checkpoints, batches, looks, objects } = counts;
  const lookSeconds = a.lookSeconds + (objects / 1e6) * a.lookSecondsPerMillionObjects;
  const gibSeconds =
    (looks * lookSeconds + a.hoursPerMonth * a.republishSeconds) * a.lookGiB +
    (batches * a.batchSeconds + checkpoints * a.secondsPerCheckpoint) * a.batchGiB;
  const logGB = (looks * a.logKBPerLook + batches * a.logKBPerBatch) / 1e6;
  return {
    metrics: counts.metrics * price.metricMonth + counts.putMetricData * price.putMetricDataRequest,
    alarms: counts.alarmMetrics * price.alarmMetricMonth + a.compositeAlarms * price.compositeAlarmMonth,
    dashboard: price.dashboardMonth + a.dashboardLooks * counts.metrics * price.getMetricDataMetric,
    keysAndSecrets: price.kmsKeyMonth + price.secretMonth + 3 * a.notifications * price.kmsRequest,
    s3Requests: requestCost(requestsOf(counts), US_EAST_1),
    ledger: storageCost(bytesOfLedger(counts), US_EAST_1),
    lambda: gibSeconds * price.lambdaGiBSecond + (looks + a.hoursPerMonth + batches) * price.lambdaRequest,
    messages:
      (a.polledQueues * a.idlePolls + checkpoints * a.sqsRequestsPerCheckpoint) * price.sqsRequest +
      a.notifications * price.snsRequest +
      (looks + a.hoursPerMonth + a.daysPerMonth / 7) * price.schedulerInvocation +
      a.daysPerMonth * a.transitionsPerCollection * price.stepFunctionsTransition,
    logs: logGB * (price.logGBIngested + a.logMonths * price.logGBMonth),
  };
}

/** What comes on top for adopted buckets. @param jobs running at a time. */
export function adoptedBill(jobs: number): AdoptedBill {
  const { checkpoints, looks } = countsOf(jobs, { metrics: [], maxJobs: jobs });
  return {
    eventBridge: checkpoints * ASSUMED.objectsPerCheckpoint * 2 * SERVICE_PRICES.eventBridgeEvent,
    kmsRequests: (checkpoints + looks * jobs * ASSUMED.rootsPerJob) * SERVICE_PRICES.kmsRequest,
  };
}

/**
 * What it costs that the guard is told of all deletions, those of Flink too: dollars a month. What lifecycle rules delete is
 * next to nothing beside it. @param jobs running at a time.
 */
export function guardAllBill(jobs: number): number {
  const a = ASSUMED;
  const price = SERVICE_PRICES;
  const { checkpoints } = countsOf(jobs, { metrics: [], maxJobs: jobs });
  const deletions = checkpoints * a.objectsPerCheckpoint;
  const batches = Math.min(checkpoints, a.guardBatchesPerHour * a.hoursPerMonth);
  const requests = {
    list: checkpoints * a.guardListsPerCheckpoint,
    get: checkpoints * a.guardRootsPerCheckpoint + batches,
  };
  const gibSeconds = (batches * a.guardSeconds + (deletions / 1_000) * a.guardSecondsPerThousand) * a.guardGiB;
  return (
    deletions * a.sqsRequestsPerCheckpoint * price.sqsRequest +
    gibSeconds * price.lambdaGiBSecond +
    batches * price.lambdaRequest +
    requestCost(requests, US_EAST_1)
  );
}

/** The same for each million objects that are deleted: dollars. @param jobs that share them. */
export function guardAllPerMillion(jobs: number): number {
  const { checkpoints } = countsOf(jobs, { metrics: [], maxJobs: jobs });
  return (guardAllBill(jobs) / (checkpoints * ASSUMED.objectsPerCheckpoint)) * 1e6;
}

/**
 * What it costs that state files are looked at each day: dollars a month, where each look finds that all files of the
 * newest checkpoints are new. @param jobs running at a time.
 */
export function statesBill(jobs: number): number {
  const a = ASSUMED;
  const { objects } = countsOf(jobs, { metrics: [], maxJobs: jobs });
  const seconds = a.lookSeconds + (objects / 1e6) * a.lookSecondsPerMillionObjects + objects / a.stateFilesPerSecond;
  const look = {
    list: (objects / 1_000) * a.listsPerThousandObjects + jobs * (a.listsPerJob + 1),
    get: objects + jobs * (a.rootsPerJob + 3) + a.ledgerGetsPerLook,
  };
  // A metric is billed by the hour in which it has a value.
  const metricHours = Math.min(jobs * a.unwellShare, a.stateJobs) * a.statesPerJob;
  // Of the alarm that says that the function fails.
  const alarm = SERVICE_PRICES.alarmMetricMonth;
  return (
    alarm +
    a.daysPerMonth *
      (requestCost(look, US_EAST_1) +
        seconds * a.lookGiB * SERVICE_PRICES.lambdaGiBSecond +
        (metricHours / a.hoursPerMonth) * SERVICE_PRICES.metricMonth)
  );
}

/** What one more job costs under a name of its own, in metrics and alarms: dollars a month. */
export function monthlyCostOfName({ metrics }: Pick<Published, 'metrics'>): number {
  return metricsPerJob(metrics) * SERVICE_PRICES.metricMonth + alarmsPerJob(metrics) * SERVICE_PRICES.alarmMetricMonth;
}

interface Counts {
  readonly jobs: number;
  readonly objects: number;
  readonly checkpoints: number;
  readonly batches: number;
  /** Scans of the whole area. */
  readonly looks: number;
  /** That are published all the time, or as much of it as is billed. */
  readonly metrics: number;
  readonly putMetricData: number;
  readonly alarmMetrics: number;
}

function countsOf(jobs: number, { metrics, maxJobs }: Published): Counts {
  const a = ASSUMED;
  const named = jobs > maxJobs ? maxJobs + 1 : jobs;
  const checkpoints = jobs * a.checkpointsPerHour * a.hoursPerMonth;
  const batches = Math.max(checkpoints / a.checkpointsPerBatch, Math.min(checkpoints, a.hoursPerMonth * 60));
  const hourly = named * metricsPerJob(metrics) + fleetMetrics();
  return {
    jobs,
    objects: jobs * a.objectsPerJob,
    checkpoints,
    batches,
    looks: a.hoursPerMonth + a.dailyLooks * a.daysPerMonth,
    metrics: hourly + a.ownMetrics,
    putMetricData: batches + 2 * a.hoursPerMonth * Math.ceil(hourly / 1_000),
    alarmMetrics: a.alarmMetrics + named * alarmsPerJob(metrics),
  };
}

/** A PUT costs what a LIST does. */
function requestsOf({ jobs, objects, checkpoints, batches, looks }: Counts): { list: number; get: number } {
  const a = ASSUMED;
  const histories = Math.min(jobs, a.historyFiles);
  const jobsPerBatch = Math.min(histories, checkpoints / batches);
  return {
    list:
      looks * ((objects / 1_000) * a.listsPerThousandObjects + jobs * a.listsPerJob + a.ledgerPutsPerLook + histories) +
      batches * a.ledgerPutsPerBatch,
    get:
      looks * (jobs * a.rootsPerJob + a.ledgerGetsPerLook + histories) +
      // What is known is published once more each hour, and each survey reads what was heard.
      a.hoursPerMonth * (a.ledgerGetsPerLook + histories) +
      checkpoints +
      batches * (1 + a.ledgerGetsPerBatch + jobsPerBatch),
  };
}

function bytesOfLedger({ jobs, objects, checkpoints }: Counts): number {
  const a = ASSUMED;
  const rewritten = (a.rewrittenKB + jobs * a.rewrittenKBPerJob) * 1_000 + objects * a.rewrittenBytesPerObject;
  return checkpoints * a.observationMonths * a.observationKB * 1_000 + rewritten * a.hoursPerMonth * a.replacedMonths;
}

/** Those that are selected, and what the unwell among the jobs have beside them. */
function metricsPerJob(selected: readonly string[]): number {
  return selected.length + ASSUMED.unwellShare;
}

function fleetMetrics(): number {
  return METRICS_OF_FLEET.filter(({ fleet }) => fleet === 'hourly').length;
}

/** Alarms find what is selected of what they compare, and what the unwell have. */
function alarmsPerJob(selected: readonly string[]): number {
  return JOB_ALARMS.filter(({ source }) => selected.includes(source.metric)).length + ASSUMED.unwellShare;
}
