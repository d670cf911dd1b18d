import { completes, starts, uploads, waits } from '../deeds.ts';
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
];
