import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { actionSchema } from '#functions/manual/actions.ts';
import { ENV } from '#functions/shared/environment.ts';
import { requireDocument } from '#test/cli/fits-document.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { AREA, type Deployed, ledgerText, passQuarantine, putRules, swept, useDeployments } from './deployed.ts';
import { manualHandler, surveyHandler, undoHandler } from './handlers.ts';

const deploy = useDeployments();

const ROOM = { maxDeleteFraction: 0.9 };
const CONFIGURED = { area: [AREA], collect: ROOM };
const GARBAGE = `flink/${JOB}/shared/${uuid(2)}`;
const ROOT = `s3://${BUCKET}/flink/${JOB}/chk-7`;

/** What the link of an answer leads to. */
function detailsOf(deployed: Deployed, { details }: { readonly details: string | null }): Record<string, unknown> {
  return JSON.parse(ledgerText(deployed, (details ?? '').replace(/^s3:\/\/[^/]*\//, '')) ?? 'null');
}

/** What a command that an answer names would send. */
function payloadOf(next: string | null): unknown {
  return JSON.parse(/--payload '(.*)' \/dev\/stdout$/.exec(next ?? '')?.[1] ?? 'null');
}

async function ripen(deployed: Deployed): Promise<void> {
  await surveyHandler({}, deployed.runtime());
  passQuarantine(deployed);
}

describe('manual', () => {
  it('takes the round trip from the audit over plan and apply to undo, each answer naming the next command', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURED);
    const enabled = { Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' as const } };
    await deployed.client.send(new PutBucketVersioningCommand(enabled));
    await ripen(deployed);
    const later = () => {
      // Runs are ordered by the second in which they begin.
      deployed.now += 1_000;
      return deployed.runtime();
    };
    const ask = (event: unknown) => manualHandler(event, later());

    // Act
    const audit = await ask({ action: 'audit' });
    const plan = await ask(payloadOf(audit.next));
    const dry = await ask({ action: 'apply', plan: plan.plan });
    const apply = await ask(payloadOf(plan.next));
    const sweep = await swept(deployed.executions[0]?.input, deployed.runtime());
    const afterSweep = deployed.s3.keys(BUCKET);
    const history = await ask(payloadOf(apply.next));
    const ofRun = await ask(payloadOf(history.next));
    const look = await ask(payloadOf(ofRun.next));
    const undo = await ask(payloadOf(look.next));
    const restored = await undoHandler(deployed.started[0]?.event, deployed.runtime());

    // Assess
    expect(audit).toMatchObject({ executed: false, jobs: [{ job: JOB, restorePoints: 1 }], moreJobs: 0 });
    expect(detailsOf(deployed, audit)).toMatchObject({ roots: 1, jobs: [{ job: JOB }] });
    expect(plan).toMatchObject({ executed: false, objects: 1, plan: plan.run });
    expect(dry).toMatchObject({ executed: false, objects: 1, next: plan.next });
    const execution = `arn:aws:states:eu-central-1:123456789012:execution:the-collection:apply-${plan.plan}`;
    expect(apply).toMatchObject({
      executed: true,
      execution,
      follow: `aws stepfunctions describe-execution --execution-arn ${execution}`,
    });
    expect(deployed.executions).toMatchObject([
      { name: `apply-${plan.plan}`, input: { order: 'apply', plan: plan.plan } },
    ]);
    expect(deployed.started.map(({ name }) => name)).toEqual(['the-undo']);
    expect(sweep.deleted.objects).toBe(1);
    expect(afterSweep).not.toContain(GARBAGE);
    expect(history.runs).toMatchObject([{ run: sweep.run, command: 'apply', result: 'done' }, {}, {}]);
    expect(ofRun.deletions).toMatchObject([{ url: `s3://${BUCKET}/${GARBAGE}`, outcome: 'deleted' }]);
    expect(look).toMatchObject({ executed: false, objects: 1, lost: 0 });
    expect(undo).toMatchObject({ executed: true });
    expect(restored).toMatchObject({ executed: true, objects: 1, lost: 0 });
    expect(deployed.s3.keys(BUCKET)).toContain(GARBAGE);
  });

  it('plans for one job only, where that is asked for', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURED, (store) => {
      for (const id of [JOB, OTHER_JOB]) {
        const job = new PlayedJob(store, `flink/${id}/`, `s3a://${BUCKET}`);
        job.complete(7, [job.upload(1)], NOW - 2 * DAY);
        job.upload(2);
      }
    });
    await ripen(deployed);

    // Act
    const plan = await manualHandler({ action: 'plan', job: OTHER_JOB.slice(0, 6) }, deployed.runtime());
    await manualHandler(payloadOf(plan.next), deployed.runtime());
    await swept(deployed.executions[0]?.input, deployed.runtime());

    // Assess
    expect(plan.objects).toBe(1);
    const files = [1, 2].map((number) => `flink/${JOB}/shared/${uuid(number)}`);
    expect(deployed.s3.keys(BUCKET, `flink/${JOB}/shared/`)).toEqual(files);
    expect(deployed.s3.keys(BUCKET, `flink/${OTHER_JOB}/shared/`)).toHaveLength(1);
  });

  it('names the job that it does not know', async () => {
    // Prepare
    const deployed = await deploy();

    // Act
    const answer = await manualHandler({ action: 'restore-points', job: 'orders' }, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({
      error: 'No job in the area is called orders. {"action":"audit"} lists all jobs.',
    });
  });

  it('says where a job can be restored from, with the command', async () => {
    // Prepare
    const deployed = await deploy();

    // Act
    const answer = await manualHandler({ action: 'restore-points' }, deployed.runtime());

    // Assess
    expect(answer.jobs).toMatchObject([{ job: JOB, restorePoints: 1, command: expect.stringContaining('chk-7') }]);
  });

  it('explains one object', async () => {
    // Prepare
    const deployed = await deploy();

    // Act
    const answer = await manualHandler({ action: 'explain', object: `s3a://${BUCKET}/${GARBAGE}` }, deployed.runtime());
    const unknown = await manualHandler({ action: 'explain', object: 'nothing' }, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ verdict: 'quarantined', summary: expect.stringContaining('No checkpoint') });
    expect(unknown.error).toMatch(/^nothing: there is no such object/);
  });

  it('explains a directory, and what a name may mean', async () => {
    // Prepare
    const deployed = await deploy();
    const ask = (object: string) => manualHandler({ action: 'explain', object }, deployed.runtime());

    // Act
    const checkpoint = await ask('chk-7');
    const shared = await ask(`flink/${JOB}/shared`);
    const first = await manualHandler(payloadOf(shared.next), deployed.runtime());

    // Assess
    const root = { location: AREA, key: `flink/${JOB}/chk-7/_metadata`, rule: 'root' };
    expect(checkpoint).toMatchObject({ ...root, below: { directory: `${ROOT}/`, objects: 1 } });
    expect(shared).toMatchObject({ several: true, objects: 2, listed: [{ rule: 'named-by-root' }, { key: GARBAGE }] });
    expect(first).toMatchObject({ rule: 'named-by-root' });
  });

  it('explains where an object has gone, and which roots need a missing one', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURED);
    await ripen(deployed);
    const ask = (event: unknown) => {
      deployed.now += 1_000;
      return manualHandler(event, deployed.runtime());
    };
    const { plan } = await ask({ action: 'plan' });
    await ask({ action: 'apply', plan, execute: true });
    const { run } = await swept(deployed.executions[0]?.input, deployed.runtime());
    const live = `flink/${JOB}/shared/${uuid(1)}`;
    deployed.s3.erase(BUCKET, live);

    // Act
    const gone = await ask({ action: 'explain', object: `s3://${BUCKET}/${GARBAGE}` });
    const byName = await ask({ action: 'explain', object: uuid(2) });
    const missing = await ask({ action: 'explain', object: uuid(1) });

    // Assess
    expect(gone).toMatchObject({
      gone: true,
      url: `s3://${BUCKET}/${GARBAGE}`,
      deletions: [{ run, outcome: 'deleted' }],
    });
    expect(gone.summary).toBe(
      `It does not exist. Run ${run} was to delete it (outcome: deleted), by the rule garbage.`,
    );
    expect(payloadOf(gone.next)).toEqual({ action: 'undo', run });
    expect(byName).toMatchObject({ gone: true, url: `s3://${BUCKET}/${GARBAGE}` });
    expect(missing).toMatchObject({
      missing: true,
      url: `s3://${BUCKET}/${live}`,
      namedBy: [{ path: expect.stringContaining('chk-7') }],
    });
    for (const answer of [gone, byName, missing]) requireDocument('manual', answer);
  });

  it('pins and unpins a root, and marks the area as its own', async () => {
    // Prepare
    const deployed = await deploy();
    const ask = (event: unknown) => manualHandler(event, deployed.runtime());

    // Act
    const dry = await ask({ action: 'pin', root: ROOT, why: 'Audit.', dryRun: true });
    const untouched = deployed.s3.keys(BUCKET).concat(deployed.s3.keys('steward-ledger'));
    const pinned = await ask(payloadOf(dry.next));
    const state = JSON.parse(ledgerText(deployed, 'state@') ?? '');
    const unpinned = await ask({ action: 'unpin', root: 'chk-7', execute: true });

    // Assess
    expect(untouched.filter((key) => /state|\.flink-steward/.test(key))).toEqual([]);
    expect(pinned).toMatchObject({ executed: true, summary: expect.stringContaining('is pinned') });
    expect(state.pins).toEqual([{ url: `${ROOT}/_metadata`, at: '2027-03-01T00:00:00.000Z', why: 'Audit.' }]);
    expect(deployed.s3.keys(BUCKET)).toContain('flink/.flink-steward.json');
    expect(unpinned).toMatchObject({ executed: true });
    expect(JSON.parse(ledgerText(deployed, 'state@') ?? '').pins).toEqual([]);
  });

  it('pins all paths of a list, and says which are elsewhere or lead to no checkpoint', async () => {
    // Prepare
    const deployed = await deploy();
    const ask = (event: unknown) => manualHandler(event, deployed.runtime());
    const from = [ROOT, 's3://elsewhere/savepoints/savepoint-946894-0123456789ab', `s3://${BUCKET}/flink/${JOB}/chk-6`];

    // Act
    const neither = await ask({ action: 'pin' });
    const dry = await ask({ action: 'pin', from, dryRun: true });
    const answer = await ask({ action: 'pin', from, why: 'Upgrade.' });

    // Assess
    expect(neither.error).toMatch(/^The event contains neither "root" nor "from", or both\./);
    expect(dry).toMatchObject({ executed: false, pinned: [{ path: ROOT }], next: expect.stringContaining('"from"') });
    requireDocument('manual', answer);
    expect(answer).toMatchObject({
      executed: true,
      pinned: [{ path: ROOT, url: `${ROOT}/_metadata`, known: false }],
      outside: [{ path: from[1] }],
      missing: [{ path: from[2] }],
    });
    const { pins } = JSON.parse(ledgerText(deployed, 'state@') ?? '');
    expect(pins).toMatchObject([{ url: `${ROOT}/_metadata`, why: 'Upgrade.' }]);
  });

  it('declares jobs and roots dead, a root only with its ETag', async () => {
    // Prepare
    const deployed = await deploy();
    const ask = (event: unknown) => manualHandler(event, deployed.runtime());

    // Act
    const neither = await ask({ action: 'declare-dead', execute: true });
    const wrong = await ask({ action: 'declare-dead', root: ROOT, etag: 'e', execute: true });
    const job = await ask({ action: 'declare-dead', job: OTHER_JOB.toUpperCase(), execute: true });

    // Assess
    expect(neither.error).toMatch(/^The event contains neither a job nor a root, or both\./);
    expect(wrong.error).toMatch(/has the ETag [0-9a-f]{32}, not e, so its content has changed/);
    expect(job.executed).toBe(true);
    expect(JSON.parse(ledgerText(deployed, 'state@') ?? '')).toMatchObject({
      deadJobs: [{ job: OTHER_JOB }],
      deadRoots: [],
    });
  });

  it('pauses and resumes, and says so', async () => {
    // Prepare
    const deployed = await deploy();
    const ask = (event: unknown) => manualHandler(event, deployed.runtime());

    // Act
    const paused = await ask({ action: 'pause', by: 'Ana' });
    const history = await ask({ action: 'history' });
    const resumed = await ask(payloadOf(paused.next));

    // Assess
    expect(history).toMatchObject({ paused: { at: '2027-03-01T00:00:00.000Z', by: 'Ana' }, runs: [] });
    expect(resumed).toMatchObject({ action: 'resume', executed: true });
    expect(JSON.parse(ledgerText(deployed, 'state@') ?? '').paused).toBeNull();
  });

  it('starts nothing that would delete while deleting is paused, and says who paused it and how to resume', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURED);
    await ripen(deployed);
    const ask = (event: unknown) => manualHandler(event, deployed.runtime());
    const { plan } = await ask({ action: 'plan' });
    await ask({ action: 'pause', why: 'audit', by: 'ann' });

    // Act
    const answers = [
      await ask({ action: 'apply', plan, execute: true }),
      await ask({ action: 'retire', execute: true }),
    ];

    // Assess
    for (const { executed, error } of answers) {
      expect(executed).toBe(false);
      expect(error).toMatch(
        /^Deleting has been paused since \S+ by ann \(audit\)\. Nothing was done\. To allow deleting again: \{"action":"resume","execute":true\}\.$/,
      );
    }
    expect(deployed.executions).toEqual([]);
  });

  it('starts no undo beside another run, which undo could not wait for', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURED);
    await ripen(deployed);
    const lease = { run: 'another', command: 'collect', holder: { host: 'elsewhere', process: null }, fence: 7 };
    const expires = new Date(deployed.now + DAY).toISOString();
    deployed.s3.put('steward-ledger', 'lease@', JSON.stringify({ ...lease, expires }));

    // Act
    const answer = await manualHandler({ action: 'undo', run: 'r', execute: true }, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({
      executed: false,
      error: expect.stringContaining('collect, run another, on elsewhere'),
    });
    expect(deployed.started).toEqual([]);
  });

  it('says what the deployment lacks to execute a plan, as that of an older version does', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURED);
    const { [ENV.collection]: _, ...environment } = deployed.environment;
    await ripen(deployed);

    // Act
    const answer = await manualHandler({ action: 'retire', execute: true }, deployed.runtime({ environment }));

    // Assess
    expect(answer.error).toMatch(/^The environment variable STEWARD_COLLECTION is not set/);
  });

  it('retires the checkpoints of one job whose job is over, and refuses an event that says half of it', async () => {
    const deployed = await deploy(CONFIGURED);
    const job = `flink/${JOB}`;
    const ask = (event: unknown) => manualHandler(event, deployed.runtime());

    const dry = await ask({ action: 'retire', job, all: true });
    const half = await ask({ action: 'retire', job });
    await ask({ action: 'retire', job, all: true, execute: true });

    expect(dry).toMatchObject({ action: 'retire', executed: false, roots: [] });
    expect(half.error).toContain('either "all": true');
    expect(deployed.executions).toMatchObject([
      { name: 'retire-20270301T000000000Z', input: { order: 'retire', job, all: true, by: 'manual' } },
    ]);
  });

  it('says before retiring that the roles may delete no savepoint, where the policy keeps all of them', async () => {
    const deployed = await deploy(CONFIGURED);
    const allowing = await deploy({ ...CONFIGURED, retain: [{ path: '**', savepoints: { keepLast: 3 } }] });
    const event = { action: 'retire', job: `flink/${JOB}`, all: true, savepoints: true, execute: true };

    const refused = await manualHandler(event, deployed.runtime());
    await manualHandler({ ...event, execute: false }, allowing.runtime());
    const started = await manualHandler(event, allowing.runtime());

    expect(refused.error).toBe(
      'The roles of this deployment may not delete savepoints, because "retain" in steward.json keeps all of them. Nothing was done. Set "savepoints" of an entry of "retain", such as {"keepLast": 3}, and deploy again; or leave "savepoints" out of the event.',
    );
    expect([deployed.started, deployed.executions]).toEqual([[], []]);
    expect(started).toMatchObject({ action: 'retire', executed: true });
  });

  it('looks at retirement and has it done by sweep; undo puts back what was retired', async () => {
    // Prepare
    const retain = [{ path: '**', endedJobs: { keepLast: 1 } }];
    const deployed = await deploy({ ...CONFIGURED, retain }, (store) => {
      const job = new PlayedJob(store, undefined, `s3a://${BUCKET}`);
      for (const checkpoint of [6, 7])
        job.complete(checkpoint, [job.upload(checkpoint, NOW - 40 * DAY)], NOW - (40 - checkpoint) * DAY);
    });
    const ask = (event: unknown) => manualHandler(event, deployed.runtime());

    // Act
    const dry = await ask({ action: 'retire' });
    await ask(payloadOf(dry.next));
    const retired = await swept(deployed.executions[0]?.input, deployed.runtime());
    const without = deployed.s3.keys(BUCKET, `flink/${JOB}/chk-`);
    const undone = await undoHandler({ run: retired.run }, deployed.runtime());

    // Assess
    expect(dry.roots).toMatchObject([{ path: expect.stringContaining('chk-6'), action: 'retire' }]);
    expect(retired).toMatchObject({ retired: 1, deleted: { objects: 0 } });
    expect(without).toEqual([`flink/${JOB}/chk-7/_metadata`]);
    expect(undone).toMatchObject({ roots: 1, lost: 0 });
    expect(deployed.s3.keys(BUCKET, `flink/${JOB}/chk-6`)).toHaveLength(1);
  });

  it('shows what lifecycle rules break, and has its own written', async () => {
    // Prepare
    const deployed = await deploy({ ...CONFIGURED, lifecycle: { manage: 'write' } });
    await putRules(deployed, [{ ID: 'week', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 7 } }]);

    // Act
    const answer = await manualHandler({ action: 'rules' }, deployed.runtime());
    const executed = await manualHandler(payloadOf(answer.next), deployed.runtime());

    // Assess
    expect(answer.hazards).toEqual([expect.stringContaining('"week"')]);
    expect(answer.buckets).toMatchObject([{ result: 'differs', foreign: 1 }]);
    expect(executed.executed).toBe(true);
    expect(deployed.started).toEqual([{ name: 'the-rules', event: { write: true, restore: false, by: 'manual' } }]);
  });

  it('has no rules written where the deployment may only compare them, and says what to set', async () => {
    // Prepare
    const deployed = await deploy(CONFIGURED);

    // Act
    const answer = await manualHandler({ action: 'rules' }, deployed.runtime());
    const executed = await manualHandler({ action: 'rules', execute: true }, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ buckets: [{ result: 'differs' }], next: null });
    expect(executed).toMatchObject({ executed: false, error: expect.stringContaining('"manage": "write"') });
    expect([deployed.started, deployed.executions]).toEqual([[], []]);
  });

  it.each([
    [{}, /^The event is not one that manual understands: /],
    [{ action: 'delete' }, /understands: /],
    [{ action: 'apply' }, /plan/],
    [{ action: 'undo', run: '../../state' }, /is not the name of a run/],
    [{ action: 'audit', jobs: 'x' }, /Unrecognized key: "jobs"/],
    [{ action: 'apply', plan: 'nowhere' }, /^The ledger .* has no plan nowhere:/],
    [{ action: 'history' }, /^The ledger s3:\/\/steward-ledger does not exist yet\. The first scheduled run/],
  ])('answers %j with a sentence, and does nothing', async (event, sentence) => {
    // Prepare
    const deployed = await deploy();

    // Act
    const answer = await manualHandler(event, deployed.runtime());

    // Assess
    expect(answer).toMatchObject({ executed: false, error: expect.stringMatching(sentence) });
    expect([deployed.started, deployed.executions]).toEqual([[], []]);
    expect(deployed.s3.keys('steward-ledger')).toEqual([]);
  });

  it('says what the deployment lacks', async () => {
    // Prepare
    const deployed = await deploy();
    const { [ENV.ledger]: _, ...environment } = deployed.environment;

    // Act
    const answer = await manualHandler({ action: 'audit' }, deployed.runtime({ environment }));

    // Assess
    expect(answer.error).toMatch(/^The environment variable STEWARD_LEDGER is not set/);
  });

  it('changes nothing in the area, whatever is asked for without "execute", or with "dryRun" where it would act at once', async () => {
    // Prepare
    const deployed = await deploy({ ...CONFIGURED, states: {} });
    await ripen(deployed);
    const before = deployed.s3.keys(BUCKET);
    const asked: Record<string, object> = {
      apply: { plan: 'p' },
      explain: { object: GARBAGE },
      undo: { run: 'r' },
      pin: { root: ROOT, dryRun: true },
      pause: { dryRun: true },
      unpin: { root: ROOT },
      'declare-dead': { job: JOB },
    };

    // Act
    deployed.s3.log.clear();
    for (const { shape } of actionSchema.options) {
      const action = shape.action.value;
      await manualHandler({ action, ...asked[action] }, deployed.runtime());
    }

    // Assess
    expect([deployed.started, deployed.executions]).toEqual([[], []]);
    expect(deployed.s3.keys(BUCKET)).toEqual(before);
    const written = deployed.s3.log.requests.filter(
      ({ operation, bucket }) => bucket === BUCKET && /^(?:Put|Delete)/.test(operation),
    );
    expect(written).toEqual([]);
  });
});
