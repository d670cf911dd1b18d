import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { DAY, JOB, PlayedJob } from '#test/support/played-job.ts';
import { playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';
import type { Fault } from '#tools/embedded-s3/faults.ts';

const open = useStewarded();
/** Half of a small bucket may go. */
const RULES = { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 };

/** Two runs, so that garbage has served its quarantine in the second. */
async function runTwice(area: Stewarded) {
  await area.run({ survey: { settings: RULES } });
  area.time += DAY;
  return await area.run({ survey: { settings: RULES } });
}

describe('A folder whose name is no usual text', () => {
  it.each([
    'a\u0001b',
    '\u0085',
    'uni\ufffex',
    '\uffffq',
    'tab\tx',
    'cr\rx',
    'nl\nx',
    ' lead',
    'trail ',
    'amp&<>"x',
    'plus+%2B',
    'a%2Fb',
    '😀z',
    'é\u0301',
    '=?#',
  ])('%j is listed, and loses its garbage and nothing else', async (odd) => {
    // Prepare
    const area = await open('bucket');
    const job = new PlayedJob(area, `${odd}/${JOB}/`, area.url);
    job.complete(7, [job.upload(1)]);
    job.upload(2);

    // Act
    const { record } = await runTwice(area);

    // Assess
    expect(record).toMatchObject({ result: 'done', deleted: { objects: 1 } });
    expect(area.keys()).toEqual([job.root(7), job.file(1)].sort());
  });
});

describe('A run', () => {
  it.each<readonly [string, Fault]>([
    ['without DeleteObjects', { kind: 'answer', code: 'NotImplemented' }],
    ['that demands Content-MD5', { kind: 'demand-content-md5', code: 'MissingContentMD5' }],
    ['that knows no ETag in DeleteObjects', { kind: 'refuse-body', body: /<ETag>/, code: 'MalformedXML' }],
  ])('cleans a store %s', async (_store, fault) => {
    // Prepare
    const area = await open('bucket');
    const job = playJob(area);
    area.s3?.faults.add({ match: { operation: 'DeleteObjects' }, do: fault });

    // Act
    const { record, applied } = await runTwice(area);

    // Assess
    expect(record).toMatchObject({ result: 'done', deleted: { objects: 1 } });
    expect(applied).toMatchObject({ refused: 0, refusal: null });
    expect(area.keys()).toEqual([job.root(1), job.file(1), job.file(3)].sort());
  });
});
