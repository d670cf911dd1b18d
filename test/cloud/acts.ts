import { alarmPayload, snsEvent } from '#test/functions/alarm-payload.ts';
import type { RecordedBucket } from '#test/support/corpus.ts';
import type { Anything } from './aws.ts';
import { eventually } from './eventually.ts';
import { expiredNotification, liveFileOf } from './losses.ts';
import { rootsOf } from './recordings.ts';
import type { SlackChannel } from './slack.ts';
import type { Team } from './team.ts';

/** What a team sees when a function does its work; something else where it could not do all of it. */
export type Act = () => Promise<unknown>;

/** What is asked of each function, by its logical id. */
export class Acts {
  readonly #team: Team;
  readonly #slack: SlackChannel;
  readonly #recording: RecordedBucket;
  #alarms = 0;

  constructor(team: Team, slack: SlackChannel, recording: RecordedBucket) {
    this.#team = team;
    this.#slack = slack;
    this.#recording = recording;
  }

  /** Functions by logical id, each with the logs that tell of its failures. */
  readonly all: Readonly<Record<string, Act>> = {
    StewardCheckpointCompleted: async () => await this.#checkpointCompleted(),
    StewardSurvey: async () => said(await this.#team.invoke('StewardSurvey', {})),
    StewardCollect: async () => said(await this.#team.invoke('StewardCollect', {})),
    StewardLifecycleRules: async () => await this.#rules(),
    StewardManual: async () => await this.#manual(),
    StewardOnDeploy: async () => await this.#onDeploy(),
    StewardNotifySlack: async () => await this.#notify(),
    StewardSweep: async () => await this.#collection(),
    StewardUndo: async () => await this.#undo(),
    StewardGuard: async () => await this.#guard(),
  };

  /** Puts back what an act has deleted. */
  async tidy(): Promise<void> {
    const { length } = this.#recording.objects;
    const [swept] = (await this.#team.runs()).filter(({ deleted }) => deleted.objects > 0).reverse();
    if (swept === undefined || (await this.#keys()) > length) return;
    await this.#team.manual({ action: 'undo', run: swept.run, execute: true });
    await eventually(
      () => this.#keys(),
      (keys) => keys > length,
    );
  }

  /** Has the next run read them again. */
  async forgetRoots(): Promise<void> {
    const Bucket = this.#team.outputs.LedgerBucketName ?? '';
    for (const Key of await this.#team.buckets.keys(Bucket, 'roots/')) {
      await this.#team.aws.call('s3', 'delete_object', { Bucket, Key });
    }
  }

  async #keys(): Promise<number> {
    return (await this.#team.buckets.keys(this.#recording.bucket)).length;
  }

  async #checkpointCompleted(): Promise<unknown> {
    const [there = ''] = rootsOf(this.#recording);
    // Of what is gone S3 says that it is denied to whom may not list.
    const Records = [there, there.replace(/chk-\d+/, 'chk-0')].map((key, messageId) => {
      const s3 = { bucket: { name: this.#recording.bucket }, object: { key } };
      const event = { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3 };
      return { messageId: String(messageId), body: JSON.stringify({ Records: [event] }) };
    });
    return await this.#team.invoke('StewardCheckpointCompleted', { Records });
  }

  async #rules(): Promise<unknown> {
    await this.#team.aws.call('s3', 'delete_bucket_lifecycle', { Bucket: this.#recording.bucket });
    return await this.#team.invoke('StewardLifecycleRules', { restore: true });
  }

  async #manual(): Promise<unknown> {
    const answers: unknown[] = [];
    for (const action of ['audit', 'plan', 'restore-points', 'rules', 'history']) {
      answers.push(said(await this.#team.manual({ action })));
    }
    answers.push(said(await this.#team.manual({ action: 'rules', execute: true })));
    const root = `s3://${this.#recording.bucket}/${rootsOf(this.#recording)[0]?.replace('/_metadata', '')}`;
    answers.push(said(await this.#team.manual({ action: 'pin', root })));
    answers.push(said(await this.#team.manual({ action: 'unpin', root, execute: true })));
    return [...answers, await this.#collection()];
  }

  async #onDeploy(): Promise<unknown> {
    const { Stacks } = await this.#team.aws.call('cloudformation', 'describe_stacks', {
      StackName: this.#team.stack.name,
    });
    const request = {
      RequestType: 'Update',
      ResponseURL: this.#slack.webhook,
      StackId: Stacks[0].StackId,
      RequestId: '1',
      LogicalResourceId: 'StewardDeployed',
    };
    const properties = { Notifications: [], Area: ['s3://a'], MayDropArea: 'false' };
    const ask = async (old: object) =>
      await this.#team.invoke('StewardOnDeploy', {
        ...request,
        ResourceProperties: properties,
        OldResourceProperties: old,
      });
    return [await ask(properties), await ask({ ...properties, Area: ['s3://a', 's3://b'] })];
  }

  async #notify(): Promise<unknown> {
    // Its process remembers the secret.
    await this.#team.stack.restart('StewardNotifySlack');
    const before = this.#slack.posted.length;
    const state = this.#alarms++ % 2 === 0 ? 'ALARM' : 'OK';
    const event = snsEvent(alarmPayload('no-restore-point', { state, at: Date.now() }));
    const answer = await this.#team.invoke('StewardNotifySlack', event);
    return [answer, this.#slack.posted.length - before];
  }

  /** A live file goes, and is written again once the guard has told of it. */
  async #guard(): Promise<unknown> {
    const { bucket } = this.#recording;
    const { buckets } = this.#team;
    const key = liveFileOf(this.#recording);
    await this.#team.invoke('StewardSurvey', {});
    const content = await buckets.content(bucket, key);
    await buckets.remove(bucket, key);
    try {
      const body = JSON.stringify(expiredNotification(bucket, key));
      const { lost, summary } = await this.#team.invoke('StewardGuard', { Records: [{ messageId: '0', body }] });
      return [lost, summary];
    } finally {
      await buckets.put(bucket, key, content);
    }
  }

  /** A plan that a person executes. */
  async #collection(): Promise<unknown> {
    const { plan } = await eventually(
      () => this.#team.manual({ action: 'plan' }),
      ({ objects, error }) => objects === this.#recording.may_delete.length || error !== undefined,
    );
    if (plan === undefined) return 'There is no plan.';
    const { error } = await this.#team.manual({ action: 'apply', plan, execute: true });
    if (error !== undefined) return error;
    const { status, output } = await this.#team.stack.lastExecution();
    return [status, said(output), await this.#keys()];
  }

  async #undo(): Promise<unknown> {
    const collected = await this.#collection();
    const [swept] = (await this.#team.runs()).filter(({ deleted }) => deleted.objects > 0).reverse();
    const answer = await this.#team.invoke('StewardUndo', { run: swept?.run });
    return [collected, answer, await this.#keys()];
  }
}

/** What an answer says of how it went, without numbers that are others each time. */
function said(answer: Anything): unknown {
  const { result, why, breakers, notes, error, unknown, undecidable, executed } = answer ?? {};
  return { result, why, breakers, notes, error, unknown, undecidable, executed };
}
