import { count, duration } from '../quantity.ts';
import type { AlarmId } from '../signals/alarms.ts';
import { code, type Mrkdwn, md } from './mrkdwn.ts';

/** What each alarm says to people. */

const HOUR = 3_600_000;

/** What a sentence tells of. */
export interface Happened {
  /** The job, function or queue; null for the steward as a whole. */
  readonly subject: string | null;
  /** What breached; null where it is not known. */
  readonly value: number | null;
  /** Of a job, since when it waits for its next checkpoint, and how long it usually does; null where that is not known. */
  readonly wait: Wait | null;
}

/** Milliseconds. */
export interface Wait {
  /** Age of the newest checkpoint. */
  readonly age: number;
  /** The usual time between two checkpoints. */
  readonly usual: number;
}

/** The sentences about one alarm. */
export interface AlarmWords {
  /** What happened, in a sentence. */
  readonly happened: (about: Happened) => Mrkdwn;
  /** What follows, or why it matters; the same for all jobs. */
  readonly matters: string;
  /** What is so again, after the subject: "is of its usual size again". */
  readonly recovered: string;
  /** What of the job's history is drawn. */
  readonly trend: 'checkpoint' | 'total' | 'reclaimable' | null;
}

/** The sentences about every alarm. */
export const ALARM_WORDS: Readonly<Record<AlarmId, AlarmWords>> = {
  'size-jump': {
    happened: ({ subject: job, value: ratio }) =>
      ratio === null
        ? md`The checkpoints of ${named(job)} are much larger than before.`
        : md`The two newest checkpoints of ${named(job)} are at least ${decimal(ratio)} times as large as its usual ones.`,
    matters: 'A state that grows like this makes checkpoints and restores slow before it fills the budget.',
    recovered: 'writes checkpoints of its usual size again',
    trend: 'checkpoint',
  },
  budget: {
    happened: ({ subject: job, value: days }) => {
      if (days === null) return md`${named(job)} will reach its storage budget soon.`;
      return days <= 0
        ? md`${named(job)} is above its storage budget.`
        : md`At its present growth, ${named(job)} reaches its storage budget ${days < 1 ? 'within a day' : `in ${sized(days, 'day')}`}.`;
    },
    matters: 'Either its state or its garbage grows: the numbers show which.',
    recovered: 'keeps within its storage budget again',
    trend: 'total',
  },
  'reclaimable-share': {
    happened: ({ subject: job, value: share }) =>
      share === null
        ? md`Much of what ${named(job)} stores is garbage.`
        : md`${Math.round(share * 100)} % of what ${named(job)} stores is garbage, and has been for three days.`,
    matters: 'No checkpoint needs it. You pay for it until it is deleted.',
    recovered: 'stores little garbage again',
    trend: 'reclaimable',
  },
  'late-checkpoint': {
    happened: ({ subject: job, value: lateness, wait }) => {
      if (wait !== null) {
        return md`The newest checkpoint of ${named(job)} completed ${duration(wait.age)} ago. Usually one completes every ${duration(wait.usual)}.`;
      }
      return lateness === null
        ? md`The newest checkpoint of ${named(job)} is late.`
        : md`The age of the newest checkpoint of ${named(job)} is ${decimal(lateness)} times its usual interval.`;
    },
    matters:
      'The job may have stopped, or its checkpoints may fail. After a failure it repeats all work since that checkpoint.',
    recovered: 'completes checkpoints in time again',
    trend: 'checkpoint',
  },
  'no-restore-point': {
    happened: ({ subject: job }) => md`${named(job)} has no checkpoint or savepoint that can be restored.`,
    matters: 'If it fails now, it starts with empty state.',
    recovered: 'can be restored again',
    trend: 'checkpoint',
  },
  'damaged-newest': {
    happened: ({ subject: job }) =>
      md`The newest checkpoint of ${named(job)} is damaged: a file that it references is missing or has another size.`,
    matters:
      'No other job continues from it. A restart from it fails, and Flink does not fall back to an older one by itself.',
    recovered: 'has a whole newest checkpoint again',
    trend: 'checkpoint',
  },
  'hazardous-rule': {
    happened: ({ value: rules }) =>
      md`${rules === null ? 'Lifecycle rules' : sized(rules, 'lifecycle rule')} of the bucket ${rules === 1 ? 'deletes' : 'delete'}, or will or may delete, files that checkpoints need.`,
    matters: 'Flink does not notice until a restore fails. Disable the rule first, then investigate.',
    recovered: 'No lifecycle rule reaches live state any more',
    trend: null,
  },
  'lost-state': {
    happened: ({ value: objects }) =>
      md`Somebody else than Flink and the steward has deleted ${objects === null ? 'live objects' : sized(objects, 'live object')}, and restore points are broken.`,
    matters: 'A restore from them fails. What deletes goes on until somebody stops it: do that first.',
    recovered: 'No live object was deleted for an hour',
    trend: null,
  },
  'guard-blind': {
    happened: () => md`The guard does not know what is live: no survey has told it lately.`,
    matters:
      'It still looks at what lifecycle rules delete, one checkpoint directory at a time, and can miss files that other jobs read. What people and tools delete of newer files it does not find.',
    recovered: 'A survey has told the guard what is live',
    trend: null,
  },
  'undecidable-root': {
    happened: ({ value: roots }) =>
      md`${roots === null ? 'Some checkpoints or savepoints' : sized(roots, 'checkpoint or savepoint', 'checkpoints or savepoints')} can't be read or judged.`,
    matters:
      'What they reference is unknown, so nothing in their area is deleted until this is fixed, and garbage piles up.',
    recovered: 'All checkpoints and savepoints can be read again',
    trend: null,
  },
  failing: {
    happened: ({ subject: name, value: times }) =>
      times === null
        ? md`The function ${named(name, 'of the steward')} fails.`
        : md`The function ${named(name, 'of the steward')} failed ${sized(times, 'time')} within an hour.`,
    matters:
      'The next run continues where this one ended. An interrupted run deletes nothing that a whole run would not.',
    recovered: 'runs without errors again',
    trend: null,
  },
  'collection-failed': {
    happened: ({ value: times }) =>
      md`${times === null ? 'A collection' : sized(times, 'collection')} failed: a function failed for good, or another run held the lease for hours.`,
    matters:
      'Garbage stays until a collection ends well. Its history in Step Functions says at which step it failed, and why.',
    recovered: 'Collections end well again',
    trend: null,
  },
  stopped: {
    happened: ({ value: runs }) =>
      md`${runs === null ? 'A run' : sized(runs, 'run')} of the steward stopped before it deleted what was planned.`,
    matters:
      'A breaker tripped: the area has changed in a way that needs checking. Nothing is deleted until somebody has checked it.',
    recovered: 'Runs go through again',
    trend: null,
  },
  'refused-deletions': {
    happened: ({ value: objects }) =>
      md`The store refused to delete ${objects === null ? 'some objects' : sized(objects, 'object')}.`,
    matters:
      'This garbage stays, and you pay for it, until the store allows it to be deleted. No live state is affected.',
    recovered: 'The store deletes again',
    trend: null,
  },
  'run-not-proven': {
    happened: ({ value: runs }) =>
      md`The second judge can't prove that ${runs === null ? 'a run' : sized(runs, 'run')} of the last week deleted only what it may.`,
    matters:
      'Either a rule was broken, and a restore point may be damaged, or somebody changed what the run left in the ledger.',
    recovered: 'No other run was found that is not proven',
    trend: null,
  },
  paused: {
    happened: ({ value: hours }) =>
      hours === null ? md`Deleting is paused.` : md`Deleting has been paused for ${duration(hours * HOUR)}.`,
    matters: 'Garbage piles up until somebody resumes deleting.',
    recovered: 'Deleting is not paused any more',
    trend: null,
  },
  silent: {
    happened: () => md`The steward has not scanned the area for three hours.`,
    matters: 'Nothing is measured meanwhile, so no other alarm can be trusted.',
    recovered: 'The steward scans the area again',
    trend: null,
  },
  'dead-letters': {
    happened: ({ subject: queue, value: messages }) =>
      md`${messages === null ? 'Events' : sized(messages, 'event')} could not be processed and ${messages === 1 ? 'waits' : 'wait'} in ${queue === null ? named(null, 'a dead-letter queue') : md`the queue ${named(queue)}`}.`,
    matters:
      'Lost checkpoint events do no harm. Invocations and alarm notifications in the queue were not carried out.',
    recovered: 'No events are waiting in the queue any more',
    trend: null,
  },
  'late-events': {
    happened: ({ value: seconds }) =>
      seconds === null
        ? md`The oldest event of a completed checkpoint has waited for more than half an hour.`
        : md`The oldest event of a completed checkpoint has waited for ${duration(seconds * 1_000)}.`,
    matters:
      'Jumps in size are reported later than within minutes. Nothing is lost: each survey finds the checkpoints by itself.',
    recovered: 'Events of checkpoints arrive in time again',
    trend: null,
  },
};

/** A label, a function or a queue in a sentence. */
export function named(subject: string | null, otherwise = 'a job'): Mrkdwn {
  return subject === null ? { mrkdwn: otherwise } : code(subject, 200);
}

/** `3.25`, `12.3`, `150`: as many digits as say something. */
export function decimal(value: number): string {
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return Number(value.toFixed(digits)).toLocaleString('en-US');
}

function sized(value: number, one: string, many?: string): string {
  return count(Math.round(value), one, many);
}
