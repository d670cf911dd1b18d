import { describe, expect, it } from 'vitest';
import { ALARMS, type AlarmId } from '#core/signals/alarms.ts';
import type { JobHistory } from '#core/signals/job-history.ts';
import { ENV } from '#functions/shared/environment.ts';
import { FUNCTION_METRICS, type Runtime } from '#functions/shared/runtime.ts';
import { rememberHazards } from '#operations/ledger/hazards.ts';
import { historyFileOf, writeHistories } from '#operations/ledger/job-histories.ts';
import { writeNewestRestorePoints } from '#operations/ledger/newest-restore-points.ts';
import { openLedger } from '#steward/open-ledger.ts';
import { brokenRules } from '#test/core/slack/block-kit.ts';
import { NOW } from '#test/support/played-job.ts';
import { alarmName, alarmPayload, kindOf, snsEvent } from './alarm-payload.ts';
import { AREA, type Deployed, LEDGER, ledgerKeys, MINUTE, useDeployments } from './deployed.ts';
import { notifySlackHandler, surveyHandler } from './handlers.ts';
import { useStandIns } from './stand-ins.ts';

const deploy = useDeployments();
const standIns = useStandIns();
const DAY = 24 * 60 * MINUTE;
const DASHBOARD = 'FlinkSteward-Dashboard';

/** Of the secret: the function keeps what it has read of each. */
let deployments = 0;

async function deployed(): Promise<Deployed> {
  deployments++;
  return await deploy({ area: [AREA], signals: { slack: { secretName: `webhook-${deployments}` } } }, () => {});
}

function hostOf(one: Deployed, changes: Partial<Runtime> = {}): Runtime {
  const environment = {
    ...one.environment,
    [ENV.stack]: 'TheStack',
    [ENV.runbook]: 'https://example.org/docs/runbook.md',
    [ENV.dashboard]: DASHBOARD,
  };
  return one.runtime({ environment, ...changes });
}

/** All text of the messages that were posted, each held against Slack's rules. */
function posted(): readonly string[] {
  return standIns().posted.map(({ body }) => {
    expect(brokenRules(body as never)).toEqual([]);
    return JSON.stringify(body.blocks).replaceAll(/\\n/g, ' ').replaceAll('\\"', '"');
  });
}

function inAlarm(id: AlarmId, ...jobs: readonly string[]): void {
  standIns().inAlarm.set(
    alarmName(id),
    jobs.map((job) => ({ job, since: NOW, value: 4.2 })),
  );
}

function alarm(id: AlarmId, job?: string, at = NOW): object {
  return snsEvent(alarmPayload(id, { at, ...(job === undefined ? {} : { job }) }));
}

function over(id: AlarmId, job?: string, at = NOW + 2 * 60 * MINUTE): object {
  return snsEvent(alarmPayload(id, { state: 'OK', at, ...(job === undefined ? {} : { job }) }));
}

describe('notify-slack', () => {
  it.each(ALARMS.map(({ id }) => id))('posts one message for an alarm, and one when it is over: %s', async (id) => {
    // Prepare
    const one = await deployed();
    const isOfJobs = kindOf(id).source.of === 'job';
    const job = isOfJobs ? 'orders-cdc' : undefined;
    if (isOfJobs) inAlarm(id, 'orders-cdc');

    // Act
    const first = await notifySlackHandler(alarm(id, job), hostOf(one));
    standIns().inAlarm.clear();
    const second = await notifySlackHandler(over(id, job), hostOf(one));

    // Assess
    expect([first, second]).toEqual([
      { alarms: [{ alarm: alarmName(id), state: 'ALARM', outcome: 'posted', subjects: 1 }] },
      { alarms: [{ alarm: alarmName(id), state: 'OK', outcome: 'posted', subjects: 1 }] },
    ]);
    const [told, recovered] = posted();
    expect(told).toContain(`${kindOf(id).severity === 'page' ? '🔴 Page' : '🟡 Ticket'}: ${kindOf(id).title}`);
    expect(told).toContain(`<https://example.org/docs/runbook.md#${kindOf(id).runbook}|Runbook>`);
    expect(told).toContain('steward --stack TheStack ');
    expect(told).toContain(`#dashboards/dashboard/${DASHBOARD}|Dashboard>`);
    expect(told).toContain(`#alarmsV2:alarm/${alarmName(id)}|Alarm>`);
    expect(told?.includes('`orders-cdc`')).toBe(isOfJobs);
    expect(recovered).toContain(`✅ Over: ${kindOf(id).title}`);
    expect(recovered).toContain('It was in alarm for 2 h.');
    expect(one.counted.get(FUNCTION_METRICS.slackMessages)).toBe(2);
  });

  it('names the function that fails and the queue that fills', async () => {
    const one = await deployed();
    await notifySlackHandler(alarm('failing'), hostOf(one));
    await notifySlackHandler(alarm('dead-letters'), hostOf(one));
    expect(posted()[0]).toContain('The function `survey-fn` failed 4 times within an hour.');
    expect(posted()[0]).toContain(
      'aws lambda get-function-configuration --function-name survey-fn --region eu-central-1 ',
    );
    expect(posted()[1]).toContain('4 events could not be processed and wait in the queue `failures-q`.');
  });

  it('tells all jobs in one message, whichever of their notifications comes first', async () => {
    // Prepare
    const one = await deployed();
    const jobs = Array.from({ length: 37 }, (_, at) => `job-${at}`);
    inAlarm('size-jump', ...jobs);
    standIns().pageSize = 10;

    // Act
    const outcomes = [];
    for (const job of [...jobs, undefined]) {
      const { alarms } = await notifySlackHandler(alarm('size-jump', job), hostOf(one));
      outcomes.push(...alarms.map(({ outcome, subjects }) => `${outcome} ${subjects}`));
    }

    // Assess
    expect(outcomes).toEqual(['posted 37', ...Array(37).fill('known 0')]);
    expect(posted()).toHaveLength(1);
    expect(posted()[0]).toContain('*And 27 more*');
  });

  it('tells a further job, and names the others; and in one message that all are well again', async () => {
    // Prepare
    const one = await deployed();
    inAlarm('budget', 'a');
    await notifySlackHandler(alarm('budget', 'a'), hostOf(one));

    // Act
    inAlarm('budget', 'a', 'b');
    await notifySlackHandler(alarm('budget', 'b', NOW + 5 * MINUTE), hostOf(one));
    standIns().inAlarm.clear();
    one.now += 60 * MINUTE;
    await notifySlackHandler(over('budget', 'b', NOW + 60 * MINUTE), hostOf(one));
    await notifySlackHandler(over('budget', 'a', NOW + 60 * MINUTE), hostOf(one));
    await notifySlackHandler(over('budget', undefined, NOW + 60 * MINUTE), hostOf(one));

    // Assess
    const [, second, third, ...others] = posted();
    expect(second).toContain('Still in alarm: `a`');
    expect(third).toContain('Over: Storage budget will be reached: 2 jobs');
    expect(others).toEqual([]);
  });

  it('posts once what SNS delivers twice, at once or later', async () => {
    const one = await deployed();
    const event = alarm('silent');
    const both = await Promise.all([
      notifySlackHandler(event, hostOf(one, { sleep: pause })),
      notifySlackHandler(event, hostOf(one, { sleep: pause })),
    ]);
    const later = await notifySlackHandler(event, hostOf(one));
    expect(both.flatMap(({ alarms }) => alarms.map(({ outcome }) => outcome)).sort()).toEqual(['known', 'posted']);
    expect(later.alarms[0]?.outcome).toBe('known');
    expect(posted()).toHaveLength(1);
  });

  it('tells what the ledger knows of the job', async () => {
    // Prepare
    const one = await deployed();
    const ledger = await openLedger(`s3://${LEDGER}`, '/', one.runtime().connection ?? {});
    const label = 'eu/orders & <cdc>';
    await writeHistories(ledger, historyFileOf(label), [historyOf(label)]);
    const point = { path: 's3://my-bucket/flink/abc/chk-7', completed: new Date(NOW - DAY).toISOString() };
    await writeNewestRestorePoints(ledger, new Date(NOW).toISOString(), new Map([[label, point]]));
    inAlarm('size-jump', label);

    // Act
    await notifySlackHandler(alarm('size-jump', label), hostOf(one));

    // Assess
    const [message] = posted();
    expect(message).toContain('*Newest checkpoint* 9.0 GB (usual: 2.0 GB)');
    expect(message).toContain('*Stored* 12.0 GB: 9.0 GB live, 2.0 GB garbage');
    expect(message).toContain('*Cost* USD 0.28 a month');
    expect(message).toMatch(/\*Checkpoint size, 7 days\* `[▁▂▃▄▅▆▇█·]{14}`/);
    expect(message).toContain('*Newest verified restore point* `s3://my-bucket/flink/abc/chk-7`');
    expect(message).toContain("audit --job 'eu/orders &amp; &lt;cdc&gt;' --region eu-central-1");
  });

  it('tells of a lifecycle rule which it is, in which bucket, and when it breaks what', async () => {
    // Prepare
    const one = await deployed();
    const sentences = ['s3://bucket: Rule "a<b>" breaks 1 root of 1 job: chk-7 loses its first object on 2027-03-03.'];
    const takers = [{ bucket: 's3://bucket', id: 'a<b>', position: 1, from: NOW }];
    const ledger = await openLedger(`s3://${LEDGER}`, '/', one.runtime().connection ?? {});
    await rememberHazards(ledger, { at: '2027-03-01T00:00:00.000Z', rules: 1, bytes: 5, sentences, takers });

    // Act
    await notifySlackHandler(alarm('hazardous-rule'), hostOf(one));
    await notifySlackHandler(alarm('paused'), hostOf(one));

    // Assess
    const [told, other] = posted();
    expect(told).toContain('• s3://bucket: Rule "a&lt;b&gt;" breaks 1 root of 1 job: chk-7 loses its first object on');
    expect(told).toContain(
      '*Disable the rule a&lt;b&gt; of s3://bucket* ```aws s3api get-bucket-lifecycle-configuration',
    );
    expect(other).not.toContain('Rule');
  });

  it('names the page of the last survey, once there was one', async () => {
    // Prepare
    const one = await deployed();
    inAlarm('size-jump', 'orders');
    await notifySlackHandler(alarm('size-jump', 'orders'), hostOf(one));
    await surveyHandler({}, one.runtime());

    // Act
    inAlarm('late-checkpoint', 'orders');
    await notifySlackHandler(alarm('late-checkpoint', 'orders'), hostOf(one));

    // Assess: as a word, since the address of these tests is without TLS.
    expect(posted().map((message) => /"Report \(open by \d\d:\d\d UTC\)"/.test(message))).toEqual([false, true]);
  });

  it('links to the report in the console, where reports are not to be opened by anyone', async () => {
    // Prepare
    const slack = { secretName: `webhook-console-${deployments}`, reportLink: false };
    const one = await deploy({ area: [AREA], signals: { slack } }, () => {});
    await surveyHandler({}, one.runtime());

    // Act
    await notifySlackHandler(alarm('silent'), hostOf(one));

    // Assess
    expect(posted()[0]).toContain(
      `<https://eu-central-1.console.aws.amazon.com/s3/object/${LEDGER}?region=eu-central-1&amp;prefix=report%2Freport.html|Report>`,
    );
    expect(posted()[0]).not.toContain('X-Amz-Signature');
  });

  it('names the breaker that stopped a run, and leads to that run', async () => {
    // Prepare
    const one = await deployed();
    const run = '20270301T093100000Z-81b2e';
    const amount = { objects: 0, bytes: 0 };
    const record = {
      run,
      command: 'collect',
      began: new Date(NOW).toISOString(),
      ended: new Date(NOW).toISOString(),
      area: [AREA],
      executed: false,
      result: 'stopped',
      why: 'It would delete 60 % of the area.',
      total: amount,
      live: amount,
      quarantined: amount,
      deletable: amount,
      deleted: amount,
      kept: 0,
      refused: 0,
      roots: 1,
      retired: 0,
      restored: 0,
      breakers: ['too-much'],
    };
    one.s3.put(LEDGER, `runs/${run}/summary.json`, JSON.stringify(record));

    // Act
    await notifySlackHandler(alarm('stopped'), hostOf(one));

    // Assess
    expect(posted()[0]).toContain('*Why* The breaker too-much tripped. It would delete 60 % of the area.');
    expect(posted()[0]).toContain(`steward --stack TheStack history --run ${run} --region eu-central-1`);
  });

  it('writes a savepoint beside the checkpoints, of the job that the history knows', async () => {
    // Prepare
    const one = await deployed();
    const ledger = await openLedger(`s3://${LEDGER}`, '/', one.runtime().connection ?? {});
    await writeHistories(ledger, historyFileOf('orders'), [historyOf('orders')]);
    inAlarm('no-restore-point', 'orders');

    // Act
    await notifySlackHandler(alarm('no-restore-point', 'orders'), hostOf(one));

    // Assess
    expect(posted()[0]).toContain(
      `*Take a savepoint now* \`\`\`flink savepoint ${'a'.repeat(32)} ${AREA}/savepoints\`\`\``,
    );
  });

  it('does with the notification alone where nobody else answers', async () => {
    // Prepare
    const one = await deployed();
    standIns().cloudWatchFails = true;
    one.s3.faults.add({ match: { bucket: LEDGER }, do: { kind: 'answer', code: 'AccessDenied' } });

    // Act
    const { alarms } = await notifySlackHandler(alarm('size-jump', 'orders-cdc'), hostOf(one));

    // Assess
    expect(alarms).toMatchObject([{ outcome: 'posted', subjects: 1 }]);
    expect(posted()[0]).toContain(
      'The two newest checkpoints of `orders-cdc` are at least 4.2 times as large as its usual ones.',
    );
    expect(one.logged.filter(({ level }) => level === 'warn').map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/^CloudWatch did not list the jobs of the alarm FlinkSteward-Steward-size-jump /),
      expect.stringMatching(/^The ledger can't be read/),
      expect.stringMatching(/^The message is sent without facts from the ledger/),
      expect.stringMatching(/^The message is sent without facts from the ledger/),
      expect.stringMatching(/^The message is sent without facts from the ledger/),
      expect.stringMatching(/^The ledger can't be written/),
    ]);
  });

  it('tells each of the notifications of one event, a second apart, and the failure of one in the end', async () => {
    // Prepare
    const one = await deployed();
    const waits: number[] = [];
    const sleep = async (milliseconds: number) => {
      waits.push(milliseconds);
      one.now += milliseconds;
    };
    const event = snsEvent(
      alarmPayload('silent', { at: NOW }),
      'a text that somebody published by hand',
      alarmPayload('paused', { at: NOW }),
    );

    // Act
    const told = notifySlackHandler(event, hostOf(one, { sleep }));

    // Assess
    await expect(told).rejects.toThrow(
      'The event is not one that notify-slack understands: The message is not JSON, so it is not a CloudWatch alarm: "a text that somebody published by hand"',
    );
    expect(posted()).toHaveLength(2);
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeGreaterThan(900);
  });

  it.each([
    ['while CloudWatch lists none of them', false],
    ['while CloudWatch can not be asked', true],
  ])('posts one message for the records of one event about one alarm, %s', async (_, fails) => {
    // Prepare
    const one = await deployed();
    standIns().cloudWatchFails = fails;
    const jobs = Array.from({ length: 12 }, (_none, at) => `job-${at}`);
    const records = (state: 'ALARM' | 'OK', at: number) =>
      snsEvent(
        ...jobs.map((job) => alarmPayload('size-jump', { state, at, job })),
        alarmPayload('paused', { state, at }),
      );

    // Act
    const first = await notifySlackHandler(records('ALARM', NOW), hostOf(one));
    const again = await notifySlackHandler(records('ALARM', NOW), hostOf(one));
    const over = await notifySlackHandler(records('OK', NOW + 60 * MINUTE), hostOf(one));

    // Assess
    const outcomes = [first, again, over].map(({ alarms }) =>
      alarms.map(({ alarm: name, outcome, subjects }) => [name, outcome, subjects]),
    );
    expect(outcomes).toEqual([
      [
        [alarmName('size-jump'), 'posted', 12],
        [alarmName('paused'), 'posted', 1],
      ],
      [
        [alarmName('size-jump'), 'known', 0],
        [alarmName('paused'), 'known', 0],
      ],
      [
        [alarmName('size-jump'), 'posted', 12],
        [alarmName('paused'), 'posted', 1],
      ],
    ]);
    expect(posted()).toHaveLength(4);
    for (const job of jobs.slice(0, 10)) expect(posted()[0]).toContain(`\`${job}\``);
    expect(posted()[0]).toContain('*And 2 more*');
  });

  it('says nothing of an alarm that was never on', async () => {
    const one = await deployed();
    const event = snsEvent(alarmPayload('paused', { state: 'OK', before: 'INSUFFICIENT_DATA', at: NOW }));
    expect((await notifySlackHandler(event, hostOf(one))).alarms).toMatchObject([{ outcome: 'known' }]);
    expect(posted()).toEqual([]);
  });

  it('keeps a small record for each alarm, and nothing else', async () => {
    const one = await deployed();
    await notifySlackHandler(alarm('paused'), hostOf(one));
    expect(ledgerKeys(one, '').filter((key) => !key.startsWith('conditional-writes'))).toEqual([
      expect.stringMatching(/^told\/[0-9a-f]{32}@$/),
    ]);
  });
});

describe('The webhook of notify-slack', () => {
  it('is read once, as text or as a document of Secrets Manager', async () => {
    const one = await deployed();
    standIns().secret = JSON.stringify({ url: standIns().secret });
    await notifySlackHandler(alarm('silent'), hostOf(one));
    await notifySlackHandler(alarm('paused'), hostOf(one));
    expect(standIns().asked).toEqual(['GetSecretValue']);
    expect(standIns().posted.map(({ path }) => path)).toEqual(Array(2).fill(`/services/T000/B000/${'s'.repeat(24)}`));
  });

  it('is waited for as long as it asks', async () => {
    const one = await deployed();
    const waits: number[] = [];
    const sleep = async (milliseconds: number) => {
      waits.push(milliseconds);
      one.now += milliseconds;
    };
    standIns().answers.push({ status: 429, retryAfter: '7' }, { status: 429, retryAfter: 'soon' });
    await notifySlackHandler(alarm('silent'), hostOf(one, { sleep }));
    expect(waits.filter((wait) => wait >= 1_000)).toEqual([7_000, 1_000]);
    expect(standIns().posted).toHaveLength(3);
  });

  it.each([
    ['asks for more time than there is', { status: 429, retryAfter: '600' }, 'Slack asks to wait 600 s'],
    [
      'is out of order',
      { status: 503, body: 'rollup_error' },
      'Slack did not accept the message (HTTP 503, "rollup_error").',
    ],
    ['is no webhook', { status: 302 }, 'Slack did not accept the message (HTTP 302'],
    [
      'is dead',
      { status: 404, body: 'no_service' },
      'Slack\'s webhook no longer accepts messages (HTTP 404, "no_service").',
    ],
    ['has been revoked', { status: 410 }, "Slack's webhook no longer accepts messages (HTTP 410"],
  ])('fails in a sentence when it %s, and the next try posts', async (_, answer, sentence) => {
    // Prepare
    const one = await deployed();
    standIns().answers.push(answer);
    const runtime = hostOf(one, { remaining: () => 5 * MINUTE });

    // Act
    const failed = await notifySlackHandler(alarm('silent'), runtime).catch((error: unknown) => error);
    const again = await notifySlackHandler(alarm('silent'), runtime);

    // Assess
    expect(failed).toMatchObject({ name: 'SlackError', message: expect.stringContaining(sentence) });
    expect(again.alarms[0]?.outcome).toBe('posted');
    expect(standIns().posted).toHaveLength(2);
    expect(JSON.stringify([one.logged, String(failed), Object(failed).stack])).not.toContain('sss');
  });

  it('is looked up anew when it is dead', async () => {
    // Prepare
    const one = await deployed();
    await notifySlackHandler(alarm('silent'), hostOf(one));
    standIns().answers.push({ status: 404, body: 'no_service' });
    standIns().secret = `${standIns().webhook}/services/T000/B000/new`;

    // Act
    await notifySlackHandler(alarm('paused'), hostOf(one));

    // Assess
    expect(standIns().posted.map(({ path }) => path.split('/').at(-1)?.slice(0, 3))).toEqual(['sss', 'sss', 'new']);
  });

  it('gets plain text where it refuses the blocks', async () => {
    const one = await deployed();
    standIns().answers.push({ status: 400, body: 'invalid_blocks' });
    await notifySlackHandler(alarm('silent'), hostOf(one));
    expect(standIns().posted[1]?.body).toEqual({ text: '🟡 Ticket: The steward is silent' });
    expect(one.logged).toContainEqual({
      level: 'warn',
      sentence: expect.stringContaining('Slack refuses the blocks of this message (HTTP 400, "invalid_blocks")'),
    });
  });

  it.each([
    ['is not there', null, "The secret webhook-N can't be read (ResourceNotFoundException)"],
    ['holds no address', 'xoxb-secret-token', 'The secret webhook-N contains no Slack webhook'],
    ['holds another document', '{"token":"secret-token"}', 'The secret webhook-N contains no Slack webhook'],
    ['holds half a document', '{"url":"https://secret-token', 'The secret webhook-N contains no Slack webhook'],
    [
      'holds an address without TLS',
      'http://secret-token.example.org/x',
      'The secret webhook-N contains no Slack webhook',
    ],
  ])('is asked for in a sentence where its secret %s', async (_, secret, sentence) => {
    const one = await deployed();
    standIns().secret = secret;
    const failed = await notifySlackHandler(alarm('silent'), hostOf(one)).catch((error: unknown) => error);
    expect(String(failed)).toContain(sentence.replace('N', String(deployments)));
    expect(JSON.stringify([String(failed), one.logged])).not.toContain('secret-token');
  });

  it('is not reached: the sentence does not tell its address', async () => {
    const one = await deployed();
    standIns().secret = 'http://127.0.0.1:1/services/sss';
    const failed = await notifySlackHandler(alarm('silent'), hostOf(one)).catch((error: unknown) => error);
    expect(String(failed)).toBe('SlackError: Slack could not be reached (TypeError). The message is sent again later.');
  });
});

describe('What notify-slack can do nothing with', () => {
  it('is an event of somebody else', async () => {
    const one = await deployed();
    await expect(notifySlackHandler({ surprise: true }, hostOf(one))).rejects.toThrow(
      'The event is not one that notify-slack understands: ',
    );
    await expect(notifySlackHandler(snsEvent({ AlarmName: 'x' }), hostOf(one))).rejects.toThrow(
      /The message is not a CloudWatch alarm: .*NewStateValue/,
    );
  });

  it('is a configuration without Slack', async () => {
    const one = await deploy({ area: [AREA] }, () => {});
    await expect(notifySlackHandler(alarm('silent'), hostOf(one))).rejects.toThrow(
      'signals.slack of steward.json is not set',
    );
  });
});

async function pause(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function historyOf(label: string): JobHistory {
  return {
    label,
    ended: false,
    completions: [3, 2, 1, 0].map((days) => ({
      completed: NOW - days * DAY - MINUTE,
      jobId: 'a'.repeat(32),
      checkpointId: String(7 - days),
      savepoint: false,
      bytes: days === 0 ? 9e9 : 2e9,
      incrementBytes: null,
    })),
    measures: [
      {
        at: NOW,
        live: 9e9,
        reclaimable: 2e9,
        quarantined: 0,
        unknown: 1e9,
        total: 12e9,
        roots: 3,
        restorePoints: 2,
        damagedRoots: 0,
        costPerMonth: 0.276,
      },
    ],
  };
}
