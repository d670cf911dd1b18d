import * as z from 'zod';
import type { AlarmChanges } from '#core/slack/telling.ts';
import { BadEventError, parseEvent } from '#functions/shared/bad-event.ts';
import { deployedConfig } from '#functions/shared/deployed-config.ts';
import { DeploymentError, ENV, requireEnv } from '#functions/shared/environment.ts';
import { FUNCTION_METRICS, type Runtime } from '#functions/shared/runtime.ts';
import { openLedger } from '#steward/open-ledger.ts';
import { alarmOfMessage, NotificationError, snsEventSchema } from '#steward/slack/alarm-notification.ts';
import { type Notified, type Notifier, notify, OUTCOMES } from '#steward/slack/notify.ts';
import { savepointsIn } from '#steward/slack/savepoints-in.ts';
import { SlackChannel } from '#steward/slack/slack-channel.ts';

/** Posts alarms to Slack: each change once, with all its jobs in one message, also those of several records. */

export const eventSchema = snsEventSchema;

export const answerSchema = z.object({
  alarms: z.array(
    z.object({
      alarm: z.string(),
      state: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
      outcome: z.enum(OUTCOMES).describe('posted: a message was sent. known: Slack had this change already'),
      subjects: z.number().describe('number of jobs, functions or queues in the message'),
    }),
  ),
});

/**
 * @throws BadEventError, DeploymentError, SlackError, SecretError; then Lambda retries the invocation twice, and sends the
 * event to the on-failure destination. Messages that were posted before are not posted again.
 */
export async function notifySlackHandler(event: unknown, runtime: Runtime): Promise<z.output<typeof answerSchema>> {
  const { Records } = parseEvent('notify-slack', eventSchema, event);
  const config = await deployedConfig(runtime.environment);
  const { slack } = config.signals;
  if (slack === undefined) {
    throw new DeploymentError(
      'signals.slack of steward.json is not set, so there is no channel to post to. Nothing was posted. Set it and deploy again.',
    );
  }
  const { environment } = runtime;
  const notifier: Notifier = {
    services: runtime,
    stack: environment[ENV.stack] ?? null,
    savepoints: savepointsIn(config.area, environment[ENV.bucket]),
    signsReport: slack.reportLink,
    readsStates: config.states !== undefined,
    runbook: environment[ENV.runbook],
    dashboard: environment[ENV.dashboard],
    currency: config.prices?.currency ?? 'USD',
    ledger: await openLedger(requireEnv(runtime.environment, ENV.ledger), '/', runtime.connection ?? {}),
    channel: new SlackChannel(slack.secretName, runtime),
  };
  const alarms: Notified[] = [];
  const failures: unknown[] = [];
  // A failure of one message must not keep back the others of the event.
  const groups = new Map<string, AlarmChanges>();
  for (const { Sns } of Records) {
    try {
      const change = changeOf(Sns.Message);
      const key = JSON.stringify([change.alarm, change.state]);
      const known = groups.get(key);
      groups.set(key, known === undefined ? [change] : [...known, change]);
    } catch (error) {
      failures.push(error);
    }
  }
  for (const changes of groups.values()) {
    try {
      alarms.push(await notify(changes, notifier));
    } catch (error) {
      failures.push(error);
    }
  }
  runtime.count(FUNCTION_METRICS.slackMessages, alarms.filter(({ outcome }) => outcome === 'posted').length);
  if (failures.length > 0) {
    throw failures[0];
  }
  return { alarms };
}

function changeOf(message: string) {
  try {
    return alarmOfMessage(message);
  } catch (error) {
    if (!(error instanceof NotificationError)) throw error;
    throw new BadEventError(
      `The event is not one that notify-slack understands: ${error.message} Nothing was posted. See docs/slack.md for its form.`,
      { cause: error },
    );
  }
}
