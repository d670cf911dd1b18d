import { randomUUID } from 'node:crypto';
import { alarmContributors } from '#adapters/aws/alarm-contributors.ts';
import type { AlarmChange, AlarmState } from '#core/slack/alarm-change.ts';
import { type InAlarm, type Telling, type ToldAlarms, whatToTell } from '#core/slack/telling.ts';
import { BusyError, ToldAlarm } from '#operations/ledger/told-alarms.ts';
import type { Surroundings } from '#steward/surroundings.ts';
import { type MessageSources, messageOf } from './message-of.ts';
import type { SlackChannel } from './slack-channel.ts';

/** Tells of one change of one alarm, unless people have heard of it. */

export const OUTCOMES = ['posted', 'known'] as const;

export interface Notified {
  readonly alarm: string;
  readonly state: AlarmState;
  readonly outcome: (typeof OUTCOMES)[number];
  readonly subjects: number;
}

export interface Notifier extends MessageSources {
  readonly channel: SlackChannel;
}

/** After so long whoever is telling has died: longer than Lambda lets the function run, in milliseconds. */
const CLAIM = 180_000;
const PAUSE = 1_000;
const MOST_PAUSES = 60;
/** What telling takes, once the claim is there. */
const LEAST_TIME = 20_000;

/** @throws SlackError, SecretError, BusyError */
export async function notify(change: AlarmChange, notifier: Notifier): Promise<Notified> {
  const { around } = notifier;
  const active = change.overMany ? await activeOf(change, around) : null;
  const record = new ToldAlarm(notifier.ledger, change.alarm, randomUUID());
  const telling = await claimed(change, active, record, around);
  const { alarm, state } = change;
  if (telling === null) {
    around.log('info', `People know already that ${alarm} is in the state ${state}.`);
    return { alarm, state, outcome: 'known', subjects: 0 };
  }
  try {
    await notifier.channel.send(await messageOf(change, telling, active ?? [], notifier));
  } catch (error) {
    await released(record, null, around);
    throw error;
  }
  await released(record, telling.told, around);
  around.log('info', `Slack was told that ${alarm} is in the state ${state}.`, { subjects: telling.news.length });
  return { alarm, state, outcome: 'posted', subjects: telling.news.length };
}

/** The series in alarm; null where CloudWatch can't be asked: then the notification alone has to do. */
async function activeOf({ alarm }: AlarmChange, around: Surroundings): Promise<readonly InAlarm[] | null> {
  try {
    return await alarmContributors(alarm);
  } catch (error) {
    around.log('warn', `CloudWatch does not say which jobs ${alarm} is about (${sentenceOf(error)}).`);
    return null;
  }
}

/**
 * What is to be told, with the claim on the alarm; null where there is nothing. Two notifications of one change run side
 * by side: whoever comes second waits, and then sees that it was told.
 */
async function claimed(
  change: AlarmChange,
  active: readonly InAlarm[] | null,
  record: ToldAlarm,
  around: Surroundings,
): Promise<Telling | null> {
  const decide = (told: ToldAlarms) => whatToTell(change, active, told, around.clock());
  for (let pause = 0; pause < MOST_PAUSES && around.remaining() > LEAST_TIME; pause++) {
    try {
      if (decide(await record.read()) === null) return null;
      const claim = await record.claim(around.clock(), CLAIM);
      if (claim.claimed) {
        const telling = decide(claim.told);
        if (telling === null) await released(record, null, around);
        return telling;
      }
    } catch (error) {
      // Better told twice than never.
      around.log('warn', `The ledger can't say what was told before (${sentenceOf(error)}), so it is told anyway.`);
      return decide(new Map());
    }
    await around.sleep(PAUSE);
  }
  throw new BusyError(
    `Another message about ${change.alarm} is on its way and does not end. This one is tried again later.`,
  );
}

async function released(record: ToldAlarm, told: ToldAlarms | null, around: Surroundings): Promise<void> {
  try {
    await record.release(told);
  } catch (error) {
    around.log('warn', `The ledger can't remember what was told (${sentenceOf(error)}): it may be told again.`);
  }
}

function sentenceOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
