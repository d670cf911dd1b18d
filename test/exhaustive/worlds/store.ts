import { collects, completes, deletes, heals, lies, uploads, waits } from '../deeds.ts';
import { RUNS, type Script } from '../script.ts';

const FIRST = ['job 1', uploads('east/j1/shared/f1'), completes('east/j1/chk-9', ['east/j1/shared/f1'])] as const;
const SECOND = ['job 1', uploads('east/j1/shared/f2'), completes('east/j1/chk-10', ['east/j1/shared/f2'])] as const;
const LATER = ['nobody', waits(3)] as const;

/** Stores that do not say how it is. */
export const STORE: readonly Script[] = [
  {
    name: 'no answer',
    about: 'For days the store gives no answer when a root is read, of which there is a later one.',
    before: [FIRST, LATER, SECOND],
    actors: { 'steward 1': RUNS, 'the store': [lies('east/j1/chk-9', 'unreadable'), waits(2), heals] },
    without: [{ rule: 'undecidable' }],
  },
  {
    name: 'not found',
    about: 'A store with drives offline says that a root is not there, and goes on to list it.',
    before: [FIRST, LATER, SECOND],
    actors: { 'steward 1': RUNS, 'the store': [lies('east/j1/chk-9', 'denied'), waits(2), heals] },
    without: [{ rule: 'contradiction' }],
  },
  {
    name: 'old content',
    about: 'A job with a fixed id began anew and has written chk-9 again. A cache still gives the old one.',
    before: [
      FIRST,
      ['job 1', deletes('east/j1/chk-9'), deletes('east/j1/shared/f1')],
      ['job 1', uploads('east/j1/shared/f2'), completes('east/j1/chk-9', ['east/j1/shared/f2'])],
      LATER,
      ['job 1', uploads('east/j1/shared/f3'), completes('east/j1/chk-10', ['east/j1/shared/f3'])],
    ],
    actors: { 'steward 1': RUNS, 'the store': [lies('east/j1/chk-9', 'old content'), waits(2), heals] },
    without: [{ rule: 'read-etags' }],
  },
  {
    name: 'moves on',
    about: 'A checkpoint completes on a page that a listing has left, and Flink deletes the one that would come next.',
    before: [
      ['job 1', uploads('west/j1/shared/f1'), completes('west/j1/chk-9', ['west/j1/shared/f1'])],
      ['job 1', uploads('east/j1/shared/f2'), completes('east/j1/chk-9', ['east/j1/shared/f2'])],
      ['nobody', waits(4)],
      ['job 2', uploads('east/j2/shared/f3'), completes('east/j2/chk-9', ['east/j1/shared/f2', 'east/j2/shared/f3'])],
      ['job 2', deletes('east/j1/chk-9')],
      ['nobody', waits(4)],
    ],
    actors: {
      'steward 1': [collects()],
      'job 2': [completes('east/j2/chk-10', ['east/j1/shared/f2', 'east/j2/shared/f3']), deletes('east/j2/chk-9')],
    },
    page: 1,
    without: [{ rule: 'second-round', besides: ['quarantine', 'read-again', 'undecidable'] }],
  },
];
