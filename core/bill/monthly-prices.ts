/** What a deployment is billed for, and what is assumed of jobs and functions. S3's prices stand in `core/cost/`. */

/** US dollars, without taxes, discounts and free tiers, October 2025: the pricing pages of the services, us-east-1. */
export const SERVICE_PRICES = {
  lambdaGiBSecond: 0.0000133334,
  lambdaRequest: 0.2e-6,
  sqsRequest: 0.4e-6,
  snsRequest: 0.5e-6,
  schedulerInvocation: 1e-6,
  stepFunctionsTransition: 25e-6,
  /** Of the first 10,000; pro rata by the hour in which a metric has a value. */
  metricMonth: 0.3,
  putMetricDataRequest: 0.01e-3,
  /** For each metric that is asked for, by a dashboard that somebody looks at. */
  getMetricDataMetric: 0.01e-3,
  /** For each metric that an alarm looks at, or that its query finds. */
  alarmMetricMonth: 0.1,
  compositeAlarmMonth: 0.5,
  dashboardMonth: 3,
  kmsKeyMonth: 1,
  kmsRequest: 3e-6,
  secretMonth: 0.4,
  /** Events that S3 sends, each object that is created or deleted. Sources differ; this is the highest of them. */
  eventBridgeEvent: 1e-6,
  logGBIngested: 0.5,
  logGBMonth: 0.03,
} as const;

/** How the jobs behave, and the functions. */
export const ASSUMED = {
  checkpointsPerHour: 12,
  objectsPerJob: 1_000,
  /** Checkpoints and savepoints of a job that are there at a time. */
  rootsPerJob: 3,
  /** Objects that a checkpoint creates, each of which is deleted later. */
  objectsPerCheckpoint: 50,
  /** Share of the jobs of which an alarm has something to compare: near an alarm, in it, or in the three hours after it. */
  unwellShare: 0.05,
  hoursPerMonth: 730,
  daysPerMonth: 30.4,
  /** Scans of the whole area a day in addition to the hourly survey: `collect`, `sweep` and `lifecycle-rules`. */
  dailyLooks: 3,
  /** LIST requests of a look, at most, with 50 beside them: test/cli/list-requests.test.ts counts them. */
  listsPerThousandObjects: 1,
  listsPerJob: 5,
  /** Of the ledger: files of histories, of which there are 64 at most, and these beside them. Measured with 10 to 400 jobs. */
  historyFiles: 64,
  ledgerPutsPerLook: 22,
  ledgerGetsPerLook: 25,
  /** Seconds of a look: these, and so many for each million objects. Measured on two busy cores, rounded up. */
  lookSeconds: 5,
  lookSecondsPerMillionObjects: 50,
  lookGiB: 3_008 / 1_024,
  /** Of the hourly publication of what is known. */
  republishSeconds: 3,
  /** Of `checkpoint-completed`, for a minute of checkpoints, 50 at most. */
  batchSeconds: 0.7,
  secondsPerCheckpoint: 0.02,
  batchGiB: 0.5,
  checkpointsPerBatch: 50,
  /** The file of the batch, and a listing of what was heard this hour. */
  ledgerPutsPerBatch: 2,
  /** What the last survey left, and what others have heard; the histories of the jobs come on top. */
  ledgerGetsPerBatch: 5,
  /** Lambda's five pollers, each of which waits 20 seconds for a message. */
  idlePolls: (5 * 30.4 * 86_400) / 20,
  /** Of checkpoints, and of deletions. */
  polledQueues: 2,
  /** Sent, received one by one, and deleted ten at a time. */
  sqsRequestsPerCheckpoint: 2.1,
  /** Of a guard that is told of all deletions: batches an hour at most, and what it reads of a job after each checkpoint. */
  guardBatchesPerHour: 180,
  guardListsPerCheckpoint: 2,
  guardRootsPerCheckpoint: 2,
  /** Of `guard`, for a batch, and for each thousand deletions in it. */
  guardSeconds: 0.5,
  guardSecondsPerThousand: 1,
  guardGiB: 1,
  /** Of `states`: what it reads at most in a second, and what it publishes. */
  stateFilesPerSecond: 400,
  stateJobs: 10,
  statesPerJob: 3,
  /** Of a nightly collection: planning, some parts that sweep, how it ended, and a quarter of an hour of waiting. */
  transitionsPerCollection: 50,
  /** Of the functions: one that counts checkpoints all day, and the others in the hours in which they count. */
  ownMetrics: 1.5,
  /** That the alarms look at which are not about single jobs, each query at least as one. */
  alarmMetrics: 33,
  compositeAlarms: 1,
  /** Notifications of alarms and recoveries a month, to the topics and from there. */
  notifications: 500,
  /** How often somebody opens the dashboard, which asks again each quarter of an hour that it is open. */
  dashboardLooks: 100,
  logKBPerLook: 8,
  logKBPerBatch: 2,
  logMonths: 6,
  observationKB: 0.4,
  /** How long the ledger keeps what it heard of checkpoints. */
  observationMonths: 13,
  /** What each survey writes anew: of each job its history (16 kB, measured) and its part of the report page; of each object its memory. */
  rewrittenKBPerJob: 26,
  rewrittenKB: 400,
  rewrittenBytesPerObject: 3,
  /** How long the ledger's bucket keeps what was replaced. */
  replacedMonths: 3,
} as const;
