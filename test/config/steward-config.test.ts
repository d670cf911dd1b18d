import { describe, expect, it } from 'vitest';
import { configWarnings } from '#config/config-warnings.ts';
import {
  ConfigError,
  defaultConfig,
  parseConfig,
  parseConfigAsWritten,
  parseConfigObject,
  writtenConfig,
} from '#config/steward-config.ts';
import type { CollectSettings } from '#core/collect/settings.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const JOB = '0123456789abcdef0123456789abcdef';

const SAMPLE = `{
  "area":    ["s3://my-bucket/flink/checkpoints", "s3://my-bucket/flink/savepoints"],
  "mode":    "collect",
  "labels":  [{ "path": "flink/checkpoints/{region}/{jobId}", "job": "{region}/{jobId}" }, { "jobId": "f1646f…", "job": "orders-cdc" }],
  "collect": { "minAge": "24h", "quarantine": "20h", "checkpointTimeout": "10m", "maxDeleteFraction": 0.3 },
  "retain":  [{ "path": "**", "endedJobs": {"keepLast": 1, "keepWithin": "30d"}, "savepoints": "all" }],
  "deadJobs": [], "protect": ["flink/ha/**"], "outside": [], "aliases": {},
  "flinkRest": ["http://jobmanager:8081"],
  "signals": { "budget": {"default": "500GB", "orders-cdc": "2TB"}, "growthHorizon": "14d", "lateness": 3, "slack": {"secretName": "my-webhook"} },
  "lifecycle": { "manage": "write", "abortIncompleteUploadsAfter": "7d", "noncurrentVersionsFor": "3d" }
}`;

function parse(document: unknown) {
  return parseConfig(JSON.stringify(document), 'steward.json');
}

/** The lines of the refusal, without the places that they begin with. */
function refusal(document: unknown): string[] {
  try {
    parse(document);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return String(error)
      .replace(/^ConfigError: /, '')
      .split('\n')
      .map((line) => line.replace(/^steward\.json:\d+:\d+: /, ''));
  }
  return [];
}

/** The first words of each line of a refusal, up to what the key is. */
function placesOf(text: string): string[] {
  try {
    parseConfig(text, 'x.json');
  } catch (error) {
    return [...String(error).matchAll(/x\.json:\S+ \S+ \S+/g)].map(([words]) => words);
  }
  return [];
}

const SECRET =
  'Write the name or the ARN of a secret of AWS Secrets Manager, such as "my-webhook". The address of the webhook is the content of that secret, and must not stand in this file.';
const WEBHOOK = 'https://hooks.slack.com/services/T0123ABCD/B0123ABCD/s3cr3t';

const DEFAULT_DEPLOYMENT = {
  collect: 'cron(30 2 * * ? *)',
  logRetention: 180 * DAY,
  memory: 3008,
  notifications: 'print',
  shards: 'off',
  requireIfMatch: false,
  rules: 'cron(15 1 * * ? *)',
  states: 'cron(0 4 * * ? *)',
  schedules: 'on',
  stackName: 'FlinkSteward',
  survey: 'rate(1 hour)',
  timeZone: 'UTC',
};

describe('parseConfig', () => {
  it('reads the sample of the design', () => {
    const config = parseConfig(SAMPLE, 'steward.json');

    expect(config).toEqual({
      area: [
        { kind: 's3', url: 's3://my-bucket/flink/checkpoints' },
        { kind: 's3', url: 's3://my-bucket/flink/savepoints' },
      ],
      mode: 'collect',
      labels: [
        { path: 'flink/checkpoints/{region}/{jobId}', job: '{region}/{jobId}' },
        { jobId: 'f1646f', job: 'orders-cdc' },
      ],
      collect: DEFAULT_COLLECT_SETTINGS,
      retain: [{ path: '**', endedJobs: { keepLast: 1, keepWithin: 30 * DAY }, savepoints: 'all' }],
      deletesPerSecond: 1000,
      deploy: DEFAULT_DEPLOYMENT,
      minRestorePoints: 1,
      groupBy: 'job',
      deadJobs: [],
      protect: ['flink/ha/**'],
      outside: [],
      aliases: {},
      copies: {},
      scope: 'bucket',
      flinkRest: ['http://jobmanager:8081'],
      signals: {
        budget: { default: 500e9, 'orders-cdc': 2e12 },
        growthHorizon: 14 * DAY,
        jump: 3,
        lateness: 3,
        reclaimableShare: 0.5,
        pausedFor: DAY,
        maxJobs: 200,
        metrics: ['CheckpointBytes', 'TotalBytes'],
        slack: { secretName: 'my-webhook', reportLink: true },
      },
      guard: 'lifecycle',
      lifecycle: { manage: 'write', abortIncompleteUploadsAfter: 7 * DAY, noncurrentVersionsFor: 3 * DAY },
    });
    expect(configWarnings(config)).toEqual([]);
  });

  it('reads buckets with settings of their own, and prices', () => {
    const settings = {
      owner: '123456789012',
      requesterPays: true,
      region: 'eu-central-1',
      endpoint: 'https://s3.example.org',
      pathStyle: true,
    };
    const prices = { storagePerGiBMonth: 0.01, listPer1000: 0, getPer1000: 0 };

    const config = parse({ area: [{ bucket: 's3://a/flink', ...settings }, { bucket: 's3://b' }], prices });

    expect(config.area).toEqual([
      { kind: 's3', url: 's3://a/flink', ...settings },
      { kind: 's3', url: 's3://b' },
    ]);
    expect(Object.keys(config.area[1] ?? {})).toEqual(['kind', 'url']);
    expect(config.prices).toEqual({ ...prices, currency: 'USD' });
  });

  it('fills in the defaults of a file of three lines', () => {
    const config = parseConfig('{\n  "area": ["s3://my-bucket/flink"]\n}', 'steward.json');

    expect(config).toEqual({
      ...defaultConfig(),
      area: [{ kind: 's3', url: 's3://my-bucket/flink' }],
    });
  });

  it('reads rules short enough for a test, and warns of them', () => {
    const config = parse({
      area: ['DIR'],
      collect: {
        minAge: '4s',
        quarantine: '2s',
        checkpointTimeout: '1s',
        maxDeleteFraction: 1,
        taskowned: true,
        taskownedMinAge: '4s',
      },
      deadJobs: [JOB],
    });

    expect(config.area).toEqual([{ kind: 'directory', path: 'DIR' }]);
    expect(config.collect).toEqual({
      minAge: 4000,
      quarantine: 2000,
      checkpointTimeout: 1000,
      deadAfter: 14 * DAY,
      abandonedAfter: 30 * DAY,
      maxDeleteFraction: 1,
      taskowned: true,
      taskownedMinAge: 4000,
      failedSavepoints: false,
    } satisfies CollectSettings);
    expect(config.deadJobs).toEqual([JOB]);
    expect(configWarnings(config)).toEqual([
      'collect.minAge is 4s, which is below 1h: a file that no checkpoint references within that time can count as garbage. Set it to 24h unless this is a test.',
    ]);
  });

  it('reads every key of collect', () => {
    const { collect } = parse({
      collect: {
        minAge: '2d',
        quarantine: '1d',
        checkpointTimeout: '30m',
        deadAfter: '3w',
        abandonedAfter: '40d',
        maxDeleteFraction: 0.05,
        taskowned: true,
        taskownedMinAge: '9d',
        failedSavepoints: true,
      },
    });

    expect(collect).toEqual({
      minAge: 2 * DAY,
      quarantine: DAY,
      checkpointTimeout: 30 * MINUTE,
      deadAfter: 21 * DAY,
      abandonedAfter: 40 * DAY,
      maxDeleteFraction: 0.05,
      taskowned: true,
      taskownedMinAge: 9 * DAY,
      failedSavepoints: true,
    });
  });

  it('reads a directory that stands for another place, and a $schema for editors', () => {
    const config = parse({ $schema: './steward.schema.json', area: [{ path: './copy', as: 's3://my-bucket' }] });

    expect(config.area).toEqual([{ kind: 'directory', path: './copy', as: 's3://my-bucket' }]);
    expect(config).not.toHaveProperty('$schema');
  });

  it('lowers the case of job ids', () => {
    const config = parse({ deadJobs: [JOB.toUpperCase()], labels: [{ jobId: JOB.toUpperCase(), job: 'Orders' }] });

    expect(config.deadJobs).toEqual([JOB]);
    expect(config.labels).toEqual([{ jobId: JOB, job: 'Orders' }]);
  });

  it('reads known places outside and other names of places', () => {
    const config = parse({
      outside: ['s3://prod/flink', 'hdfs://nn:8020/x', 'file:/opt/flink'],
      aliases: { 's3://my-alias-s3alias': 's3://my-bucket' },
      retain: [{ path: 'a/**' }],
      groupBy: 'label',
      minRestorePoints: 3,
    });

    expect(config.outside).toEqual(['s3://prod/flink', 'hdfs://nn:8020/x', 'file:/opt/flink']);
    expect(config.aliases).toEqual({ 's3://my-alias-s3alias': 's3://my-bucket' });
    expect(config.retain).toEqual([{ path: 'a/**', endedJobs: 'all', savepoints: 'all' }]);
    expect([config.groupBy, config.minRestorePoints]).toEqual(['label', 3]);
  });

  it.each([
    [
      { colect: {} },
      'colect is not a known key, so the file is refused. The nearest known key is collect: write that, or remove this one.',
    ],
    [
      { deadJob: [] },
      'deadJob is not a known key, so the file is refused. The nearest known key is deadJobs: write that, or remove this one.',
    ],
    [
      { collect: { minage: '24h' } },
      'collect.minage is not a known key, so the file is refused. The nearest known key is collect.minAge: write that, or remove this one.',
    ],
    [
      { minAge: '24h' },
      'minAge is not a known key, so the file is refused. The nearest known key is collect.minAge: write that, or remove this one.',
    ],
    [
      { area: [{ path: 'x', as: 's3://b', ass: 1 }] },
      'area[0].ass is not a known key, so the file is refused. The nearest known key is area[].as: write that, or remove this one.',
    ],
    [
      { area: [{ bucket: 's3://b', ower: '1' }] },
      'area[0].ower is not a known key, so the file is refused. The nearest known key is area[].owner: write that, or remove this one.',
    ],
    [
      { area: [{ bucket: 's3://b', as: 's3://c' }] },
      "area[0].as can't be combined with the other keys of its object, so the file is refused. Remove it, or the others.",
    ],
    [
      { prices: { storagePerGiBMonth: 1, listPer1000: 1, getPer1000: 1, putPer1000: 1 } },
      'prices.putPer1000 is not a known key, so the file is refused. The nearest known key is prices.getPer1000: write that, or remove this one.',
    ],
    [
      { retain: [{ path: '**', endedJobs: { keeplast: 1 } }] },
      'retain[0].endedJobs.keeplast is not a known key, so the file is refused. The nearest known key is retain[].endedJobs.keepLast: write that, or remove this one.',
    ],
    [
      { labels: [{ path: 'x', job: 'y', jobid: 'z' }] },
      'labels[0].jobid is not a known key, so the file is refused. The nearest known key is labels[].jobId: write that, or remove this one.',
    ],
    [
      { signals: { slack: { secretName: 's', secret: 1 } } },
      'signals.slack.secret is not a known key, so the file is refused. The nearest known key is signals.slack.secretName: write that, or remove this one.',
    ],
    [
      { lifecycle: { 'odd key': 1 } },
      'lifecycle["odd key"] is not a known key, so the file is refused. The nearest known key is lifecycle.manage: write that, or remove this one.',
    ],
  ])('names the nearest known key of %j', (document, line) => {
    expect(refusal(document)).toEqual([line]);
  });

  it('refuses a key that would reach for the prototype', () => {
    expect(() => parseConfig('{"__proto__": {}}', 'f')).toThrow(
      'f:1:2: __proto__ is not a known key, so the file is refused.',
    );
  });

  const DURATION = 'Write a text of a number and a unit (s, m, h, d or w), such as "90s", "10m", "24h", "14d" or "2w".';
  const FRACTION = 'Write a number above 0 and up to 1, such as 0.3.';
  const URL_ADVICE = 'Write a URL with its scheme, such as "s3://bucket/prefix" or "file:///mnt/flink".';
  const KEEP = 'Write "all", or an object such as {"keepLast": 1, "keepWithin": "30d"}.';

  it.each([
    [[], 'the document is [], so the file is refused. Write an object: { … }.'],
    [{ $schema: 1 }, '$schema is 1, so the file is refused. Write a string.'],
    [{ area: 's3://b' }, 'area is "s3://b", so the file is refused. Write a list: [ … ].'],
    [
      { area: [3] },
      'area[0] is 3, so the file is refused. Write "s3://bucket/prefix", the path of a directory, {"path": "./copy", "as": "s3://my-bucket"} or {"bucket": "s3://my-bucket", "owner": "123456789012"}.',
    ],
    [{ area: [''] }, 'area[0] is "", so the file is refused. Write "s3://bucket/prefix" or the path of a directory.'],
    [
      { area: ['s3a://b/c'] },
      'area[0] is "s3a://b/c", so the file is refused. Write it as "s3://b/c": s3a, s3n and s3p mean the same to the steward.',
    ],
    [
      { area: ['file:///x'] },
      'area[0] is "file:///x", so the file is refused. Write the path of the directory instead of a URL.',
    ],
    [
      { area: ['gs://b'] },
      'area[0] is "gs://b", so the file is refused. Write "s3://bucket/prefix" or the path of a directory: the steward can scan nothing else.',
    ],
    [
      { area: ['s3:///p'] },
      'area[0] is "s3:///p", so the file is refused. Write "s3://bucket/prefix" or the path of a directory: the steward can scan nothing else.',
    ],
    [
      { area: ['arn:aws:s3:eu-central-1:123456789012:accesspoint/ap'] },
      'area[0] is "arn:aws:s3:eu-central-1:123456789012:accesspoint/ap", so the file is refused. That is the ARN of an access point, and only a bucket can be listed. Use the bucket behind it instead: s3://BUCKET/prefix. If jobs write that name into their checkpoints, add "aliases": {"s3://arn:aws:s3:eu-central-1:123456789012:accesspoint/ap": "s3://BUCKET"} to steward.json.',
    ],
    [
      { area: ['s3://b--x-s3/p'] },
      'area[0] is "s3://b--x-s3/p", so the file is refused. Use a general purpose bucket: directory buckets are not supported, because they list keys in no order.',
    ],
    [{ area: [{ path: 'x' }] }, `area[0].as is missing, so the file is refused. ${URL_ADVICE}`],
    [
      { area: [{ path: 's3://b', as: 's3://c' }] },
      'area[0].path is "s3://b", so the file is refused. Write the path of a directory: only a directory can have "as".',
    ],
    [
      { area: [{ path: '', as: 's3://c' }] },
      'area[0].path is "", so the file is refused. Write the path of a directory.',
    ],
    [{ area: [{ bucket: 'flink' }] }, 'area[0].bucket is "flink", so the file is refused. Write "s3://bucket/prefix".'],
    [
      { area: [{ bucket: 's3a://b/c', owner: '123456789012' }] },
      'area[0].bucket is "s3a://b/c", so the file is refused. Write it as "s3://b/c": s3a, s3n and s3p mean the same to the steward.',
    ],
    [
      { area: [{ bucket: 's3://b--x-s3' }] },
      'area[0].bucket is "s3://b--x-s3", so the file is refused. Use a general purpose bucket: directory buckets are not supported, because they list keys in no order.',
    ],
    [
      { area: [{ bucket: 's3://b', owner: 123456789012 }] },
      'area[0].owner is 123456789012, so the file is refused. Write the 12 digits of an AWS account in quotes, such as "123456789012".',
    ],
    [
      { area: [{ bucket: 's3://b', requesterPays: 'yes' }] },
      'area[0].requesterPays is "yes", so the file is refused. Write true or false.',
    ],
    [
      { area: [{ bucket: 's3://b', region: 'Ireland' }] },
      'area[0].region is "Ireland", so the file is refused. Write the name of a region, such as "eu-central-1".',
    ],
    [
      { area: [{ bucket: 's3://b', endpoint: 'localhost:9000' }] },
      'area[0].endpoint is "localhost:9000", so the file is refused. Write it as "http://localhost:9000" or "https://s3.example.org".',
    ],
    [
      { area: [{ bucket: 's3://b', endpoint: 'http://[x' }] },
      'area[0].endpoint is "http://[x", so the file is refused. Write it as "http://localhost:9000".',
    ],
    [
      { prices: { storagePerGiBMonth: -1, listPer1000: 0, getPer1000: 0 } },
      'prices.storagePerGiBMonth is -1, so the file is refused. Write a number such as 0.023; 0 where nothing is charged.',
    ],
    [
      { prices: { storagePerGiBMonth: 0.01, getPer1000: 0 } },
      'prices.listPer1000 is missing, so the file is refused. Write a number such as 0.023; 0 where nothing is charged.',
    ],
    [
      { prices: { storagePerGiBMonth: 0.01, listPer1000: 0, getPer1000: 0, currency: '€' } },
      'prices.currency is "€", so the file is refused. Write three capitals, such as "USD" or "EUR".',
    ],
    [{ mode: 'Collect' }, 'mode is "Collect", so the file is refused. Write "observe" or "collect".'],
    [{ labels: [{ job: 'a' }] }, 'labels[0] is {"job":"a"}, so the file is refused. Set either "path" or "jobId".'],
    [
      { labels: [{ path: 'a', jobId: JOB, job: 'a' }] },
      `labels[0] is {"path":"a","jobId":"${JOB}","job"…, so the file is refused. Set either "path" or "jobId".`,
    ],
    [{ labels: [{ path: 'a' }] }, 'labels[0].job is missing, so the file is refused. Write the name of the job.'],
    [
      { labels: [{ jobId: 'f16…', job: 'a' }] },
      'labels[0].jobId is "f16…", so the file is refused. Write 32 hex digits, or at least the first four and an ellipsis, such as "f1646f…".',
    ],
    [
      { labels: [{ path: '**/a/**', job: 'x' }] },
      'labels[0] is {"path":"**/a/**","job":"x"}, so the file is refused. Write ** once, and as a whole folder, such as "**/{jobId}".',
    ],
    [
      { labels: [{ path: 'a**/{b}', job: 'x' }] },
      'labels[0] is {"path":"a**/{b}","job":"x"}, so the file is refused. Write ** once, and as a whole folder, such as "**/{jobId}".',
    ],
    [
      { labels: [{ path: '{a}', job: '{b}' }] },
      'labels[0] is {"path":"{a}","job":"{b}"}, so the file is refused. Put {b} into "path" too, or remove it from "job".',
    ],
    [
      { labels: [{ path: '{a}/{a}', job: 'x' }] },
      'labels[0] is {"path":"{a}/{a}","job":"x"}, so the file is refused. Give each folder of "path" its own name: {a} appears twice.',
    ],
    [
      { labels: [{ path: '{a', job: 'x' }] },
      'labels[0] is {"path":"{a","job":"x"}, so the file is refused. Write braces in pairs, around a name of letters, digits and _, such as {region}.',
    ],
    [{ collect: [] }, 'collect is [], so the file is refused. Write an object: { … }.'],
    [{ collect: { minAge: 24 } }, `collect.minAge is 24, so the file is refused. ${DURATION}`],
    [{ collect: { quarantine: '20 h' } }, `collect.quarantine is "20 h", so the file is refused. ${DURATION}`],
    [
      { collect: { checkpointTimeout: null } },
      `collect.checkpointTimeout is null, so the file is refused. ${DURATION}`,
    ],
    [{ collect: { deadAfter: '500ms' } }, `collect.deadAfter is "500ms", so the file is refused. ${DURATION}`],
    [
      { collect: { abandonedAfter: '999999d' } },
      'collect.abandonedAfter is "999999d", so the file is refused. Write at most "100000d", which is as good as never.',
    ],
    [{ collect: { taskownedMinAge: '-1d' } }, `collect.taskownedMinAge is "-1d", so the file is refused. ${DURATION}`],
    [{ collect: { maxDeleteFraction: 0 } }, `collect.maxDeleteFraction is 0, so the file is refused. ${FRACTION}`],
    [
      { collect: { maxDeleteFraction: 1.01 } },
      `collect.maxDeleteFraction is 1.01, so the file is refused. ${FRACTION}`,
    ],
    [
      { collect: { maxDeleteFraction: '30%' } },
      `collect.maxDeleteFraction is "30%", so the file is refused. ${FRACTION}`,
    ],
    [{ collect: { taskowned: 'yes' } }, 'collect.taskowned is "yes", so the file is refused. Write true or false.'],
    [
      { collect: { failedSavepoints: 1 } },
      'collect.failedSavepoints is 1, so the file is refused. Write true or false.',
    ],
    [{ retain: [{}] }, 'retain[0].path is missing, so the file is refused. Write a pattern such as "flink/ha/**".'],
    [
      { retain: [{ path: '**', savepoints: 'some' }] },
      `retain[0].savepoints is "some", so the file is refused. ${KEEP}`,
    ],
    [{ retain: [{ path: '**', endedJobs: 3 }] }, `retain[0].endedJobs is 3, so the file is refused. ${KEEP}`],
    [
      { retain: [{ path: '**', endedJobs: { keepLast: -1 } }] },
      'retain[0].endedJobs.keepLast is -1, so the file is refused. Write 0 or more.',
    ],
    [
      { retain: [{ path: '**', endedJobs: { keepWithin: '30' } }] },
      `retain[0].endedJobs.keepWithin is "30", so the file is refused. ${DURATION}`,
    ],
    [{ minRestorePoints: 0 }, 'minRestorePoints is 0, so the file is refused. Write 1 or more.'],
    [{ minRestorePoints: 1.5 }, 'minRestorePoints is 1.5, so the file is refused. Write a whole number.'],
    [{ groupBy: 'jobs' }, 'groupBy is "jobs", so the file is refused. Write "job" or "label".'],
    [{ deadJobs: ['abc'] }, 'deadJobs[0] is "abc", so the file is refused. Write the 32 hex digits of a job id.'],
    [
      { protect: ['s3://b/ha/**'] },
      'protect[0] is "s3://b/ha/**", so the file is refused. Patterns match keys: write the key without scheme and bucket, such as flink/ha/**.',
    ],
    [{ outside: ['prod/flink'] }, `outside[0] is "prod/flink", so the file is refused. ${URL_ADVICE}`],
    [
      { aliases: { prod: 's3://b' } },
      `aliases.prod has a name that can't be used, so the file is refused. ${URL_ADVICE}`,
    ],
    [{ aliases: { 's3://a': 'b' } }, `aliases["s3://a"] is "b", so the file is refused. ${URL_ADVICE}`],
    [{ aliases: [] }, 'aliases is [], so the file is refused. Write an object: { … }.'],
    [
      { flinkRest: ['jobmanager:8081'] },
      'flinkRest[0] is "jobmanager:8081", so the file is refused. Write an address such as "http://jobmanager:8081".',
    ],
    [
      { signals: { budget: { a: '5 GB' } } },
      'signals.budget.a is "5 GB", so the file is refused. Write a text of a number and a unit, such as "500MB" (decimal) or "2TiB" (binary).',
    ],
    [
      { signals: { budget: { a: '10PB' } } },
      'signals.budget.a is "10PB", so the file is refused. Write less than "9PB".',
    ],
    [{ signals: { growthHorizon: 14 } }, `signals.growthHorizon is 14, so the file is refused. ${DURATION}`],
    [{ signals: { lateness: 0 } }, 'signals.lateness is 0, so the file is refused. Write 1 or more.'],
    [
      { signals: { metrics: ['Bytes'] } },
      'signals.metrics[0] is "Bytes", so the file is refused. Write "CheckpointBytes" or "IncrementBytes" or "GrowthRatio" or "LiveBytes" or "ReclaimableBytes" or "TotalBytes" or "GrowthBytesPerDay" or "DaysToBudget" or "Lateness" or "RestorePoints" or "DamagedRoots" or "MonthlyCost".',
    ],
    [
      { signals: { namespace: 'AWS/Flink' } },
      'signals.namespace is "AWS/Flink", so the file is refused. Write a name such as "FlinkSteward/production": letters, digits and . / # _ -, 255 at most, not beginning with "AWS/".',
    ],
    [
      { signals: { namespace: 'Flink") GROUP' } },
      'signals.namespace is "Flink\\") GROUP", so the file is refused. Write a name such as "FlinkSteward/production": letters, digits and . / # _ -, 255 at most, not beginning with "AWS/".',
    ],
    [{ signals: { jump: 1.9 } }, 'signals.jump is 1.9, so the file is refused. Write 2 or more.'],
    [
      { signals: { reclaimableShare: 50 } },
      'signals.reclaimableShare is 50, so the file is refused. Write a number from 0.25 to 1.',
    ],
    [
      { signals: { reclaimableShare: '50%' } },
      'signals.reclaimableShare is "50%", so the file is refused. Write a number such as 0.5.',
    ],
    [{ signals: { pausedFor: 24 } }, `signals.pausedFor is 24, so the file is refused. ${DURATION}`],
    [{ signals: { maxJobs: 0 } }, 'signals.maxJobs is 0, so the file is refused. Write 1 or more.'],
    [{ signals: { maxJobs: 1.5 } }, 'signals.maxJobs is 1.5, so the file is refused. Write a whole number.'],
    [{ signals: { slack: {} } }, `signals.slack.secretName is missing, so the file is refused. ${SECRET}`],
    [
      { signals: { slack: { secretName: 'my hook!' } } },
      `signals.slack.secretName is what can't stand there, so the file is refused. ${SECRET}`,
    ],
    [
      { signals: { slack: { secretName: 'my-webhook', reportLink: 'no' } } },
      "signals.slack.reportLink is what can't stand there, so the file is refused. Write true or false.",
    ],
    [
      { signals: { runbookUrl: 'our wiki' } },
      'signals.runbookUrl is "our wiki", so the file is refused. Write the address of the page, such as "https://wiki.example.org/flink-steward/runbook".',
    ],
    [
      { guard: 'some' },
      'guard is "some", so the file is refused. Write "lifecycle", "all" or "off". Or write an object such as {"mode": "lifecycle", "heal": true}.',
    ],
    [{ guard: { heal: 'yes' } }, 'guard.heal is "yes", so the file is refused. Write true, false or "all".'],
    [{ lifecycle: { manage: 'off' } }, 'lifecycle.manage is "off", so the file is refused. Write "write" or "check".'],
    [
      { lifecycle: { abortIncompleteUploadsAfter: '36h' } },
      'lifecycle.abortIncompleteUploadsAfter is "36h", so the file is refused. Write whole days or weeks, at least "1d".',
    ],
    [
      { lifecycle: { noncurrentVersionsFor: '0d' } },
      'lifecycle.noncurrentVersionsFor is "0d", so the file is refused. Write whole days or weeks, at least "1d".',
    ],
  ])('refuses %j and says what to write', (document, line) => {
    expect(refusal(document)).toEqual([line]);
  });

  it.each([
    ['as the name of the secret', { slack: { secretName: WEBHOOK } }],
    ['without its scheme', { slack: { secretName: WEBHOOK.slice('https://'.length) } }],
    ['as the end of it', { slack: { secretName: 'T0123ABCD/B0123ABCD/s3cr3t' } }],
    ['of a server of your own', { slack: { secretName: 'https://chat.example.org/hooks/s3cr3t' } }],
    ['in place of the object', { slack: WEBHOOK }],
    ['under another key', { slack: { secretName: 'x', url: WEBHOOK } }],
    ['as a key', { slack: { secretName: 'x', [WEBHOOK]: true } }],
    ['in a list', { slack: [WEBHOOK] }],
    ['one level too high', [WEBHOOK]],
    ['at another key', { runbookUrl: [WEBHOOK] }],
  ])('refuses the address of a webhook %s, and repeats nothing of it', (_, signals) => {
    // Act
    const lines = refusal({ signals });

    // Assess
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/s3cr3t|T0123|B0123|chat/);
  });

  it('repeats no address of a webhook where the file is no JSON', () => {
    const broken = `{"signals": {"slack": {"secretName" "${WEBHOOK}"}}}`;
    expect(() => parseConfig(broken, 'steward.json')).toThrow(
      'steward.json:1:37: a colon is missing after a key: here is "https://hooks.slack.com/services/***"',
    );
  });

  it.each([
    'my-webhook',
    'flink-steward/prod/web_hook+1=2.3@x',
    'arn:aws:secretsmanager:eu-central-1:123456789012:secret:hook-AbCdEf',
  ])('takes %s for a secret', (secretName) => {
    expect(parse({ signals: { slack: { secretName } } }).signals.slack?.secretName).toBe(secretName);
  });

  it('refuses ages that a checkpoint in progress could outlast', () => {
    expect(refusal({ collect: { minAge: '19m', quarantine: '20m' } })).toEqual([
      'collect.minAge is 19m, which is below twice collect.checkpointTimeout (10m), so files of a checkpoint in progress could be deleted and the file is refused. Write 20m or more.',
    ]);
    expect(refusal({ collect: { quarantine: '7h', checkpointTimeout: '4h' } })).toEqual([
      'collect.quarantine is 7h, which is below twice collect.checkpointTimeout (4h), so files of a checkpoint in progress could be deleted and the file is refused. Write 8h or more.',
    ]);
    expect(refusal({ collect: { checkpointTimeout: '13h' } })).toHaveLength(2);
    expect(refusal({ collect: { minAge: '20m', quarantine: '20m' } })).toEqual([]);
    expect(refusal({ collect: { checkpointTimeout: '0s' } })).toEqual([
      "collect.checkpointTimeout is 0, which makes every other age meaningless, so the file is refused. Write execution.checkpointing.timeout of the slowest job; Flink's own default is 10m.",
    ]);
  });

  it('tells all problems at once, also where one key is unknown and another contradicts a third', () => {
    expect(refusal({ colect: {}, mode: 1, collect: { minAge: '1m', deadAfter: 'x' } })).toEqual([
      'mode is 1, so the file is refused. Write "observe" or "collect".',
      `collect.deadAfter is "x", so the file is refused. ${DURATION}`,
      'colect is not a known key, so the file is refused. The nearest known key is collect: write that, or remove this one.',
      'collect.minAge is 1m, which is below twice collect.checkpointTimeout (10m), so files of a checkpoint in progress could be deleted and the file is refused. Write 20m or more.',
    ]);
  });

  it('begins every line with the place of the key', () => {
    const text = `{
  // What is looked after.
  "area": ["s3://b", "s3a://c",],
  "collect": {
    "minage": "24h", /* too
    few */ "quarantine": "1m"
  },
  "labels": [{ "path": "x" }],
  "aliases": { "prod": "s3://b" },
  "signals": { "slack": {} }
}`;
    expect(placesOf(text)).toEqual([
      'x.json:3:22: area[1] is',
      'x.json:8:14: labels[0].job is',
      'x.json:5:5: collect.minage is',
      'x.json:9:16: aliases.prod has',
      'x.json:10:16: signals.slack.secretName is',
      'x.json:6:12: collect.quarantine is',
    ]);
  });

  it('takes the beginning of a document that is none at all for its place', () => {
    expect(placesOf('\n  []')).toEqual(['x.json:2:3: the document']);
  });

  it('names no place in a configuration that a program made', () => {
    expect(() => parseConfigObject({ mode: 'off' }, 'steward.json')).toThrow(/^steward\.json: mode is "off"/);
  });

  it('says where a file is no JSON', () => {
    expect(() => parseConfig('{\n  "area": [}', 'x.json')).toThrow('x.json:2:12: a value is missing');
  });

  it('reads comments and commas before closing brackets', () => {
    const text =
      '// Ours.\n{ "area": ["s3://b", /* "s3://old", */], // "http://not-a-comment"\n "protect": ["a//b"], }';

    expect(parseConfig(text, 'f')).toEqual(parse({ area: ['s3://b'], protect: ['a//b'] }));
    expect(parseConfigAsWritten(text, 'f')).toEqual({ area: ['s3://b'], protect: ['a//b'] });
    expect(() => parseConfigAsWritten('{"mode": 1}', 'f')).toThrow('f:1:2: mode is 1');
  });
});

describe('defaultConfig', () => {
  it('surveys nothing, observes, retires nothing, and takes the rules of the core', () => {
    expect(defaultConfig()).toEqual({
      area: [],
      mode: 'observe',
      labels: [],
      collect: DEFAULT_COLLECT_SETTINGS,
      retain: [],
      deletesPerSecond: 1000,
      deploy: DEFAULT_DEPLOYMENT,
      minRestorePoints: 1,
      groupBy: 'job',
      deadJobs: [],
      protect: [],
      outside: [],
      aliases: {},
      copies: {},
      scope: 'bucket',
      flinkRest: [],
      signals: {
        budget: {},
        growthHorizon: 14 * DAY,
        jump: 3,
        lateness: 3,
        reclaimableShare: 0.5,
        pausedFor: DAY,
        maxJobs: 200,
        metrics: ['CheckpointBytes', 'TotalBytes'],
      },
      guard: 'lifecycle',
      lifecycle: {},
    });
  });

  it('gives no warnings', () => {
    expect(configWarnings(defaultConfig())).toEqual([]);
  });
});

describe('configWarnings', () => {
  it('warns of a minimum age below one hour, and not from there on', () => {
    expect(configWarnings(parse({ collect: { minAge: '59m' } }))).toHaveLength(1);
    expect(configWarnings(parse({ collect: { minAge: '1h' } }))).toEqual([]);
  });

  it('warns where a job counts as ended sooner than its files count as old', () => {
    expect(configWarnings(parse({ collect: { deadAfter: '23h', abandonedAfter: '1h' } }))).toEqual([
      'collect.deadAfter is 23h, which is below collect.minAge (24h): jobs that only pause between two checkpoints count as ended. Set it to 14d unless this is a test.',
      'collect.abandonedAfter is 1h, which is below collect.minAge (24h): jobs that only pause between two checkpoints count as ended. Set it to 30d unless this is a test.',
    ]);
  });
});

describe('writtenConfig', () => {
  it('writes the sample as people would, with the defaults filled in', () => {
    expect(writtenConfig(parseConfig(SAMPLE, 'f'))).toEqual({
      area: ['s3://my-bucket/flink/checkpoints', 's3://my-bucket/flink/savepoints'],
      mode: 'collect',
      labels: [
        { path: 'flink/checkpoints/{region}/{jobId}', job: '{region}/{jobId}' },
        { jobId: 'f1646f…', job: 'orders-cdc' },
      ],
      collect: {
        minAge: '24h',
        quarantine: '20h',
        checkpointTimeout: '10m',
        deadAfter: '14d',
        abandonedAfter: '30d',
        maxDeleteFraction: 0.3,
        deletesPerSecond: 1000,
        taskowned: false,
        taskownedMinAge: '7d',
        failedSavepoints: false,
      },
      retain: [{ path: '**', endedJobs: { keepLast: 1, keepWithin: '30d' }, savepoints: 'all' }],
      minRestorePoints: 1,
      groupBy: 'job',
      deadJobs: [],
      protect: ['flink/ha/**'],
      outside: [],
      aliases: {},
      copies: {},
      scope: 'bucket',
      flinkRest: ['http://jobmanager:8081'],
      signals: {
        budget: { default: '500GB', 'orders-cdc': '2TB' },
        growthHorizon: '14d',
        jump: 3,
        lateness: 3,
        reclaimableShare: 0.5,
        pausedFor: '24h',
        metrics: ['CheckpointBytes', 'TotalBytes'],
        maxJobs: 200,
        slack: { secretName: 'my-webhook', reportLink: true },
      },
      guard: 'lifecycle',
      lifecycle: { manage: 'write', abortIncompleteUploadsAfter: '7d', noncurrentVersionsFor: '3d' },
      deploy: { ...DEFAULT_DEPLOYMENT, logRetention: '180d' },
    });
  });

  it.each([
    {},
    { area: ['dir', { path: 'copy', as: 's3://b' }, { bucket: 's3://b/p', owner: '123456789012', pathStyle: true }] },
    { labels: [{ jobId: JOB, job: 'a' }], deadJobs: [JOB.toUpperCase()], ledger: 's3://l', groupBy: 'label' },
    { collect: { minAge: '0.5d', quarantine: '1.001h', checkpointTimeout: '0.25s', deadAfter: '2w' } },
    { retain: [{ path: 'a' }, { path: 'b', endedJobs: { keepLast: 0 }, savepoints: { keepWithin: '1d' } }] },
    { signals: { budget: { a: '1.5GiB', b: '0B', c: '1001B', default: '1000kB' }, metrics: [] } },
    { lifecycle: { manage: 'check', abortIncompleteUploadsAfter: '1d', noncurrentVersionsFor: '2w' } },
    { prices: { storagePerGiBMonth: 0.02, listPer1000: 0, getPer1000: 0, currency: 'EUR' } },
    { aliases: { 's3://a': 's3://b' }, outside: ['hdfs://nn/x'], mode: 'collect' },
    { deploy: { vpc: { subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] }, ledgerBucket: 'ledger' } },
  ])('writes %j so that reading it gives the same configuration', (document) => {
    const config = parse(document);

    expect(parse(writtenConfig(config))).toEqual(config);
  });
});
