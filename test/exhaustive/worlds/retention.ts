import { collects, completes, copies, deletes, lies, starts, uploads, waits } from '../deeds.ts';
import { RUNS, type Script } from '../script.ts';

const LATER = ['nobody', waits(3)] as const;
/** A job has left two checkpoints, and counts as ended: the older one is to be retired. */
const ENDED = [
  ['job 1', uploads('east/j1/shared/f1'), completes('east/j1/chk-9', ['east/j1/shared/f1'])],
  LATER,
  ['job 1', uploads('east/j1/shared/f2'), completes('east/j1/chk-10', ['east/j1/shared/f2'])],
  ['nobody', waits(6)],
] as const;
const NEWEST = ['east/j1/chk-10', 'east/j1/shared/f2'] as const;

/** Roots that a policy retires, and jobs that need them. */
export const RETENTION: readonly Script[] = [
  {
    name: 'started from an older one',
    about: 'A job is restored from an older checkpoint of another one with NO_CLAIM, and no root of its own says so.',
    before: [...ENDED, ['job 2', starts('east/j1/chk-9', 'east/j2/shared/f3')]],
    actors: {
      'steward 1': RUNS,
      'job 2': [uploads('east/j2/shared/f4'), waits(2), completes('east/j2/chk-10', ['east/j2/shared/f3'])],
    },
    stays: NEWEST,
    retains: true,
    without: [{ rule: 'retain: starting-job' }],
  },
  {
    name: 'started again',
    about: 'The same, and the directory of the job still holds a checkpoint of an earlier run of its id.',
    before: [
      ['job 2', uploads('east/j2/shared/f5'), completes('east/j2/chk-50', ['east/j2/shared/f5'])],
      ...ENDED,
      ['job 2', starts('east/j1/chk-9', 'east/j2/shared/f3')],
    ],
    actors: {
      'steward 1': RUNS,
      'job 2': [uploads('east/j2/shared/f4'), waits(2), completes('east/j2/chk-51', ['east/j2/shared/f3'])],
    },
    stays: [...NEWEST, 'east/j2/chk-50'],
    retains: true,
    without: [{ rule: 'retain: starting-job' }],
  },
  {
    name: 'started again at once',
    about:
      'The same, and the earlier run of its id has completed its checkpoint just before: nobody can tell that run from this one.',
    before: [
      ...ENDED,
      ['job 2', uploads('east/j2/shared/f5'), completes('east/j2/chk-50', ['east/j2/shared/f5'])],
      ['job 2', starts('east/j1/chk-9', 'east/j2/shared/f3')],
    ],
    actors: { 'steward 1': RUNS, 'job 2': [waits(2), completes('east/j2/chk-51', ['east/j2/shared/f3'])] },
    stays: NEWEST,
    retains: true,
    known: 'A job that was started again there at once, with NO_CLAIM',
  },
  {
    name: 'savepoints of zeros',
    about: 'Two clusters in application mode keep savepoints: the zeros in their names are those of either.',
    before: [
      ['job 1', uploads('savepoints/zeros-a/f1'), completes('savepoints/zeros-a', ['savepoints/zeros-a/f1'])],
      LATER,
      ['job 2', uploads('savepoints/zeros-b/f2'), completes('savepoints/zeros-b', ['savepoints/zeros-b/f2'])],
      ['nobody', waits(6)],
    ],
    actors: { 'steward 1': RUNS },
    stays: ['savepoints/zeros-a', 'savepoints/zeros-b'],
    retains: true,
    without: [{ rule: 'zero-digits' }],
  },
  {
    name: 'savepoints of one id',
    about: 'Two clusters have a job of one id, and a savepoint each. Both have ended.',
    before: [
      ['job 1', uploads('savepoints/j1-a/f1'), completes('savepoints/j1-a', ['savepoints/j1-a/f1'])],
      ['job 1', uploads('east/j1/shared/f3'), completes('east/j1/chk-9', ['east/j1/shared/f3'])],
      LATER,
      ['job 2', uploads('savepoints/j1-b/f2'), completes('savepoints/j1-b', ['savepoints/j1-b/f2'])],
      ['job 2', uploads('west/j1/shared/f4'), completes('west/j1/chk-9', ['west/j1/shared/f4'])],
      ['nobody', waits(6)],
    ],
    actors: { 'steward 1': RUNS },
    stays: ['savepoints/j1-a', 'savepoints/j1-b'],
    retains: true,
  },
  {
    name: 'started again, and the cluster says so',
    about:
      'As the one that was started again at once, and a cluster reports from which checkpoint its job was restored.',
    before: [
      ...ENDED,
      ['job 2', uploads('east/j2/shared/f5'), completes('east/j2/chk-50', ['east/j2/shared/f5'])],
      ['job 2', starts('east/j1/chk-9', 'east/j2/shared/f3')],
    ],
    actors: { 'steward 1': RUNS, 'job 2': [waits(2), completes('east/j2/chk-51', ['east/j2/shared/f3'])] },
    running: [{ job: 'j2', restoredFrom: 'east/j1/chk-9' }],
    stays: NEWEST,
    retains: true,
    without: [{ rule: 'retain: restored-from' }],
  },
  {
    name: 'only folders yet',
    about: 'A job is restored from an older checkpoint of another one, and has made its two folders and no more.',
    before: [...ENDED, ['job 2', starts('east/j1/chk-9', 'east/j2/shared/'), uploads('east/j2/taskowned/')]],
    actors: {
      'steward 1': RUNS,
      'job 2': [
        waits(2),
        uploads('east/j2/shared/f3'),
        completes('east/j2/chk-10', ['east/j2/shared/f3', 'east/j1/shared/f1']),
      ],
    },
    stays: NEWEST,
    retains: true,
    without: [{ rule: 'folder-markers' }],
  },
  {
    name: 'continued long ago',
    about:
      'Another job has claimed the last checkpoint of a job. Long after, that one is started again under its id from an older checkpoint of a third job.',
    before: [
      ['job 2', uploads('east/j2/shared/f5'), completes('east/j2/chk-5', ['east/j2/shared/f5'])],
      ['job 3', uploads('east/j3/shared/f6'), completes('east/j3/chk-6', ['east/j2/shared/f5', 'east/j3/shared/f6'])],
      ['job 3', deletes('east/j2/chk-5')],
      ...ENDED,
      ['job 2', starts('east/j1/chk-9', 'east/j2/shared/f3')],
    ],
    actors: { 'steward 1': RUNS, 'job 2': [waits(2), completes('east/j2/chk-10', ['east/j2/shared/f3'])] },
    stays: NEWEST,
    retains: true,
    without: [{ rule: 'loose-successors' }],
  },
  {
    name: 'still alive',
    about: 'A job that retains two checkpoints has written within the time after which it counts as ended.',
    before: ENDED.slice(0, 3),
    actors: { 'steward 1': [collects(), waits(3), collects()] },
    stays: ['east/j1/chk-9', ...NEWEST],
    retains: true,
    without: [{ rule: 'retain: unended-job' }],
  },
  {
    name: 'still alive, as its cluster says',
    about: 'A job that retains two checkpoints has written nothing for long, and its cluster says that it runs.',
    before: ENDED,
    actors: { 'steward 1': RUNS },
    running: [{ job: 'j1' }],
    stays: ['east/j1/chk-9', ...NEWEST],
    retains: true,
    without: [{ rule: 'retain: running-job', besides: ['retain: unended-job'] }],
  },
  {
    name: 'copied onto itself',
    about:
      'Somebody has copied the older checkpoint of an ended job onto itself, and it has a later time now than the newer one.',
    before: [
      ...ENDED.slice(0, 3),
      ['nobody', waits(1)],
      ['people', copies('east/j1/chk-9', 'east/j1/chk-9')],
      ['nobody', waits(6)],
    ],
    actors: { 'steward 1': RUNS },
    stays: NEWEST,
    retains: true,
    without: [{ rule: 'retain: distrusted-times' }],
  },
  {
    name: 'damaged and retained',
    about: 'The older checkpoint of an ended job can not be read. People may still repair it.',
    before: [...ENDED, ['the store', lies('east/j1/chk-9', 'unreadable')]],
    actors: { 'steward 1': RUNS },
    stays: ['east/j1/chk-9', ...NEWEST],
    retains: true,
  },
  {
    name: 'one directory for all',
    about: 'Two jobs keep their checkpoints in one directory without their ids, one after the other.',
    before: [
      ['job 1', uploads('flat/cp/shared/f1'), completes('flat/cp/chk-9', ['flat/cp/shared/f1'])],
      LATER,
      ['job 2', uploads('flat/cp/shared/f2'), completes('flat/cp/chk-10', ['flat/cp/shared/f2'])],
      ['nobody', waits(6)],
    ],
    actors: { 'steward 1': RUNS },
    stays: ['flat/cp/chk-9', 'flat/cp/chk-10'],
    retains: true,
    without: [{ rule: 'retain: unknown-job' }],
  },
  {
    name: 'protected',
    about: 'The configuration protects the older checkpoint of an ended job.',
    before: ENDED,
    actors: { 'steward 1': RUNS },
    protects: ['east/j1/chk-9'],
    stays: ['east/j1/chk-9', ...NEWEST],
    retains: true,
    without: [{ rule: 'retain: protect-pattern' }],
  },
  {
    name: 'a retired savepoint',
    about: 'Of two savepoints the older one is retired, and then its files go.',
    before: [
      ['job 1', uploads('savepoints/j1-a/f1'), completes('savepoints/j1-a', ['savepoints/j1-a/f1'])],
      LATER,
      ['job 1', uploads('savepoints/j1-b/f2'), completes('savepoints/j1-b', ['savepoints/j1-b/f2'])],
      ['nobody', waits(6)],
    ],
    actors: { 'steward 1': RUNS },
    after: [LATER, ['steward 1', collects()], LATER, ['steward 1', collects()]],
    stays: ['savepoints/j1-b', 'savepoints/j1-b/f2'],
    goes: ['savepoints/j1-a', 'savepoints/j1-a/f1'],
    retains: true,
    without: [{ rule: 'retired-savepoint-files' }],
  },
];
