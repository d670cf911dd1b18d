import { collects, collectsInShards, completes, copies, deletes, uploads, waits } from '../deeds.ts';
import { LARGE, RUNS, type Script } from '../script.ts';

const FIRST = ['job 1', uploads('east/j1/shared/f1'), completes('east/j1/chk-9', ['east/j1/shared/f1'])] as const;
const AGAIN = ['job 1', completes('east/j1/chk-10', ['east/j1/shared/f1'])] as const;
const LATER = ['nobody', waits(3)] as const;
const AFTER = [LATER, ['steward 1', collects()], LATER, ['steward 1', collects()]] as const;

/** Uploads that no root references yet. */
export const WAITING: readonly Script[] = [
  {
    name: 'a young upload',
    about: 'A run meets an upload whose checkpoint has not completed.',
    before: [FIRST],
    actors: {
      'steward 1': [collects(), collects()],
      'job 1': [uploads('east/j1/shared/f2'), completes('east/j1/chk-10', ['east/j1/shared/f1', 'east/j1/shared/f2'])],
    },
    page: 2,
    without: [{ rule: 'min-age', besides: ['no-later-checkpoint', 'quarantine'] }],
  },
  {
    name: 'failing checkpoints',
    about:
      'Checkpoints fail for days. Then one completes and uses what the first of them uploaded, while a run is at work.',
    before: [FIRST, ['job 1', uploads('east/j1/shared/f2')], LATER, ['job 1', uploads('east/j1/shared/f3')]],
    actors: {
      'steward 1': RUNS,
      'job 1': [
        completes('east/j1/chk-10', ['east/j1/shared/f1', 'east/j1/shared/f2']),
        deletes('east/j1/chk-9'),
        uploads('east/j1/shared/f4'),
        completes('east/j1/chk-11', ['east/j1/shared/f2', 'east/j1/shared/f4']),
      ],
    },
    after: [LATER, ['job 1', completes('east/j1/chk-12', ['east/j1/shared/f4'])], ...AFTER],
    goes: ['east/j1/shared/f3'],
    page: 2,
    without: [{ rule: 'no-later-checkpoint' }, { rule: 'quarantine', besides: ['no-later-checkpoint'] }],
  },
  {
    name: 'completes meanwhile',
    about: 'The same. The checkpoint completes once a run has judged.',
    before: [
      FIRST,
      ['job 1', uploads('east/j1/shared/f2')],
      LATER,
      ['job 1', uploads('east/j1/shared/f3')],
      ['steward 1', collects()],
      ['nobody', waits(2)],
    ],
    actors: {
      'steward 1': [collects()],
      'job 1': [completes('east/j1/chk-10', ['east/j1/shared/f1', 'east/j1/shared/f2']), deletes('east/j1/chk-9')],
    },
    page: 2,
    without: [{ rule: 'read-again', besides: ['no-later-checkpoint'] }],
  },
  {
    name: 'copied onto itself while checkpoints fail',
    about:
      'Somebody copies the only root of a running job onto itself, to encrypt it. It is later now than the upload of a failed checkpoint.',
    before: [FIRST, ['nobody', waits(1)], ['steward 1', collects()], ['job 1', uploads('east/j1/shared/f2')], LATER],
    actors: {
      people: [copies('east/j1/chk-9', 'east/j1/chk-9')],
      'steward 1': RUNS,
      'job 1': [waits(2), completes('east/j1/chk-10', ['east/j1/shared/f1', 'east/j1/shared/f2'])],
    },
    without: [{ rule: 'first-seen-contents' }],
  },
  {
    name: 'in shards',
    about: 'The same, and the area is collected in two shards.',
    before: [
      FIRST,
      ['job 1', uploads('east/j1/shared/f2')],
      LATER,
      ['job 1', uploads('east/j1/shared/f3')],
      ['steward 1', collects()],
      ['nobody', waits(2)],
    ],
    actors: {
      'steward 1': [collectsInShards(2)],
      'job 1': [completes('east/j1/chk-10', ['east/j1/shared/f1', 'east/j1/shared/f2']), deletes('east/j1/chk-9')],
    },
    after: [LATER, ['job 1', completes('east/j1/chk-11', ['east/j1/shared/f1']), deletes('east/j1/chk-10')], ...AFTER],
    goes: ['east/j1/shared/f2', 'east/j1/shared/f3'],
    tried: LARGE,
  },
  {
    name: 'two clusters of one id',
    about: 'Two clusters have a job of one id. The checkpoints of the one say nothing of the uploads of the other.',
    before: [FIRST, ['job 2', uploads('west/j1/shared/f2')], LATER, AGAIN],
    actors: { 'steward 1': RUNS, 'job 2': [waits(2), completes('west/j1/chk-1', ['west/j1/shared/f2'])] },
    page: 2,
    without: [{ rule: 'rootless-directory' }],
  },
  {
    name: 'a changelog of one id',
    about:
      'Two clusters have a job of one id and one place for their changelogs. The checkpoints of the one say nothing of the changelog of the other.',
    before: [FIRST, ['job 2', uploads('changelog/j1/f2')], LATER, AGAIN, ['job 2', uploads('west/j1/shared/f3')]],
    actors: { 'steward 1': RUNS, 'job 2': [waits(2), completes('west/j1/chk-1', ['changelog/j1/f2'])] },
    without: [{ rule: 'changelog-ownership' }],
  },
  {
    name: 'a changelog of a cluster without a directory',
    about: 'The same, and of the other cluster nothing else is there yet.',
    before: [FIRST, ['job 2', uploads('changelog/j1/f2')], LATER, AGAIN],
    actors: { 'steward 1': RUNS, 'job 2': [waits(2), completes('west/j1/chk-1', ['changelog/j1/f2'])] },
    without: [{ rule: 'changelog-ownership' }],
  },
  {
    name: 'a folder like entropy',
    about:
      'A job has entropy in its paths. Another cluster has a job of the same id, in a folder that entropy might have made.',
    before: [
      [
        'job 1',
        uploads('aQ7z/entropic/x/j1/shared/f1'),
        uploads('Q7zz/entropic/x/j1/shared/f2'),
        completes('entropic/x/j1/chk-9', ['aQ7z/entropic/x/j1/shared/f1', 'Q7zz/entropic/x/j1/shared/f2']),
      ],
      ['job 2', uploads('prod/entropic/x/j1/shared/f3'), uploads('prod/entropic/x/j1/shared/f4')],
      LATER,
      ['job 1', completes('entropic/x/j1/chk-10', ['aQ7z/entropic/x/j1/shared/f1', 'Q7zz/entropic/x/j1/shared/f2'])],
    ],
    actors: {
      'steward 1': RUNS,
      'job 2': [
        waits(2),
        completes('prod/entropic/x/j1/chk-1', ['prod/entropic/x/j1/shared/f3', 'prod/entropic/x/j1/shared/f4']),
      ],
    },
    without: [{ rule: 'entropy-ownership' }],
  },
  {
    name: 'in progress',
    about: 'A cluster reports a checkpoint in progress, for which files are there already.',
    before: [FIRST, ['job 1', uploads('east/j1/chk-11/f2')], LATER, AGAIN],
    actors: {
      'steward 1': RUNS,
      'job 1': [waits(2), completes('east/j1/chk-11', ['east/j1/shared/f1', 'east/j1/chk-11/f2'])],
    },
    running: [{ job: 'j1', inProgress: [11] }],
    without: [{ rule: 'running-checkpoint' }],
  },
  {
    name: 'numbers that begin again',
    about:
      'A JobManager was only cut off. Another one of the same id begins anew in the same directory, and then the first one goes on.',
    before: [
      ['job 1', uploads('east/j1/shared/f1'), completes('east/j1/chk-9', ['east/j1/shared/f1'])],
      ['nobody', waits(1)],
      ['job 1', uploads('east/j1/shared/f2')],
      ['nobody', waits(1)],
      ['job 2', uploads('east/j1/shared/f3'), completes('east/j1/chk-1', ['east/j1/shared/f3'])],
      LATER,
      ['job 2', uploads('east/j1/shared/f4'), completes('east/j1/chk-2', ['east/j1/shared/f3', 'east/j1/shared/f4'])],
    ],
    actors: {
      'steward 1': RUNS,
      'job 1': [waits(2), completes('east/j1/chk-10', ['east/j1/shared/f1', 'east/j1/shared/f2'])],
    },
    without: [{ rule: 'loose-former-runs' }],
  },
];
