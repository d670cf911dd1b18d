import { describe, expect, it } from 'vitest';
import { ALARMS } from '#core/signals/alarms.ts';
import type { SlackMessage } from '#core/slack/alarm-message.ts';
import { historyFileOf, writeHistories } from '#operations/ledger/job-histories.ts';
import { openLedger } from '#steward/open-ledger.ts';
import { brokenRules } from '#test/core/slack/block-kit.ts';
import { alarmName, alarmPayload, contributorId, kindOf, reasonOf, snsEvent } from '#test/functions/alarm-payload.ts';
import { NOW } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { documentOf, type Ran, steward } from './steward.ts';

const makeDirectory = useTempDirectories();

async function preview(
  document: unknown,
  options: readonly string[] = [],
  more: Record<string, string> = {},
): Promise<Ran> {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const cwd = await makeDirectory({ 'event.json': text, ...more });
  return await steward(cwd, ['slack-preview', 'event.json', ...options]);
}

function messageOf(ran: Ran): SlackMessage & { readonly kind: string; readonly state: string } {
  expect({ status: ran.status, err: ran.err }).toEqual({ status: 0, err: '' });
  const message = documentOf(ran) as never as SlackMessage & { kind: string; state: string };
  expect(brokenRules(message)).toEqual([]);
  return message;
}

const contributors = (...jobs: readonly string[]) => ({
  AlarmContributors: jobs.map((job) => ({
    ContributorId: contributorId(job),
    ContributorAttributes: { Job: job },
    StateReason: reasonOf(7),
    StateTransitionedTimestamp: '2026-11-22T06:00:00.000000+00:00',
  })),
});

describe('steward slack-preview', () => {
  it.each(
    ALARMS.flatMap(({ id }) => (['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const).map((state) => [id, state] as const)),
  )('prints the message of an alarm, as Slack takes it: %s, %s', async (id, state) => {
    const job = kindOf(id).source.of === 'job' ? 'orders-cdc' : undefined;
    const payload = alarmPayload(id, { state, at: NOW, ...(job === undefined ? {} : { job }) });

    const message = messageOf(await preview(snsEvent(payload), ['--json']));

    expect(message).toMatchObject({ alarm: alarmName(id), kind: id, state });
    expect(message.text).toContain(kindOf(id).title);
    expect(JSON.stringify(message.blocks)).not.toContain('runbook.md');
    expect(JSON.stringify(message.blocks).includes('steward --stack FlinkSteward ')).toBe(state !== 'OK');
  });

  it('prints what the Block Kit Builder takes', async () => {
    const { status, out } = await preview(alarmPayload('silent', { at: NOW }));
    expect(status).toBe(0);
    expect(Object.keys(JSON.parse(out))).toEqual(['blocks']);
  });

  it('shows what the ledger knows of the job, as the deployment would post it', async () => {
    // Prepare
    const cwd = await makeDirectory({
      'event.json': JSON.stringify(snsEvent(alarmPayload('late-checkpoint', { at: NOW, job: 'orders' }))),
      'steward.json': JSON.stringify({ area: ['s3://my-bucket/flink'] }),
    });
    const ledger = await openLedger('./ledger', cwd);
    const completions = [50, 40, 30, 20].map((minutes, at) => ({
      completed: NOW - (minutes + 44) * 60_000,
      jobId: 'a'.repeat(32),
      checkpointId: String(at),
      savepoint: false,
      bytes: 1e9,
      incrementBytes: null,
    }));
    await writeHistories(ledger, historyFileOf('orders'), [
      { label: 'orders', completions, measures: [], ended: false },
    ]);

    // Act
    const message = messageOf(await steward(cwd, ['slack-preview', 'event.json', '--ledger', './ledger', '--json']));

    // Assess
    const text = JSON.stringify(message.blocks);
    expect(text).toContain(
      'The newest checkpoint of `orders` completed 1 h 4 min ago. Usually one completes every 10 min.',
    );
    expect(text).toContain('*Newest checkpoint*\\n1.0 GB (usual: 1.0 GB)');
    expect(text).toContain(`steward --stack FlinkSteward declare-dead ${'a'.repeat(32)} --region eu-central-1`);
  });

  it('takes the alarm itself, a notification of SNS, and an event of Lambda', async () => {
    const payload = alarmPayload('silent', { at: NOW });
    const [bare, notification, event] = await Promise.all(
      [payload, { Type: 'Notification', Message: JSON.stringify(payload) }, snsEvent(payload)].map((one) =>
        preview(one, ['--json']),
      ),
    );
    expect(bare?.status).toBe(0);
    expect([notification?.out, event?.out]).toEqual([bare?.out, bare?.out]);
  });

  it('joins the jobs of several notifications', async () => {
    const jobs = Array.from({ length: 12 }, (_, at) => `job-${at + 1}`);
    const event = snsEvent(...jobs.map((job) => alarmPayload('budget', { at: NOW, job })));
    const message = messageOf(await preview(event, ['--json']));
    expect(message.text).toBe('🟡 Ticket: Storage budget will be reached: 12 jobs');
    expect(JSON.stringify(message)).toContain('*And 2 more*: `job-11`, `job-12`');
  });

  it('joins those that CloudWatch names, from a file or beside the event', async () => {
    const event = snsEvent(alarmPayload('budget', { at: NOW, job: 'a' }));
    const listed = contributors('a', 'b');
    const fromFile = await preview(event, ['--json', '--contributors', 'c.json'], { 'c.json': JSON.stringify(listed) });
    const beside = await preview({ ...event, ...listed }, ['--json']);
    expect(messageOf(fromFile).text).toBe('🟡 Ticket: Storage budget will be reached: 2 jobs');
    expect(beside.out).toBe(fromFile.out);
  });

  it.each([
    ['nothing that is JSON', '{', 'event.json'],
    [
      'another document',
      '{"a":1}',
      'event.json: The message is not a CloudWatch alarm: AlarmName, NewStateValue, StateChangeTime are missing. See docs/slack.md for its form.\n',
    ],
    ['an event of another kind', '{"Records":[{"s3":{}}]}', 'event.json: The message is not a CloudWatch alarm: '],
    ['no object', '[]', 'event.json: The message is not a CloudWatch alarm: it is not a JSON object. '],
    [
      'values of another kind',
      '{"AlarmName":1,"NewStateValue":"BAD","AlarmArn":null}',
      'alarm: StateChangeTime is missing; AlarmName is 1, but must be a string; NewStateValue is "BAD", but must be ALARM or OK or INSUFFICIENT_DATA. ',
    ],
    [
      'a message of another kind',
      JSON.stringify(snsEvent('hello')),
      'event.json: The message is not JSON, so it is not a CloudWatch alarm',
    ],
    [
      'an alarm without a time',
      JSON.stringify({ ...alarmPayload('silent', { at: NOW }), StateChangeTime: 'soon' }),
      'StateChangeTime is "soon", but is not in the form that CloudWatch writes.',
    ],
    [
      'several alarms',
      JSON.stringify(snsEvent(alarmPayload('silent', { at: NOW }), alarmPayload('paused', { at: NOW }))),
      'event.json contains changes of several alarms',
    ],
    [
      'other contributors',
      JSON.stringify({ ...alarmPayload('silent', { at: NOW }), AlarmContributors: [{}] }),
      'event.json: AlarmContributors is not a list of contributors as CloudWatch prints it: AlarmContributors.0.ContributorId, AlarmContributors.0.ContributorAttributes are missing. ',
    ],
  ])('refuses %s in a sentence, as wrong usage', async (_, document, sentence) => {
    const { status, out, err } = await preview(document);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(sentence);
    expect(err).not.toContain('    at ');
  });

  it('refuses a file that is not there', async () => {
    const cwd = await makeDirectory({});
    expect(await steward(cwd, ['slack-preview', 'event.json'])).toMatchObject({
      status: 2,
      out: '',
      err: expect.stringContaining("event.json can't be read: no such file"),
    });
  });
});
