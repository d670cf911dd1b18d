import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { NO_MEMORY } from '#core/collect/memory.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import { type Explanation, explain } from '#operations/report/explain.ts';
import { findObjects } from '#operations/report/find-objects.ts';
import { judge } from '#test/support/judged.ts';
import { callOf, MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';

const HOUR = DAY / 24;

async function explained(store: MovingStore, key: string, more: Partial<SurveyInput> = {}): Promise<Explanation> {
  const { survey } = await judge(store, more);
  return explain(survey, judgeAll(survey), findObjects(survey, key)[0] ?? -1);
}

function play(): { store: MovingStore; job: PlayedJob } {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store);
  job.complete(7, [job.upload(1)]);
  job.upload(2);
  return { store, job };
}

describe('explain', () => {
  it('says how long garbage has been garbage', async () => {
    // Prepare
    const { store, job } = play();
    const { survey } = await judge(store);
    const etag = survey.objects.etag(findObjects(survey, job.file(2))[0] ?? -1);
    const memory = { ...NO_MEMORY, candidacy: () => ({ since: NOW - HOUR, runs: 1, etag }) };

    // Act
    const { rule, because } = await explained(store, job.file(2), { recall: () => memory, assumeQuarantined: false });

    // Assess
    expect(rule).toBe('quarantine');
    expect(because).toEqual([
      'No checkpoint or savepoint references it. It has been garbage since 2027-02-28T23:00:00.000Z, and its quarantine lasts 20 h: it may go from 2027-03-01T19:00:00.000Z.',
    ]);
  });

  it('says that garbage of a dead job is deleted once its quarantine is over', async () => {
    const { store, job } = play();
    const dead = new PlayedJob(store, `flink/${OTHER_JOB}/`);
    dead.upload(3);

    expect((await explained(store, job.file(2))).because).toEqual([
      'No checkpoint or savepoint in the area references it. It was written 5 d ago. Its quarantine is over.',
    ]);
    expect((await explained(store, dead.file(3), { deadJobs: [OTHER_JOB] })).because).toEqual([
      `No checkpoint or savepoint in the area references it. It was written 5 d ago, and job ${OTHER_JOB} is declared dead. Its quarantine is over.`,
    ]);
  });

  it('says of a root that it was gone, cannot be read, or is damaged', async () => {
    // Prepare
    const { store, job } = play();
    job.complete(8, [job.file(1), job.file(9)], NOW - DAY);
    store.put('sp/_metadata', 'no checkpoint at all', NOW - DAY);
    job.complete(6, [job.file(1)], NOW - 3 * DAY);
    store.always(callOf('read', job.root(6)), () => job.subsume(6));

    // Act
    const damaged = await explained(store, job.root(8));
    job.complete(6, [job.file(1)], NOW - 3 * DAY);
    const gone = await explained(store, job.root(6));
    const unreadable = await explained(store, 'sp/_metadata');

    // Assess
    expect(damaged.because.join()).toContain(
      '1 file that it references is missing or of another size, 0 outside the area',
    );
    expect(gone.because.join()).toContain('no longer existed when it was to be read: Flink has replaced it');
    expect(unreadable).toMatchObject({ rule: 'unreadable-root', verdict: 'keep-undecidable' });
    expect(unreadable.because.join()).toMatch(/^It is a root that can't be read: .*[^.]\.$/);
  });

  it('says of a special entry what it is', async () => {
    const { store } = play();
    store.put('link', '', NOW - DAY, { what: 'a symbolic link to /elsewhere', mayHideRoots: true });

    expect((await explained(store, 'link')).because).toEqual([
      'It is a symbolic link to /elsewhere, not an ordinary object: it is never read, judged or deleted.',
    ]);
  });

  it('says where the order of checkpoints cannot be trusted, and where there is none', async () => {
    // Prepare
    const { store, job } = play();
    job.complete(6, [job.file(1)], NOW - DAY);
    const savepointOnly = new PlayedJob(store, `flink/${OTHER_JOB}/`);
    savepointOnly.complete(3, [savepointOnly.upload(4)], NOW - 2 * DAY, 'full-checkpoint');
    savepointOnly.upload(5);

    // Act
    const distrusted = await explained(store, job.file(2));
    const full = await explained(store, savepointOnly.file(5));

    // Assess
    expect(distrusted.because.join()).toMatch(
      new RegExp(
        `^The steward can't tell whether job ${JOB} still uses it: chk-7 is older than chk-6.*after 14 d without any write\\. If an earlier run under the same job id left some of them, retire those. In place of TIME, write when the later run began: steward retire --job s3://bucket/flink/${JOB}/ --before TIME$`,
      ),
    );
    expect(full.because.join()).toContain('no completed checkpoint was found (savepoints do not count)');
  });

  it('counts several roots that miss a file of this name', async () => {
    const { store, job } = play();
    const other = new PlayedJob(store, `flink/${OTHER_JOB}/`);
    other.complete(1, [job.file(1), other.file(2)], NOW - DAY);
    other.complete(2, [job.file(1), other.file(2)], NOW - HOUR);

    const { rule, because } = await explained(store, job.file(2));

    expect(rule).toBe('base-name');
    expect(because.join()).toContain('but 2 reference a missing file with the same name elsewhere');
  });
});
