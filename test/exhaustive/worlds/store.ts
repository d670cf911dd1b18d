import {
  archives,
  collects,
  completes,
  damages,
  deletes,
  heals,
  lies,
  refuses,
  repeatsPages,
  uploads,
  waits,
} from '../deeds.ts';
import { BRIEF, RUNS, type Script } from '../script.ts';

const FIRST = ['job 1', uploads('east/j1/shared/f1'), completes('east/j1/chk-9', ['east/j1/shared/f1'])] as const;
const SECOND = ['job 1', uploads('east/j1/shared/f2'), completes('east/j1/chk-10', ['east/j1/shared/f2'])] as const;
const LATER = ['nobody', waits(3)] as const;
const ENDED = ['nobody', waits(6)] as const;
/** Two uploads of a failed checkpoint, of which a later one has shown that nobody needs them. */
const GARBAGE = [
  FIRST,
  ['job 1', uploads('east/j1/shared/f3'), uploads('east/j1/shared/f4')],
  LATER,
  ['job 1', completes('east/j1/chk-10', ['east/j1/shared/f1'])],
] as const;
const BOTH = ['east/j1/shared/f3', 'east/j1/shared/f4'] as const;
const AFTER = [['the store', heals], LATER, ['steward 1', collects()], LATER, ['steward 1', collects()]] as const;

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
  {
    name: 'in an archive',
    about: 'A rule has moved a file of the newest checkpoint of an ended job into an archive. The older one is whole.',
    before: [FIRST, LATER, SECOND, ENDED, ['people', archives('east/j1/shared/f2')]],
    actors: { 'steward 1': RUNS },
    stays: ['east/j1/chk-9', 'east/j1/shared/f1', 'east/j1/chk-10', 'east/j1/shared/f2'],
    retains: true,
    without: [{ rule: 'archived-files' }],
  },
  {
    name: 'a damaged copy',
    about: 'A root is moved into an archive, of which the ledger has a copy. Then that is damaged.',
    before: [
      FIRST,
      ['nobody', waits(25)],
      ['steward 1', collects()],
      ['people', archives('east/j1/chk-9')],
      ['job 2', uploads('east/j2/shared/f2')],
      LATER,
    ],
    actors: { 'steward 1': RUNS, people: [damages('roots/')] },
    stays: ['east/j1/chk-9', 'east/j1/shared/f1', 'east/j2/shared/f2'],
    without: [{ rule: 'damaged-copies' }],
  },
  {
    name: 'may not delete',
    about: 'The store refuses to delete one of two files.',
    before: [...GARBAGE, ['the store', refuses('east/j1/shared/f3')]],
    actors: { 'steward 1': RUNS },
    after: AFTER,
    goes: BOTH,
    without: [{ rule: 'refusals' }],
  },
  {
    name: 'may not retire',
    about: 'The store refuses to delete the root that a policy retires.',
    before: [FIRST, LATER, SECOND, ENDED, ['the store', refuses('east/j1/chk-9')]],
    actors: { 'steward 1': RUNS },
    after: [...AFTER, LATER, ['steward 1', collects()]],
    stays: ['east/j1/chk-10', 'east/j1/shared/f2'],
    goes: ['east/j1/chk-9', 'east/j1/shared/f1'],
    retains: true,
    without: [{ rule: 'refusals' }],
  },
  {
    name: 'pages without end',
    about: 'For hours each page that the store lists is empty and leads to itself.',
    before: [...GARBAGE, ['steward 1', collects()]],
    actors: { 'steward 1': RUNS, 'the store': [repeatsPages, waits(2), heals] },
    after: AFTER,
    goes: BOTH,
    throughS3: true,
    // Each request is signed.
    tried: { ordinary: [{ switches: 1, deaths: 0 }], deep: BRIEF.ordinary },
    without: [{ rule: 'page-trail' }],
  },
  {
    name: 'a name that a request can not hold',
    about: 'The store does not understand a request of many keys where one of two is among them.',
    before: GARBAGE,
    actors: { 'steward 1': RUNS },
    after: AFTER,
    goes: BOTH,
    throughS3: true,
    unreadNames: ['east/j1/shared/f3'],
    tried: BRIEF,
    without: [{ rule: 'halved-batches' }],
  },
];
