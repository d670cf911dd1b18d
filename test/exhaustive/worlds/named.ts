import { collects, completes, copies, deletes, pins, uploads, waits, writes } from '../deeds.ts';
import { RUNS, type Script } from '../script.ts';

const CHK_9 = completes('east/j1/chk-9', ['east/j1/shared/f1']);
/** A job that has completed chk-9 with f1. */
const FIRST = ['job 1', uploads('east/j1/shared/f1'), CHK_9] as const;
const BACKUP = [
  'people',
  copies('east/j1/shared/f1', 'backup/east/j1/shared/f1'),
  copies('east/j1/chk-9', 'backup/east/j1/chk-9'),
] as const;
const LATER = ['nobody', waits(3)] as const;
const ENDED = ['nobody', waits(6)] as const;
const AFTER = [LATER, ['steward 1', collects()], LATER, ['steward 1', collects()]] as const;

/** What a root references, by whatever name. */
export const NAMED: readonly Script[] = [
  {
    name: 'used again',
    about: 'A checkpoint uses a file again that an earlier one has uploaded, and Flink deletes the earlier one.',
    before: [FIRST, LATER],
    actors: {
      'steward 1': RUNS,
      'job 1': [
        uploads('east/j1/shared/f2'),
        completes('east/j1/chk-10', ['east/j1/shared/f1']),
        deletes('east/j1/chk-9'),
      ],
    },
    after: AFTER,
    page: 2,
    without: [{ rule: 'named-by-root' }, { rule: 'root' }],
  },
  {
    name: 'pinned',
    about: 'A job has ended, and somebody has pinned what it left.',
    before: [FIRST, ['people', pins('east/j1/chk-9')], ENDED],
    actors: { 'steward 1': RUNS },
    stays: ['east/j1/chk-9', 'east/j1/shared/f1'],
    without: [{ rule: 'pinned', besides: ['root', 'named-by-root'] }],
  },
  {
    name: 'damaged',
    about: 'A root can no longer be read. People may still repair it.',
    before: [FIRST, ENDED],
    actors: { 'steward 1': RUNS, 'the store': [{ does: 'lies', root: 'east/j1/chk-9', how: 'unreadable' }] },
    stays: ['east/j1/chk-9', 'east/j1/shared/f1'],
    without: [{ rule: 'unreadable-root', besides: ['root', 'undecidable'] }],
  },
  {
    name: 'backup',
    about: "Flink deletes the original of a backup. The backup's root still references the files of the original.",
    before: [FIRST, BACKUP, ENDED],
    actors: { 'steward 1': RUNS, 'job 1': [deletes('east/j1/chk-9'), deletes('east/j1/shared/f1')] },
    page: 2,
    without: [{ rule: 'copy' }],
  },
  {
    name: 'backup of what is lost',
    about: 'The same, and a run comes only when the original has gone.',
    before: [FIRST, BACKUP, ['job 1', deletes('east/j1/chk-9'), deletes('east/j1/shared/f1')], ENDED],
    actors: { 'steward 1': RUNS },
    without: [{ rule: 'base-name' }],
  },
  {
    name: 'metadata of another name',
    about: 'Somebody keeps a checkpoint under another name, and Flink deletes the original.',
    before: [FIRST, ['people', copies('east/j1/chk-9', 'east/j1/chk-9-metadata')], LATER],
    actors: {
      'steward 1': RUNS,
      'job 1': [
        uploads('east/j1/shared/f2'),
        completes('east/j1/chk-10', ['east/j1/shared/f2']),
        deletes('east/j1/chk-9'),
      ],
    },
    page: 2,
    without: [{ rule: 'named-by-renamed-root' }],
  },
  {
    name: 'two names',
    about: 'One place is in the area under two names.',
    before: [FIRST, LATER],
    actors: {
      'steward 1': RUNS,
      'job 1': [completes('east/j1/chk-10', ['east/j1/shared/f1']), deletes('east/j1/chk-9')],
    },
    charges: { main: { sites: [{ prefix: '' }, { name: 's3://access-point-s3alias', prefix: 'flink/cp/' }] } },
    without: [
      { rule: 'copy', besides: ['markers'] },
      { rule: 'markers', besides: ['copy'] },
    ],
  },
  {
    name: 'another name',
    about: 'The bucket is in the area under a name that no root uses, and nobody has declared it.',
    before: [FIRST, LATER],
    actors: {
      'steward 1': RUNS,
      'job 1': [completes('east/j1/chk-10', ['east/j1/shared/f1']), deletes('east/j1/chk-9')],
    },
    charges: { main: { sites: [{ name: 's3://access-point-s3alias', prefix: '' }] } },
    without: [
      { rule: 'base-name', besides: ['undecidable'] },
      { rule: 'undecidable', besides: ['base-name'] },
    ],
  },
  {
    name: 'a part of the bucket',
    about:
      'The area is one of two folders with checkpoints. A job in the other one has claimed a checkpoint of the area, and goes on from it.',
    before: [
      ['job 2', uploads('west/j2/shared/f2'), completes('west/j2/chk-1', ['west/j2/shared/f2'])],
      FIRST,
      ['nobody', waits(8)],
    ],
    actors: {
      'steward 1': RUNS,
      'job 2': [completes('west/j2/chk-10', ['east/j1/shared/f1', 'west/j2/shared/f2']), deletes('east/j1/chk-9')],
    },
    after: [LATER, ['steward 1', collects()]],
    charges: { main: { sites: [{ prefix: 'flink/cp/' }], checksScope: true } },
    without: [{ rule: 'scope' }],
  },
  {
    name: 'what others write',
    about:
      'Other programs, people and Flink itself keep objects in the directories of a job, which no root references.',
    before: [
      FIRST,
      [
        'others',
        writes('east/j1/shared/backup.tar'),
        writes('east/j1/completedCheckpoint0b6e4d38a3d1'),
        writes('east/j1/shared/'),
        writes('savepoints/j1-a/f2'),
        writes('thumbnails/0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f/shared/f3'),
        writes('east/j1/shared/f4'),
      ],
      ['nobody', waits(8)],
    ],
    actors: { 'steward 1': RUNS, 'job 1': [completes('east/j1/chk-10', ['east/j1/shared/f1'])] },
    protects: ['east/j1/shared/f4'],
    without: [
      { rule: 'unknown-name' },
      { rule: 'protect-pattern' },
      { rule: 'high-availability' },
      { rule: 'directory-marker' },
      { rule: 'savepoint-files' },
      { rule: 'foreign-directory' },
    ],
  },
  {
    name: 'what only Flink knows',
    about:
      'A ForSt database works on a file that a later checkpoint takes over, and a write-ahead sink keeps one that only its own state references.',
    before: [
      FIRST,
      ['job 1', uploads('east/j1/shared/op_a_attempt_0/db/f2'), uploads('east/j1/taskowned/f3')],
      ['nobody', waits(8)],
      ['job 1', completes('east/j1/chk-10', ['east/j1/shared/f1'], ['east/j1/taskowned/f3'])],
    ],
    actors: {
      'steward 1': RUNS,
      'job 1': [
        waits(2),
        completes('east/j1/chk-11', ['east/j1/shared/op_a_attempt_0/db/f2'], ['east/j1/taskowned/f3']),
      ],
    },
    without: [{ rule: 'forst-working-files' }, { rule: 'taskowned' }],
  },
];
