import { describe, expect, it } from 'vitest';
import { judgeAll } from '#core/collect/judge.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { STAYING_KINDS, stayingOf } from '#core/collect/staying.ts';
import { commandsIn } from '#core/commands-in-text.ts';
import { isoTime } from '#core/iso-time.ts';
import type { Survey, SurveyInput } from '#operations/look/survey.ts';
import { describeStaying, viewStaying } from '#operations/report/staying.ts';
import { judge } from '#test/support/judged.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';

const HOUR = DAY / 24;
const EMPTY = 'a'.repeat(32);
const STARTING = 'b'.repeat(32);
const FORST = 'c'.repeat(32);
const NEW = 'd'.repeat(32);
const HA = 'ha/my-cluster';

/** One or two objects of each kind, beside some that are like them and are not counted. */
function everything(): MovingStore {
  const store = new MovingStore({ now: NOW });
  const put = (key: string, modified: number) => store.put(key, key.endsWith('/') ? '' : 'x'.repeat(10), modified);
  const ended = new PlayedJob(store, `flink/${OTHER_JOB}/`);
  const claimed = ended.upload(22, NOW - 50 * DAY);
  ended.complete(3, [ended.upload(21, NOW - 51 * DAY), claimed], NOW - 47 * DAY);
  const job = new PlayedJob(store);
  job.complete(7, [job.upload(1), claimed]);
  job.upload(2, NOW - 6 * DAY);
  job.upload(3, NOW - 36 * HOUR);
  job.upload(4, NOW - 9 * DAY, 'taskowned');
  job.upload(5, NOW - 7 * DAY, 'taskowned');
  put(`flink/${EMPTY}/shared/`, NOW - 40 * DAY);
  put(`flink/${EMPTY}/taskowned/`, NOW - 40 * DAY);
  put(`flink/${NEW}/shared/`, NOW - 2 * DAY);
  put(`flink/${STARTING}/shared/${uuid(31)}`, NOW - 20 * DAY);
  put(`flink/${FORST}/shared/op_x_attempt_0/db/CURRENT`, NOW - 30 * DAY);
  put(`sp/savepoint-946894-0123456789ab/${uuid(41)}`, NOW - 10 * DAY);
  put(`ha/job-result-store/my-cluster/${uuid(51)}/${JOB}.json`, NOW - 300 * DAY);
  put(`${HA}/completedCheckpoint0a1b2c3d4e5f`, NOW - 200 * DAY);
  put(`${HA}/submittedJobGraph0a1b2c3d4e5f`, NOW - 201 * DAY);
  put(`${HA}/blob/job_${JOB}/blob_p-0123456789abcdef-${JOB}`, NOW - 202 * DAY);
  return store;
}

async function surveyOf(store: MovingStore, more: Partial<SurveyInput> = {}): Promise<Survey> {
  return (await judge(store, { assumeQuarantined: false, ...more })).survey;
}

describe('What waits or stays', () => {
  it('is counted by its reason, with its age, its owners, and when the first of it stops waiting', async () => {
    const survey = await surveyOf(everything());

    const counted = stayingOf(survey, judgeAll(survey), NOW);

    const { objects } = survey;
    expect(
      counted.map(({ kind, objects: number, oldest, owners, example, from }) => [
        kind,
        number,
        (NOW - oldest) / DAY,
        owners.size,
        objects.key(example).split('/').at(-1) || 'marker',
        from === null ? null : (from - NOW) / DAY,
      ]),
    ).toEqual([
      ['quarantine', 1, 6, 1, uuid(2), 20 / 24],
      ['later-checkpoint', 1, 1.5, 1, uuid(3), 14 - 1.5],
      ['first-checkpoint', 1, 20, 1, uuid(31), 10],
      // Its root and the file that no other job needs.
      ['ended-jobs', 2, 51, 1, uuid(21), null],
      ['task-owned', 2, 9, 1, uuid(4), null],
      ['unfinished-savepoints', 1, 10, 1, uuid(41), null],
      ['forst-working-files', 1, 30, 1, 'CURRENT', null],
      ['empty-job-directories', 2, 40, 1, 'marker', null],
      ['job-results', 1, 300, 1, `${JOB}.json`, null],
      ['checkpoint-pointers', 1, 200, 1, 'completedCheckpoint0a1b2c3d4e5f', null],
      ['submitted-jobs', 1, 201, 1, 'submittedJobGraph0a1b2c3d4e5f', null],
      ['blobs', 1, 202, 1, `blob_p-0123456789abcdef-${JOB}`, null],
    ]);
    expect(counted.map(({ kind }) => kind)).toEqual(STAYING_KINDS);
  });

  it('names the setting or the command that frees it, and none for high availability', async () => {
    const survey = await surveyOf(everything());

    const views = viewStaying(stayingOf(survey, judgeAll(survey), null), survey, { retains: false });

    const dead = (job: string): string => `steward declare-dead ${job} --execute`;
    expect(Object.fromEntries(views.map(({ kind, setting, command }) => [kind, [setting, command]]))).toEqual({
      quarantine: ['collect.quarantine', null],
      'later-checkpoint': ['collect.deadAfter', dead(JOB)],
      'first-checkpoint': ['collect.abandonedAfter', dead(STARTING)],
      'ended-jobs': ['retain', 'steward retire'],
      'task-owned': ['collect.taskowned', null],
      'unfinished-savepoints': ['collect.failedSavepoints', null],
      'forst-working-files': ['deadJobs', dead(FORST)],
      'empty-job-directories': ['deadJobs', dead(EMPTY)],
      'job-results': [null, null],
      'checkpoint-pointers': [null, null],
      'submitted-jobs': [null, null],
      blobs: [null, null],
    });
  });

  it('says in a sentence what it is, how old, and what frees it', async () => {
    const survey = await surveyOf(everything());
    const tell = (begins: number | null, retains: boolean) =>
      viewStaying(stayingOf(survey, judgeAll(survey), begins), survey, { retains }).map((view) =>
        describeStaying(view, NOW),
      );

    const look = tell(null, false);
    const run = tell(NOW, true);

    expect(look[0]).toBe(
      '1 object (100 B), the oldest 6 d old: garbage that no run has recorded yet. The quarantine begins with the first run that has a ledger. It is deleted when it has been garbage for 20 h, in at least two runs.',
    );
    expect(run[0]).toContain('in at least two runs: the first may go from 2027-03-01 20:00:00 UTC.');
    expect(run[1]).toContain('has written nothing for 14 d (the first 2027-03-13 12:00:00 UTC)');
    expect(look[3]).toContain('state that only the checkpoints of 1 ended job reference');
    expect(look[3]).toContain('Retiring is off: add "retain" to steward.json');
    expect(commandsIn(run[3] ?? '').map(({ words }) => words)).toEqual([
      ['steward', 'retire'],
      ['steward', 'retire', '--job', 'DIRECTORY', '--all'],
    ]);
    expect(look[4]).toContain(
      '2 objects (200 B), the oldest 9 d old: files in taskowned/ that no checkpoint references.',
    );
    expect(look[8]).toContain('The steward never deletes them.');
  });

  it('is free of what the settings and declarations of the operator have freed', async () => {
    const settings = { ...DEFAULT_COLLECT_SETTINGS, taskowned: true, failedSavepoints: true };
    const survey = await surveyOf(everything(), { settings, deadJobs: [EMPTY, STARTING, FORST] });

    const counted = stayingOf(survey, judgeAll(survey), NOW);

    const kinds = new Map(counted.map(({ kind, objects, from }) => [kind, { objects, from }]));
    expect(kinds.get('unfinished-savepoints')).toEqual({ objects: 1, from: NOW + 20 * DAY });
    expect(
      ['task-owned', 'forst-working-files', 'empty-job-directories', 'first-checkpoint'].filter((kind) =>
        [...kinds.keys()].some((known) => known === kind),
      ),
    ).toEqual([]);
    // One before, two of taskowned/, two markers, and the file of the job that never completed a checkpoint.
    expect(kinds.get('quarantine')?.objects).toBe(6);
  });

  it('leaves out of ended jobs what a savepoint, or the sixth of its checkpoints, shares with a running job', async () => {
    // Prepare: more roots name the file than are remembered with an object, and only the last is of a running job.
    const store = new MovingStore({ now: NOW });
    const ended = new PlayedJob(store, `flink/${OTHER_JOB}/`);
    const shared = ended.upload(1, NOW - 60 * DAY);
    const saved = ended.upload(2, NOW - 60 * DAY);
    const own = ended.upload(3, NOW - 60 * DAY);
    for (const checkpoint of [1, 2, 3, 4, 5]) {
      ended.complete(checkpoint, [shared, saved, own], NOW - (50 - checkpoint) * DAY);
    }
    const job = new PlayedJob(store, `flink/${'f'.repeat(32)}/`);
    job.complete(9, [shared]);
    const savepoint = `sp/savepoint-${OTHER_JOB.slice(0, 6)}-0123456789ab/_metadata`;
    store.put(savepoint, ended.metadata(6, [saved], 'savepoint-native'), NOW - 44 * DAY);

    // Act
    const survey = await surveyOf(store);
    const counted = stayingOf(survey, judgeAll(survey), null);

    // Assess: five roots and the one file.
    expect(counted.map(({ kind, objects, bytes }) => [kind, objects, bytes > 500])).toEqual([['ended-jobs', 6, true]]);
    expect(isoTime(counted[0]?.oldest ?? 0)).toBe(isoTime(NOW - 60 * DAY));
  });
});
