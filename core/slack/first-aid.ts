import { disablingCommand, type TakingRule } from '../lifecycle/disable-rule.ts';
import { shellWord } from '../shell-word.ts';
import type { AlarmId } from '../signals/alarms.ts';
import { type AskedStack, stackCommand } from '../stack-command.ts';

/** What to do about an alarm: the runbook in short, so that nobody has to find the page first. */

/** A command to paste, and what it is for. */
export interface Action {
  readonly title: string;
  readonly command: string;
}

/** What is known of an alarm when the commands are written. */
export interface Case extends AskedStack {
  /** Label of the only job that it is about; null where there are several, or none. */
  readonly job: string | null;
  /** Flink's id of that job; null where it is not known. */
  readonly jobId: string | null;
  /** Name in AWS of the function or the queue; null where it is about something else. */
  readonly resource: string | null;
  /** Name of the run that stopped, or did only a part; null where none is known. */
  readonly run: string | null;
  readonly rules: readonly TakingRule[];
  /** Where a savepoint may be written: a URL. Null where nobody knows. */
  readonly savepoints: string | null;
  /** Whether the deployment may read state files. @default false */
  readonly readsStates?: boolean;
}

interface FirstAid {
  /** In the order in which they are done. */
  readonly steps: readonly string[];
  /** The most urgent first. */
  readonly actions: (about: Case) => readonly Action[];
}

/** Of every alarm; the page of the runbook has more on each. */
export const FIRST_AID: Readonly<Record<AlarmId, FirstAid>> = {
  'size-jump': {
    steps: [
      "Look at what was deployed at that time, and in Flink's web UI at which operator's state has grown: keys that grow without end, windows or joins without a TTL, watermarks that stand still.",
      'If the new size is intended, do nothing: after four days it is the usual one.',
    ],
    actions: (about) => [steward(about, 'To see the job', 'audit', ...ofJob(about)), ...states(about)],
  },
  budget: {
    steps: [
      'If live bytes grow, the state itself grows, usually because a TTL is missing. If garbage grows, see whether deleting is paused or stopped.',
      'If the growth is intended, give the job a larger "signals.budget".',
    ],
    actions: (about) => [steward(about, 'To see the job', 'audit', ...ofJob(about)), ...states(about)],
  },
  'reclaimable-share': {
    steps: [
      'See whether anything is deleted at all: "mode" in steward.json is "collect", deleting is not paused, no breaker stops it, and every checkpoint can be read.',
      'A job that restarts again and again leaves the files of each failed attempt behind.',
    ],
    actions: (about) => [
      steward(about, 'To see what the last runs did', 'history'),
      steward(about, 'To see what may go, and when', 'plan'),
    ],
  },
  'late-checkpoint': {
    steps: [
      "If the job runs, look in Flink's web UI at failed and declined checkpoints, at backpressure, and at refusals by S3.",
      'If it has been cancelled for good, declare it dead, or wait until it counts as ended.',
    ],
    actions: (about) => [
      steward(about, 'To see what it can be restored from', 'restore-points', ...ofJob(about)),
      ...(about.jobId === null ? [] : [steward(about, 'If it has ended for good', 'declare-dead', about.jobId)]),
    ],
  },
  'no-restore-point': {
    steps: [
      'If the job runs, it can still write its state: take a savepoint now, before it restarts.',
      'Pause deleting, and look at which files are missing, and what deleted them: a lifecycle rule, a person, another tool.',
    ],
    actions: (about) => [
      ...savepoint('Take a savepoint now', about),
      steward(about, 'Pause deleting', 'pause', '--why', 'no restore point'),
      steward(about, 'To see what is missing', 'restore-points', ...ofJob(about)),
    ],
  },
  'damaged-newest': {
    steps: [
      'If the missing files are elsewhere in the area, restore-points prints the commands that copy them to their place.',
      'If a shared file is missing, the next checkpoints of the job are damaged too: take a savepoint while it runs.',
    ],
    actions: (about) => [
      steward(about, 'To see what is missing, and what repairs it', 'restore-points', ...ofJob(about)),
      ...savepoint('Take a savepoint', about),
      steward(about, 'Pause deleting', 'pause', '--why', 'newest checkpoint is damaged'),
    ],
  },
  'hazardous-rule': {
    steps: [
      'Disable the rule first: S3 applies rules once a day, and an expired object is gone unless the bucket keeps versions.',
      'Tell whoever owns the rule (Terraform, CloudFormation, a person), so that it does not come back.',
    ],
    actions: (about) => [...disabling(about), steward(about, 'To see what it takes, and safe rules', 'rules', 'check')],
  },
  'lost-state': {
    steps: [
      'Stop what deletes: disable the lifecycle rule, or the tool or person that the message names.',
      'A job that runs still has its state: take a savepoint (in canonical format, which is the default) before it restarts. In a bucket that keeps versions, deleting the delete markers brings the objects back.',
    ],
    actions: (about) => [
      ...disabling(about),
      ...savepoint('Take a savepoint now', about),
      steward(about, 'To see what is broken', 'restore-points', ...ofJob(about)),
      ...(about.rules.length === 0
        ? []
        : [steward(about, 'To see what the rules take, and safe ones', 'rules', 'check')]),
    ],
  },
  'guard-blind': {
    steps: [
      'See whether the function survey ends, and whether its log says why what is live could not be left for the guard.',
      'An area that is collected in shards has no such survey: set "guard" to "off", or look with steward watch.',
    ],
    actions: (about) => [
      steward(about, 'To see when it last ran', 'history'),
      steward(about, 'To see what is broken', 'restore-points'),
    ],
  },
  'undecidable-root': {
    steps: [
      'The audit names each root, the reason, and what helps: a truncated upload, a missing permission, an archive class, a bucket without its alias.',
      'Nothing is deleted meanwhile, so this can wait until somebody knows the job.',
    ],
    actions: (about) => [steward(about, 'To see which, and why', 'audit')],
  },
  failing: {
    steps: [
      'Read its log: an expected error is one sentence. It lacks a permission, time, memory, or a quota of concurrent executions.',
    ],
    actions: (about) => [...logOf(about), steward(about, 'To see what the last runs did', 'history')],
  },
  'collection-failed': {
    steps: [
      'Read the cause of the newest failed execution, in the console of Step Functions: one sentence, with the runs of that collection. The state machine is the stack output CollectionStateMachineArn.',
      'A lease that is held for hours belongs to a run that the cause names. An area that is too large for the time of a function needs more memory, or to be narrower.',
    ],
    actions: (about) => [steward(about, 'To see what the last runs did', 'history')],
  },
  stopped: {
    steps: [
      'Find out what happened: a prefix was renamed, a location removed from the area, a bucket emptied or restored, a large job given up.',
      'If that is right, say so with --accept and the name of the breaker. The breaker deleted-is-named must never trip: pause, and see SECURITY.md.',
    ],
    actions: (about) => [
      about.run === null
        ? steward(about, 'To see which breaker', 'history')
        : steward(about, 'To see that run', 'history', '--run', about.run),
      steward(about, 'To see what a run would delete', 'plan'),
    ],
  },
  'refused-deletions': {
    steps: [
      'AccessDenied: the role may not delete there, or a policy of the bucket or the organisation denies it. The record of the run has the statement to grant.',
      'Objects under Object Lock stay until their lock ends.',
    ],
    actions: (about) => [
      about.run === null
        ? steward(about, 'To see what was refused', 'history')
        : steward(about, 'To see what was refused', 'history', '--run', about.run),
    ],
  },
  'run-not-proven': {
    steps: [
      'Pause deleting. Then let verify-run say which rule was broken, or what was changed in the ledger.',
      'If a checkpoint references a deleted object, bring it back with undo while the bucket has versions, and see SECURITY.md.',
    ],
    actions: (about) => [
      steward(about, 'To pause deleting', 'pause'),
      steward(about, 'To see what is wrong', 'verify-run', '--last', '20'),
      steward(about, 'To see what is broken', 'restore-points'),
    ],
  },
  paused: {
    steps: ['The history tells who paused it, when and why. Resume it when that reason is over.'],
    actions: (about) => [steward(about, 'To see who paused it', 'history'), steward(about, 'To resume', 'resume')],
  },
  silent: {
    steps: [
      'See whether the schedules are on ("deploy.schedules"), and whether the function survey fails.',
      'Until it surveys again, trust no other alarm on jobs.',
    ],
    actions: (about) => [
      steward(about, 'To see when it last ran', 'history'),
      steward(about, 'To survey by hand', 'audit'),
    ],
  },
  'dead-letters': {
    steps: [
      'Read the messages: a failure says what it was. They expire after 14 days.',
      'If Slack no longer takes the webhook, create a new one and write its URL into the secret.',
    ],
    actions: (about) => [...messagesOf(about), steward(about, 'To see what the last runs did', 'history')],
  },
  'late-events': {
    steps: [
      'Read the log of the function checkpoint-completed: errors raise an alarm of their own. Without errors, more checkpoints complete than it can take in, or Lambda turns its starts away.',
      'This can wait: each survey finds the checkpoints by itself.',
    ],
    actions: (about) => [steward(about, 'To see what the last runs did', 'history')],
  },
};

function steward(about: Case, title: string, ...words: readonly string[]): Action {
  return { title, command: stackCommand(about, words) };
}

function ofJob({ job }: Case): readonly string[] {
  return job === null ? [] : ['--job', job];
}

function disabling({ rules, region }: Case): readonly Action[] {
  return rules.map((rule) => ({
    title: `Disable the rule ${rule.id ?? rule.position} of ${rule.bucket}`,
    command: disablingCommand(rule, region),
  }));
}

/** By Flink's own client: the steward neither knows nor needs a way to the cluster. */
function savepoint(title: string, { job, jobId, savepoints }: Case): readonly Action[] {
  const to = savepoints === null ? [] : [savepoints];
  if (jobId !== null) {
    return [{ title, command: ['flink', 'savepoint', jobId, ...to].map(shellWord).join(' ') }];
  }
  const whose = job === null ? 'of each job' : `of ${job}`;
  return [
    { title: `${title}: first the id ${whose}`, command: 'flink list --running' },
    { title, command: ['flink', 'savepoint', 'JOB_ID', ...to].map(shellWord).join(' ') },
  ];
}

function logOf({ resource, region }: Case): readonly Action[] {
  if (resource === null) return [];
  const at = inRegion(region);
  const group = `aws lambda get-function-configuration --function-name ${shellWord(resource)}${at} --query LoggingConfig.LogGroup --output text`;
  return [{ title: 'Its log', command: `aws logs tail "$(${group})"${at} --since 2h --format short` }];
}

function messagesOf({ resource, region }: Case): readonly Action[] {
  if (resource === null) return [];
  const at = inRegion(region);
  const url = `aws sqs get-queue-url --queue-name ${shellWord(resource)}${at} --query QueueUrl --output text`;
  return [
    {
      title: 'The messages, which stay in the queue',
      command: `aws sqs receive-message --queue-url "$(${url})"${at} --max-number-of-messages 10 --visibility-timeout 0 --message-attribute-names All`,
    },
  ];
}

function inRegion(region: string | null): string {
  return region === null ? '' : ` --region ${shellWord(region)}`;
}

function states(about: Case): readonly Action[] {
  return about.readsStates === true ? [steward(about, 'To see its states', 'states', ...ofJob(about))] : [];
}
