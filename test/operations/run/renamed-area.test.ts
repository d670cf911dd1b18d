import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import type { FlinkPath } from '#core/flink/state-path.ts';
import { declareRootDead, findPin, pin, unpin } from '#operations/ledger/declarations.ts';
import { damageMemory, recollect } from '#operations/ledger/run-memory.ts';
import { EMPTY_STATE, readState, updateState } from '#operations/ledger/state.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import { findGone } from '#operations/report/deleted-object.ts';
import { undoRun } from '#operations/run/undo-run.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { keepLast, type RunChanges, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

/** What people said and runs withdrew is known by its place: it holds under another name that an alias tells. */

const open = useStewarded();
const RULES = { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 };
const ENDED = NOW + 15 * DAY;
const OLD: FlinkPath = { scheme: 's3', authority: 'bucket', path: '/' };
const NEW: FlinkPath = { scheme: 's3', authority: 'alias', path: '/' };

/** The same place by another name, as an access point gives a bucket one. */
function renamed(area: Stewarded): Partial<SurveyInput> {
  return {
    settings: RULES,
    aliases: [{ from: OLD, to: NEW }],
    locations: area.locations.map(({ area: location, store }) => ({
      area: { ...location, name: 's3://alias', store: 's3://alias' },
      store,
    })),
  };
}

async function openEnded(): Promise<{ area: Stewarded; job: PlayedJob }> {
  const area = await open('bucket');
  const job = new PlayedJob(area, `flink/${JOB}/`, area.url);
  const common = job.upload(0);
  for (const n of [1, 2, 3]) job.complete(n, [common, job.upload(n)], NOW - 3 * DAY + n * 1_000);
  area.time = ENDED;
  return { area, job };
}

const RETIRE: RunChanges = { command: 'retire', sweep: null, retention: keepLast(1), survey: { settings: RULES } };
const RENAMED: RunChanges = { ...RETIRE, accept: new Set(['area-shrunk']) };

describe('Under another name of the area', () => {
  it('a pinned root is still pinned', async () => {
    const { area, job } = await openEnded();
    await area.run({ survey: { settings: RULES } });
    await updateState(area.ledger, (state) => pin(state, `s3://bucket/${job.root(1)}`, null, NOW));

    const { retired } = await area.run({ ...RENAMED, survey: renamed(area) });

    expect(retired.retired.map(({ key }) => key)).toEqual([job.root(2)]);
  });

  it('without an alias nothing of it is known, and nothing is retired', async () => {
    const { area, job } = await openEnded();
    await area.run({ survey: { settings: RULES } });
    await updateState(area.ledger, (state) => pin(state, `s3://bucket/${job.root(1)}`, null, NOW));

    const { record } = await area.run({ ...RENAMED, survey: { ...renamed(area), aliases: [] } });

    expect(record).toMatchObject({ result: 'undecidable', retired: 0 });
  });

  it('a retired root is put back, in its old place in the order', async () => {
    // Prepare
    const { area, job } = await openEnded();
    const contents = area.contents();
    const { record } = await area.run(RETIRE);
    const survey = area.surveyInput(renamed(area));

    // Act
    const { plan, result } = await undoRun({
      survey,
      ledger: area.ledger,
      lease: { hold: async () => {} },
      writers: area.writers,
      run: area.nextRun(),
      undone: record.run,
      execute: true,
      now: () => area.time,
    });
    const afterwards = await rememberedSurvey(area.ledger, survey, { mayWrite: false });

    // Assess
    expect(plan.roots.map(({ why }) => why)).toEqual([null, null]);
    expect(result?.lost).toEqual([]);
    expect(area.contents()).toEqual(contents);
    const order = afterwards.survey.reachability.roots.toSorted((a, b) => a.completed - b.completed);
    expect(order.map(({ key, completed }) => [key, completed])).toEqual(
      [1, 2, 3].map((n) => [job.root(n), NOW - 3 * DAY + n * 1_000]),
    );
  });

  it('a root of a run that died before it deleted it is not taken for retired', async () => {
    const { area, job } = await openEnded();
    const dying = area.deleters.map(() => ({
      delete: async () => {
        throw new Error('killed');
      },
    }));
    await expect(area.run({ ...RETIRE, deleters: dying })).rejects.toThrow('killed');

    await area.run({ survey: renamed(area), execute: false });

    expect((await readState(area.ledger)).retired).toEqual([]);
    expect(area.keys()).toContain(job.root(1));
  });

  it('a root that was declared dead stays so', async () => {
    const { area, job } = await openEnded();
    area.put(job.root(9), 'no metadata', NOW - DAY);
    const { survey } = await area.run({ survey: { settings: RULES } });
    const broken = survey.reachability.roots.find(({ key }) => key === job.root(9));
    const url = `s3://bucket/${job.root(9)}`;
    await updateState(area.ledger, (state) => declareRootDead(state, url, broken?.etag ?? '', NOW));

    const { survey: again } = await area.run({ survey: renamed(area), execute: false });

    expect(survey.undecidable.map(({ code }) => code)).toEqual(['unreadable-root']);
    expect(again.undecidable).toEqual([]);
  });

  it('damage is known, deletions are, and what became of an object', async () => {
    // Prepare
    const { area, job } = await openEnded();
    await area.run(RETIRE);
    await area.run({ survey: { settings: RULES } });
    area.time = ENDED + DAY;
    await area.run({ survey: { settings: RULES } });
    area.put(job.root(2), job.metadata(2, [job.file(0), job.file(2)]), ENDED);
    await area.run({ survey: { settings: RULES }, execute: false });

    // Act
    const { survey, breakers } = await area.run({ survey: renamed(area), execute: false });
    const damage = damageMemory(await recollect(area.ledger), survey.area);
    const gone = await findGone(survey.area, area.ledger, [`s3://alias/${job.file(2)}`]);
    const retired = await findGone(survey.area, area.ledger, [`s3://alias/${job.root(1)}`]);

    // Assess
    expect(breakers.map(({ breaker }) => breaker)).toContain('deleted-is-named');
    const root = survey.reachability.roots.find(({ key }) => key === job.root(2));
    expect(root === undefined ? null : damage.damagedBefore(root)).toBe(true);
    expect(gone?.deletions.map(({ rule }) => rule)).toEqual(['garbage']);
    expect(retired).toMatchObject({ url: `s3://alias/${job.root(1)}`, retired: { state: 'retired' } });
  });

  it('a declaration takes the place of the one under the old name, and is taken back under either', async () => {
    const { area } = await openEnded();
    const { survey } = await rememberedSurvey(area.ledger, area.surveyInput(renamed(area)), { mayWrite: false });
    const names = survey.area;
    const [before, now] = ['s3://bucket/j/chk-1/_metadata', 's3://alias/j/chk-1/_metadata'];
    const once = pin(declareRootDead(EMPTY_STATE, before, 'e', NOW), before, null, NOW);

    const twice = pin(declareRootDead(once, now, 'e', NOW, names), now, 'why', NOW, names);

    expect(twice.pins.map(({ url, why }) => [url, why])).toEqual([[now, 'why']]);
    expect(twice.deadRoots.map(({ url }) => url)).toEqual([now]);
    expect(findPin(once, 's3://alias/j/chk-1', names)?.url).toBe(before);
    expect(unpin(once, now, names).pins).toEqual([]);
  });
});
