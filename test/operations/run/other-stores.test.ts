import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
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

describe('A store that contradicts itself about a root', () => {
  /** Checkpoint 9 is the only one that names file 1; checkpoint 10 is the later one. */
  async function play() {
    const area = await open('bucket');
    const job = new PlayedJob(area, `flink/${JOB}/`, area.url);
    const stale = job.metadata(9, [job.upload(2)]);
    job.complete(9, [job.upload(1), job.file(2)], NOW - 3 * DAY);
    job.complete(10, [job.file(2)], NOW - 2 * DAY);
    return { area, job, stale };
  }

  it.each<readonly [string, (stale: Uint8Array) => Fault]>([
    ['lists it and denies it', () => ({ kind: 'answer', code: 'NoSuchKey' })],
    ['gives what was there before', (content) => ({ kind: 'other-content', content, lastModified: NOW - 4 * DAY })],
  ])('loses nothing that it names where it %s for days', async (_how, fault) => {
    // Prepare
    const { area, job, stale } = await play();
    const before = area.keys();
    area.s3?.faults.add({ match: { operation: 'GetObject', key: job.root(9) }, do: fault(stale) });

    // Act
    const { record } = await runTwice(area);
    area.time += DAY;
    const third = await area.run({ survey: { settings: RULES } });

    // Assess
    expect([record.result, third.record.result]).toEqual(['undecidable', 'undecidable']);
    expect(third.survey.undecidable.map(({ code, object }) => [code, object])).toEqual([
      ['unreadable-root', `s3://bucket/${job.root(9)}`],
    ]);
    expect(third.survey.undecidable[0]?.sentence).not.toContain('declare-dead');
    expect(area.keys()).toEqual(before);
  });

  it('is one with which all is well once it has come right', async () => {
    const { area, job } = await play();
    area.s3?.faults.add({
      match: { operation: 'GetObject', key: job.root(9), nth: [1, 2, 3] },
      do: { kind: 'answer', code: 'NoSuchKey' },
    });

    const { record, survey } = await area.run({ survey: { settings: RULES } });

    expect({ result: record.result, undecidable: survey.undecidable }).toEqual({
      result: 'nothing-to-do',
      undecidable: [],
    });
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
