import { randomUUID } from 'node:crypto';
import type { AlarmChange, AlarmState } from '#core/slack/alarm-change.ts';
import { type AlarmChanges, type InAlarm, type Telling, type ToldAlarms, whatToTell } from '#core/slack/telling.ts';
import { BusyError, ToldAlarm } from '#operations/ledger/told-alarms.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { Services } from '#steward/services.ts';
import { type MessageSources, messageOf } from './message-of.ts';
import type { SlackChannel } from './slack-channel.ts';

/** Posts the changes of one alarm to one state to Slack, in one message, unless they were posted before. */

export const OUTCOMES = ['posted', 'known'] as const;

export interface Notified {
  readonly alarm: string;
  readonly state: AlarmState;
  readonly outcome: (typeof OUTCOMES)[number];
  readonly subjects: number;
}

export interface Notifier extends MessageSources {
  readonly services: Services;
  readonly ledger: LedgerStore;
  readonly channel: SlackChannel;
}

/** How long a claim holds, in milliseconds: longer than the time-out of the function, so its owner no longer runs. */
const CLAIM = 180_000;
const PAUSE = 1_000;
const MOST_PAUSES = 60;
/** The least time to post a message after the claim, in milliseconds. */
const LEAST_TIME = 20_000;

/** @param changes of one alarm to one state. @throws SlackError, SecretError, BusyError */
export async function notify(changes: AlarmChanges, notifier: Notifier): Promise<Notified> {
  const { services } = notifier;
  const [change] = changes;
  const active = change.overMany ? await activeOf(change, services) : null;
  const record = new ToldAlarm(notifier.ledger, change.alarm, randomUUID());
  const telling = await claimed(changes, active, record, services);
  const { alarm, state } = change;
  if (telling === null) {
    services.log('info', `The state ${state} of ${alarm} was posted to Slack before.`);
    return { alarm, state, outcome: 'known', subjects: 0 };
  }
  try {
    await notifier.channel.send(await messageOf(change, telling, seriesOf(changes, active ?? []), notifier));
  } catch (error) {
    await released(record, null, services);
    throw error;
  }
  await released(record, telling.told, services);
  services.log('info', `The state ${state} of ${alarm} was posted to Slack.`, { subjects: telling.news.length });
  return { alarm, state, outcome: 'posted', subjects: telling.news.length };
}

/** The series in alarm; null if CloudWatch can't be asked. Then only the notification is used. */
async function activeOf({ alarm }: AlarmChange, services: Services): Promise<readonly InAlarm[] | null> {
  try {
    const { alarmContributors } = await import('#adapters/aws/alarm-contributors.ts');
    return await alarmContributors(alarm);
  } catch (error) {
    services.log(
      'warn',
      `CloudWatch did not list the jobs of the alarm ${alarm} (${sentenceOf(error)}). The message contains only the job in the notification.`,
    );
    return null;
  }
}

/**
 * What to post, with the claim on the alarm; null if there is nothing to post. Two notifications of one change can run in
 * parallel: the second one waits, and then finds that the change was posted.
 */
async function claimed(
  changes: AlarmChanges,
  active: readonly InAlarm[] | null,
  record: ToldAlarm,
  services: Services,
): Promise<Telling | null> {
  const decide = (told: ToldAlarms) => whatToTell(changes, active, told, services.clock());
  for (let pause = 0; pause < MOST_PAUSES && services.remaining() > LEAST_TIME; pause++) {
    try {
      if (decide(await record.read()) === null) return null;
      const claim = await record.claim(services.clock(), CLAIM);
      if (claim.claimed) {
        const telling = decide(claim.told);
        if (telling === null) await released(record, null, services);
        return telling;
      }
    } catch (error) {
      // A message that is posted twice is better than a missing one.
      services.log(
        'warn',
        `The ledger can't be read (${sentenceOf(error)}), so it is not known whether this alarm was posted before. It is posted now.`,
      );
      return decide(new Map());
    }
    await services.sleep(PAUSE);
  }
  throw new BusyError(
    `Another message about ${changes[0].alarm} is still being posted. This message was not posted; Lambda retries it later.`,
  );
}

/** All that is known of the series: what CloudWatch lists says more than the notifications. */
function seriesOf(changes: AlarmChanges, active: readonly InAlarm[]): readonly InAlarm[] {
  const told = changes.flatMap(({ contributor, reason, at }) =>
    contributor === null ? [] : [{ ...contributor, reason, since: at }],
  );
  return [...active, ...told];
}

async function released(record: ToldAlarm, told: ToldAlarms | null, services: Services): Promise<void> {
  try {
    await record.release(told);
  } catch (error) {
    services.log('warn', `The ledger can't be written (${sentenceOf(error)}). The same message may be posted again.`);
  }
}

function sentenceOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
