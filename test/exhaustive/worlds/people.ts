import { collects, completes, copiesLedger, deletes, forgets, pauses, pins, undoes, uploads, waits } from '../deeds.ts';
import { LARGE, RUNS, type Script } from '../script.ts';

const FIRST = ['job 1', uploads('east/j1/shared/f1'), completes('east/j1/chk-9', ['east/j1/shared/f1'])] as const;
const LATER = ['nobody', waits(3)] as const;
/** A job has left two checkpoints, and counts as ended: the older one is to be retired. */
const ENDED = [
  FIRST,
  LATER,
  ['job 1', uploads('east/j1/shared/f2'), completes('east/j1/chk-10', ['east/j1/shared/f2'])],
  ['nobody', waits(6)],
] as const;
const NEWEST = ['east/j1/chk-10', 'east/j1/shared/f2'] as const;

/** What people tell a steward, and the ledgers that keep it. */
export const PEOPLE: readonly Script[] = [
  {
    name: 'paused',
    about: 'Somebody pauses deleting between two runs.',
    before: [
      FIRST,
      ['job 1', uploads('east/j1/shared/f2')],
      LATER,
      ['job 1', completes('east/j1/chk-10', ['east/j1/shared/f1'])],
    ],
    actors: { 'steward 1': RUNS, people: [pauses()] },
    without: [{ rule: 'pause' }],
  },
  {
    name: 'pinned meanwhile',
    about: 'A policy keeps the last checkpoint of an ended job, and somebody pins an older one.',
    before: ENDED,
    actors: { 'steward 1': [collects()], people: [pins('east/j1/chk-9')] },
    stays: NEWEST,
    retains: true,
    without: [{ rule: 'pins-again' }],
  },
  {
    name: 'pinned before',
    about: 'The same, pinned before the run.',
    before: [...ENDED, ['people', pins('east/j1/chk-9')]],
    actors: { 'steward 1': RUNS },
    stays: NEWEST,
    retains: true,
    without: [{ rule: 'retain: pinned', besides: ['pins-again'] }],
  },
  {
    name: 'written again',
    about: 'Somebody deletes the older checkpoint of an ended job and starts the job anew, which writes it again.',
    before: ENDED,
    actors: {
      'steward 1': [collects()],
      'job 1': [
        deletes('east/j1/chk-9'),
        uploads('east/j1/shared/f3'),
        completes('east/j1/chk-9', ['east/j1/shared/f3']),
      ],
    },
    stays: NEWEST,
    retains: true,
    without: [{ rule: 'etags' }],
  },
  {
    name: 'two stewards',
    about: 'Two runs of one ledger retire the same root, and a job with a fixed id begins anew and writes it again.',
    before: ENDED,
    actors: {
      'steward 1': [collects()],
      'steward 2': [collects()],
      'job 1': [uploads('east/j1/shared/f3'), completes('east/j1/chk-9', ['east/j1/shared/f3'])],
    },
    stays: NEWEST,
    retains: true,
    tried: LARGE,
    without: [{ rule: 'lease', isSlow: true }],
  },
  {
    name: 'a second ledger',
    about: 'Somebody looks after a folder of the bucket with a ledger of its own. A root is pinned in the other one.',
    before: [...ENDED, ['people', pins('east/j1/chk-9', 'inner')], ['steward 1', collects('inner')]],
    actors: { 'steward 2': [collects('outer')], 'steward 1': [collects('inner')] },
    stays: NEWEST,
    charges: { inner: { sites: [{ prefix: 'flink/' }], ledger: 'ledger 1' }, outer: { ledger: 'ledger 2' } },
    retains: true,
    tried: LARGE,
    without: [{ rule: 'markers' }],
  },
  {
    name: 'a lost document',
    about: 'The document of a ledger with the pins is lost.',
    before: [...ENDED.slice(0, 3), ['steward 1', collects()], ['people', pins('east/j1/chk-9')], ['nobody', waits(6)]],
    actors: { 'steward 1': RUNS, people: [forgets('state')] },
    stays: ['east/j1/chk-9', ...NEWEST],
    retains: true,
  },
  {
    name: 'renamed',
    about: 'A root is pinned by the name of the bucket. Then the area has another name, which is declared.',
    before: [...ENDED.slice(0, 3), ['steward 1', collects()], ['people', pins('east/j1/chk-9')], ['nobody', waits(6)]],
    actors: { 'steward 1': [collects('renamed'), waits(2), collects('renamed')] },
    charges: {
      main: {},
      renamed: { sites: [{ name: 's3://access-point-s3alias', prefix: '' }], aliases: ['s3://access-point-s3alias'] },
    },
    stays: ['east/j1/chk-9', ...NEWEST],
    retains: true,
  },
  {
    name: 'a copied ledger',
    about: 'A ledger is moved, and a forgotten cron job still uses the old one. A root is pinned in the new one.',
    before: [
      ...ENDED.slice(0, 3),
      ['steward 1', collects('old')],
      ['people', copiesLedger('old', 'new')],
      ['people', pins('east/j1/chk-9', 'new')],
      ['nobody', waits(6)],
      ['steward 1', collects('new')],
    ],
    actors: { 'steward 2': [collects('old')], 'steward 1': [collects('new')] },
    charges: { old: { ledger: 'old' }, new: { ledger: 'new' } },
    stays: ['east/j1/chk-9', ...NEWEST],
    retains: true,
    tried: LARGE,
  },
  {
    name: 'an earlier ledger',
    about: 'Somebody puts an earlier copy of the ledger back, which knows no pin.',
    before: [
      FIRST,
      ['job 1', uploads('east/j1/shared/f3')],
      ...ENDED.slice(1, 3),
      ['steward 1', collects()],
      ['people', copiesLedger('ledger', 'backup')],
      LATER,
      ['steward 1', collects()],
      ['people', pins('east/j1/chk-9')],
      ['nobody', waits(6)],
    ],
    actors: {
      people: [copiesLedger('backup', 'ledger'), waits(1)],
      'steward 1': [waits(1), collects()],
      'steward 2': [waits(1), collects()],
    },
    charges: { main: {}, backup: { ledger: 'backup' } },
    stays: ['east/j1/chk-9', ...NEWEST],
    retains: true,
    tried: LARGE,
  },
  {
    name: 'undone',
    about: 'A root is retired, and somebody takes it back while another run is at work.',
    before: [...ENDED, ['steward 1', collects()]],
    actors: { people: [undoes()], 'steward 1': [collects(), waits(3), collects()], 'job 2': [waits(3)] },
    after: [LATER, ['people', undoes()], LATER, ['steward 1', collects()]],
    stays: NEWEST,
    retains: true,
    tried: LARGE,
    multipart: true,
  },
  {
    name: 'undone in a store without conditions',
    about:
      'A root is retired, and a job with a fixed id begins anew and writes it again. Then somebody undoes the run.',
    before: [
      ...ENDED,
      ['steward 1', collects()],
      ['job 1', uploads('east/j1/shared/f3'), completes('east/j1/chk-9', ['east/j1/shared/f3'])],
    ],
    actors: { people: [undoes()], 'steward 1': [collects()] },
    stays: NEWEST,
    retains: true,
    ignoresIfNoneMatch: true,
  },
];
