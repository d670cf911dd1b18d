import { describe, expect, it } from 'vitest';
import { areaIdentity } from '#core/collect/breakers.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import {
  admitPlan,
  PLAN_FORMAT,
  PLAN_VALID,
  PlanError,
  type PlanHead,
  planLines,
  readPlanEntry,
  readPlanHead,
} from '#operations/plan/plan-file.ts';
import { plannedObjects, spendPlan } from '#operations/plan/planned-objects.ts';
import { DAY, NOW, type PlayedJob } from '#test/support/played-job.ts';
import { playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();
const ORIGIN = {
  id: 'run-1',
  ledger: 'ledger-1',
  ledgerPlace: './ledger',
  locations: [{ bucket: 's3://b' }],
  lookAhead: false,
};
const HEAD: PlanHead = {
  plan: PLAN_FORMAT,
  id: 'run-1',
  area: ['s3://a/', 's3://b/'],
  ledger: 'ledger-1',
  ledgerPlace: null,
  locations: [],
  start: '2027-03-01T00:00:00.000Z',
  expires: '2027-03-02T00:00:00.000Z',
  decidable: true,
  lookAhead: false,
};
const HERE = { area: HEAD.area, ledger: 'ledger-1', now: NOW };

/** A plan of an area in which one file has served its quarantine. */
async function planned(): Promise<{ area: Stewarded; job: PlayedJob; lines: readonly string[] }> {
  const area = await open('directory');
  const job = playJob(area);
  await area.run();
  area.time = NOW + DAY;
  const { survey, verdicts } = await area.run({ execute: false, command: 'plan' });
  return { area, job, lines: [...planLines({ survey, verdicts, origin: ORIGIN })].map((line) => JSON.stringify(line)) };
}

async function* entriesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines.slice(1);
}

describe('A plan file', () => {
  it('names the area, its ledger and each object that may go, as it was judged', async () => {
    const { area, job, lines } = await planned();
    const [head, ...entries] = lines;

    expect(readPlanHead(head ?? '', 'plan.ndjson')).toEqual({
      ...ORIGIN,
      plan: 1,
      area: ['s3://bucket/'],
      start: '2027-03-02T00:00:00.000Z',
      expires: '2027-03-03T00:00:00.000Z',
      decidable: true,
    });
    expect(JSON.parse(head ?? '')).toMatchObject({ rules: DEFAULT_COLLECT_SETTINGS });
    expect(entries.map((entry) => JSON.parse(entry))).toEqual([
      {
        url: `s3://bucket/${job.file(2)}`,
        etag: expect.any(String),
        bytes: 100,
        modified: '2027-02-24T00:00:00.000Z',
        rule: 'garbage',
        garbageSince: '2027-03-01T00:00:00.000Z',
      },
    ]);
    expect(area.keys()).toContain(job.file(2));
  });

  it('that only looks ahead claims no quarantine', async () => {
    const area = await open('directory');
    playJob(area);
    const { survey, verdicts } = await area.run({ execute: false, survey: { assumeQuarantined: true } });

    const [head, entry] = planLines({ survey, verdicts, origin: { ...ORIGIN, lookAhead: true } });

    expect(head).toMatchObject({ lookAhead: true });
    expect(entry).toMatchObject({ rule: 'garbage', garbageSince: null });
  });

  it('names only what was chosen', async () => {
    const { area } = await planned();
    const { survey, verdicts } = await area.run({ execute: false });

    expect([...planLines({ survey, verdicts, origin: ORIGIN, chosen: () => false })]).toHaveLength(1);
  });

  it.each(['', 'no JSON', '{}', '[]', JSON.stringify({ ...HEAD, plan: 2 }), JSON.stringify({ ...HEAD, id: '../x' })])(
    'that begins with %j is none of this version',
    (line) => {
      expect(() => readPlanHead(line, 'plan.ndjson')).toThrow(
        new PlanError(
          'plan.ndjson is not a plan of this version: its first line is not what "steward plan --out" writes. Nothing was deleted; make a new plan.',
        ),
      );
    },
  );

  it.each(['', '{"url": "s3://b/k"}', '{"url": 1, "etag": "e"}', '{"url": "s3://bucket/cut o'])(
    'with a line %j is damaged',
    (line) => {
      expect(() => readPlanEntry(line, 'plan.ndjson')).toThrow(
        new PlanError(
          `plan.ndjson is damaged: one of its lines is not an object to delete (${JSON.stringify(line)}). Nothing was deleted; make a new plan.`,
        ),
      );
    },
  );

  it('shows no more than the beginning of a damaged line', () => {
    expect(() => readPlanEntry('x'.repeat(5_000), 'p')).toThrow(`("${'x'.repeat(60)}")`);
  });
});

describe('The execution of a plan', () => {
  it('is admitted on its own area, with its own ledger, until it expires', () => {
    const last = NOW + PLAN_VALID - 1;

    expect(() => admitPlan(HEAD, 'p', HERE)).not.toThrow();
    expect(() => admitPlan(HEAD, 'p', { ...HERE, now: last })).not.toThrow();
  });

  it.each<[string, Partial<PlanHead>, Partial<typeof HERE>, string]>([
    [
      'only looked ahead',
      { lookAhead: true },
      {},
      'p was made with --assume-quarantined, so the quarantine of its objects may not be over. Nothing was deleted; make a plan without that option.',
    ],
    [
      'was made without a ledger',
      { ledger: null },
      {},
      'p was made without a ledger, so the quarantine of its objects is not over. Nothing was deleted; make a plan with --ledger.',
    ],
    [
      'was made with another ledger',
      {},
      { ledger: 'ledger-2' },
      'p was made with another ledger. Nothing was deleted; use the ledger that the plan was made with.',
    ],
    [
      'is for the area',
      {},
      { area: ['s3://a/'] },
      'p is for the area s3://a/, s3://b/, not for s3://a/. Nothing was deleted; use the locations that the plan was made with.',
    ],
    [
      'is for a part of the area',
      { area: ['s3://a/'] },
      {},
      'p is for the area s3://a/, not for s3://a/, s3://b/. Nothing was deleted; use the locations that the plan was made with.',
    ],
    [
      'was made while nothing could be decided',
      { decidable: false },
      {},
      'p was made while the area was undecidable. Nothing was deleted; fix the cause, then make a new plan.',
    ],
    [
      'has expired',
      {},
      { now: NOW + PLAN_VALID },
      'p is too old: it expired at 2027-03-02T00:00:00.000Z. Nothing was deleted; make a new plan.',
    ],
    [
      'meets a clock that tells no time',
      {},
      { now: Number.NaN },
      'p is too old: it expired at 2027-03-02T00:00:00.000Z. Nothing was deleted; make a new plan.',
    ],
  ])('is refused where it %s', (_, head, here, message) => {
    expect(() => admitPlan({ ...HEAD, ...head }, 'p', { ...HERE, ...here })).toThrow(new PlanError(message));
  });

  it('deletes what the plan names and is still what it was, and nothing else', async () => {
    // Prepare: since the plan, one more file has become garbage and served its quarantine.
    const { area, job, lines } = await planned();
    job.upload(4);
    await area.run({ execute: false });
    area.time = NOW + 2 * DAY - 1_000;

    // Act
    const { record } = await area.run({
      command: 'apply',
      sweep: (survey) => plannedObjects(entriesOf(lines), survey, 'p'),
      survey: { settings: { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 } },
    });

    // Assess
    expect(record).toMatchObject({ command: 'apply', deletable: { objects: 1 }, deleted: { objects: 1 } });
    expect(area.keys()).toEqual([job.file(1), job.file(3), job.file(4), job.root(1)].sort());
  });

  it('chooses nothing that has changed, is gone, or lies elsewhere', async () => {
    const { area, job, lines } = await planned();
    area.put(job.file(2), 'another content', NOW - 5 * DAY);
    const { survey } = await area.run({ execute: false });
    const etag = survey.objects.etag(survey.objects.find(0, job.file(1)));
    const foreign = JSON.stringify({ url: `s3://other/${job.file(1)}`, etag });
    const gone = JSON.stringify({ url: `s3://bucket/${job.file(9)}`, etag });

    const chosen = await plannedObjects(entriesOf([...lines, foreign, gone]), survey, 'p');

    const objects = Array.from({ length: survey.objects.size }, (_, object) => object);
    expect(objects.filter(chosen)).toEqual([]);
  });

  it('deletes nothing that is alive, whatever the plan says', async () => {
    const { area, job, lines } = await planned();
    const { survey } = await area.run({ execute: false });
    const etag = survey.objects.etag(survey.objects.find(0, job.file(1)));
    const forged = [...lines, JSON.stringify({ url: `s3://bucket/${job.file(1)}`, etag })];

    await area.run({ command: 'apply', sweep: (its) => plannedObjects(entriesOf(forged), its, 'p') });

    expect(area.keys()).toEqual([job.file(1), job.file(3), job.root(1)].sort());
  });

  it('stops at a damaged line before anything is deleted', async () => {
    const { area, job, lines } = await planned();

    const run = area.run({ sweep: (survey) => plannedObjects(entriesOf([...lines, 'cut o']), survey, 'p') });

    await expect(run).rejects.toThrow(PlanError);
    expect(area.keys()).toContain(job.file(2));
  });

  it('happens once', async () => {
    const { area } = await planned();
    await spendPlan(area.ledger, { id: 'run-1', source: 'p', now: NOW });

    await expect(spendPlan(area.ledger, { id: 'run-1', source: 'p', now: NOW + 1 })).rejects.toThrow(
      new PlanError('p has been executed before. Nothing was deleted; make a new plan.'),
    );
    await spendPlan(area.ledger, { id: 'run-2', source: 'p', now: NOW });
  });

  it('is for one area, however its locations are ordered', async () => {
    const area = await open('directory', { prefixes: ['a/', 'b/'] });
    const { survey } = await area.run();
    const reversed = await area.run({ survey: { locations: [...area.locations].reverse() }, execute: false });

    expect(areaIdentity(reversed.survey.area)).toEqual(areaIdentity(survey.area));
  });
});
