import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import * as checkpointCompleted from '#functions/checkpoint-completed/handler.ts';
import * as collect from '#functions/collect/handler.ts';
import * as lifecycleRules from '#functions/lifecycle-rules/handler.ts';
import { actionSchema } from '#functions/manual/actions.ts';
import * as notifySlack from '#functions/notify-slack/handler.ts';
import * as onDeploy from '#functions/on-deploy/handler.ts';
import { ENV, type Environment } from '#functions/shared/environment.ts';
import type { FunctionName } from '#functions/shared/function-names.ts';
import type { ManualRuntime } from '#functions/shared/runtime.ts';
import * as survey from '#functions/survey/handler.ts';
import * as sweep from '#functions/sweep/handler.ts';
import * as undo from '#functions/undo/handler.ts';
import { type DeployedStack, stackOf010 } from '#test/infra/stack-0.1.0.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, NOW, PlayedJob } from '#test/support/played-job.ts';
import { alarmPayload, snsEvent } from './alarm-payload.ts';
import { type Deployed, LEDGER, useDeployments } from './deployed.ts';
import { manualHandler } from './handlers.ts';
import { useStandIns } from './stand-ins.ts';

/**
 * While a stack of version 0.1.0 is updated, code of today is started with the environment of then, by events that were
 * sent then: by schedules, by queues, by people's scripts, and by other functions.
 */

const deploy = useDeployments({ heldAgainstRoles: false });
const standIns = useStandIns();

/** Those that version 0.1.0 had. */
type KnownFunction = Exclude<FunctionName, 'guard' | 'states' | 'shards' | 'shard'>;
type Events = Readonly<Record<Exclude<KnownFunction, 'notify-slack'>, readonly object[]>>;

/** As version 0.1.0 sent and understood them. */
const EVENTS: Events = JSON.parse(
  readFileSync(new URL('../fixtures/stack-0.1.0/events.json', import.meta.url), 'utf8'),
);

const SCHEMAS: Readonly<Record<keyof Events, z.ZodType>> = {
  'checkpoint-completed': checkpointCompleted.eventSchema,
  survey: survey.eventSchema,
  collect: collect.eventSchema,
  sweep: sweep.eventSchema,
  undo: undo.eventSchema,
  'lifecycle-rules': lifecycleRules.eventSchema,
  manual: actionSchema,
  'on-deploy': onDeploy.eventSchema,
};
const HANDLERS: Readonly<Record<KnownFunction, (event: unknown, runtime: ManualRuntime) => Promise<unknown>>> = {
  'checkpoint-completed': checkpointCompleted.checkpointCompletedHandler,
  survey: survey.surveyHandler,
  collect: collect.collectHandler,
  sweep: sweep.sweepHandler,
  undo: undo.undoHandler,
  'lifecycle-rules': lifecycleRules.lifecycleRulesHandler,
  manual: manualHandler,
  'on-deploy': onDeploy.onDeployHandler,
  'notify-slack': notifySlack.notifySlackHandler,
};

const functionSchema = z.looseObject({
  Properties: z.looseObject({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) }),
});
const scheduleSchema = z.looseObject({
  Properties: z.looseObject({
    Target: z.looseObject({ Input: z.string(), Arn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }) }),
  }),
});

/** `StewardCheckpointCompletedFunctionB4D1286B` is `checkpoint-completed`. */
function nameOf(id: string): KnownFunction {
  const words = id.replace(/^Steward/, '').replace(/Function[0-9A-F]{8}$/, '');
  const name = words.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
  expect(Object.keys(HANDLERS)).toContain(name);
  return name as KnownFunction;
}

function functionsOf({ Resources }: DeployedStack): readonly string[] {
  return Object.keys(Resources).filter((id) => Resources[id]?.Type === 'AWS::Lambda::Function');
}

/** What a function found in its environment, with the references that CloudFormation had resolved. */
function environmentOf({ Resources }: DeployedStack, id: string): Environment {
  const resolved = (value: unknown): string => {
    if (typeof value === 'string') return value;
    const { Ref, 'Fn::Join': join } = value as { readonly Ref?: string; readonly 'Fn::Join'?: [string, unknown[]] };
    if (join !== undefined) return join[1].map(resolved).join(join[0]);
    if (Ref?.startsWith('StewardCheckpoints')) return BUCKET;
    return Ref?.startsWith('StewardLedger') ? LEDGER : (Ref ?? '');
  };
  const { Variables } = functionSchema.parse(Resources[id]).Properties.Environment;
  return Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, resolved(value)]));
}

async function refusalOf(answer: Promise<unknown>): Promise<string> {
  return await answer.then(
    () => 'not refused',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );
}

/** The functions of a stack, with their files and buckets in miniature. @param changes of its configuration */
async function standing(
  name: 'owned' | 'adopted',
  changes: object = {},
): Promise<{
  readonly deployed: Deployed;
  readonly invoke: (name: KnownFunction, event: unknown) => Promise<unknown>;
}> {
  const stack = stackOf010(name);
  const deployed = await deploy({ ...stack.configuration, ...changes });
  if (name === 'adopted') {
    const store = new MovingStore({ now: NOW });
    const job = new PlayedJob(store, undefined, 's3a://team-a-checkpoints');
    job.complete(7, [job.upload(1)], NOW - 2 * DAY);
    job.upload(2);
    for (const bucket of ['team-a-checkpoints', 'team-a-savepoints']) deployed.s3.createBucket(bucket);
    for (const [key, { content, modified }] of Object.entries(store.files())) {
      deployed.s3.put('team-a-checkpoints', key, content, { lastModified: modified });
    }
  }
  return {
    deployed,
    invoke: async (fn, event) => {
      const id = functionsOf(stack).find((candidate) => nameOf(candidate) === fn) ?? '';
      const environment = { ...environmentOf(stack, id), [ENV.config]: deployed.environment[ENV.config] };
      return await HANDLERS[fn](event, deployed.runtime({ environment }));
    },
  };
}

describe('What version 0.1.0 sent', () => {
  const events = Object.entries(EVENTS).flatMap(([name, list]) => list.map((event) => ({ name, event })));

  it.each(events)('is understood: by $name, $event', ({ name, event }) => {
    const { error } = SCHEMAS[name as keyof Events].safeParse(event);

    expect(error?.message).toBeUndefined();
  });

  it.each(['owned', 'adopted'] as const)(
    'is understood: by what the schedules start in a stack with %s buckets',
    (name) => {
      const schedules = Object.values(stackOf010(name).Resources).filter(
        ({ Type }) => Type === 'AWS::Scheduler::Schedule',
      );

      const problems = schedules.map((schedule) => {
        const { Target } = scheduleSchema.parse(schedule).Properties;
        const started = nameOf(Target.Arn['Fn::GetAtt'][0]);
        return SCHEMAS[started as keyof Events].safeParse(JSON.parse(Target.Input)).error?.message;
      });

      expect(problems).toEqual([undefined, undefined, undefined, undefined]);
    },
  );
});

describe('Code of today in the environment of version 0.1.0', () => {
  it('surveys, plans, answers and keeps the rules of a bucket that the stack made', async () => {
    // Prepare
    const { deployed, invoke } = await standing('owned');

    // Act
    const surveyed = await invoke('survey', { by: 'schedule' });
    const planned = await invoke('collect', { by: 'schedule' });
    const rules = await invoke('lifecycle-rules', { by: 'schedule' });
    const asked = await invoke('manual', { action: 'audit' });
    const taken = await invoke('checkpoint-completed', EVENTS['checkpoint-completed'][0]);

    // Assess
    expect(surveyed).toMatchObject({ result: 'observed', roots: 1, quarantined: { objects: 1 } });
    expect(planned).toMatchObject({ result: 'observed', plan: null });
    expect(rules).toMatchObject({ buckets: [{ bucket: `s3://${BUCKET}`, result: 'written' }] });
    expect(asked).toMatchObject({ action: 'audit', details: expect.stringContaining(`s3://${LEDGER}/`) });
    expect(taken).toMatchObject({ batchItemFailures: [], outcomes: { observed: 2 } });
    expect(deployed.s3.log.count('DeleteObjects')).toBe(0);
  });

  it('looks at adopted buckets, and deletes nothing while a cluster does not answer', async () => {
    // Prepare
    const { deployed, invoke } = await standing('adopted');

    // Act
    const surveyed = await invoke('survey', { by: 'schedule' });
    const planned = await invoke('collect', { by: 'schedule' });

    // Assess
    for (const answer of [surveyed, planned]) {
      expect(answer).toMatchObject({ result: 'undecidable', why: expect.stringContaining('jobmanager.internal') });
    }
    expect(deployed.started).toEqual([]);
    expect(deployed.s3.log.count('DeleteObjects')).toBe(0);
  });

  it('refuses in a sentence what it can no longer find, and changes nothing', async () => {
    // Prepare
    const { deployed, invoke } = await standing('owned');
    await invoke('survey', { by: 'schedule' });
    const before = deployed.s3.keys(BUCKET);

    // Act
    const refusals: string[] = [];
    for (const event of EVENTS.sweep.slice(0, 6)) refusals.push(await refusalOf(invoke('sweep', event)));
    const undone = await invoke('undo', EVENTS.undo[0]);

    // Assess
    for (const refusal of refusals) expect(refusal).toContain('has no plan 20270301T023000000Z-a1b2c');
    expect(undone).toMatchObject({ roots: 0, objects: 0, summary: expect.stringContaining('20270301T023000000Z') });
    expect(deployed.s3.keys(BUCKET).filter((key) => key !== MARKER_NAME)).toEqual(before);
  });

  it('keeps the notification that version 0.1.0 set up, under the name that CloudFormation knows', async () => {
    // Prepare
    const { deployed, invoke } = await standing('owned');
    const [event] = EVENTS['on-deploy'];

    // Act
    const answer = await invoke('on-deploy', event);

    // Assess: under another name CloudFormation would have what was there before deleted.
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(deployed.told[0]?.body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'flink-steward-on-deploy' });
    expect(deployed.started).toEqual([
      { name: expect.stringMatching(/^StewardLifecycleRulesFunction/), event: { by: 'deployment' } },
    ]);
  });

  it('tells Slack of an alarm', async () => {
    // Prepare
    const { invoke } = await standing('owned', { signals: { slack: { secretName: 'flink-steward/of-0.1.0' } } });

    // Act
    const answer = await invoke('notify-slack', snsEvent(alarmPayload('paused', { at: NOW })));

    // Assess
    expect(answer).toMatchObject({ alarms: [{ outcome: 'posted' }] });
    expect(standIns().posted).toHaveLength(1);
  });
});

describe('A plan that version 0.1.0 made and had no time to execute', () => {
  interface Left {
    readonly time: number;
    readonly plan: string;
    readonly area: Readonly<Record<string, { readonly modified: number; readonly content: string }>>;
    readonly ledger: Readonly<Record<string, string>>;
  }
  const left: Left = JSON.parse(
    readFileSync(new URL('../fixtures/version-0.1.0/bucket.json', import.meta.url), 'utf8'),
  );
  const order = { order: 'collect', plan: left.plan, by: `collect ${left.plan}` };

  /** The bucket and the ledger of then, which had other names. */
  async function leave() {
    const { deployed } = await standing('owned', { collect: { maxDeleteFraction: 1 }, retain: [] });
    const environment = { [ENV.ledger]: 's3://ledger/steward', [ENV.bucket]: 'bucket' };
    deployed.now = left.time;
    for (const name of ['bucket', 'ledger']) deployed.s3.createBucket(name);
    for (const [key, { modified, content }] of Object.entries(left.area)) {
      deployed.s3.put('bucket', key, Buffer.from(content, 'base64'), { lastModified: modified });
    }
    for (const [key, content] of Object.entries(left.ledger)) {
      deployed.s3.put('ledger', key, Buffer.from(content, 'base64'));
    }
    const runtime = deployed.runtime({ environment: { ...deployed.environment, ...environment } });
    return { deployed, runtime };
  }

  it('is executed by sweep of today once nothing is paused, and only once', async () => {
    // Prepare
    const { deployed, runtime } = await leave();

    // Act
    const paused = await sweep.sweepHandler(order, runtime);
    await manualHandler({ action: 'resume', execute: true }, runtime);
    const before = deployed.s3.keys('bucket');
    const done = await sweep.sweepHandler(order, runtime);
    const again = sweep.sweepHandler(order, runtime);

    // Assess
    expect(paused).toMatchObject({ result: 'stopped', deleted: { objects: 0 } });
    expect(done).toMatchObject({ result: 'done', deleted: { objects: 2 } });
    await expect(again).rejects.toThrow(/has been executed before/);
    expect(before.filter((key) => !deployed.s3.keys('bucket').includes(key))).toHaveLength(2);
  });

  it('is continued by sweep of today where sweep of then had begun it and started itself again', async () => {
    // Prepare: what sweep of then wrote down at its beginning.
    const { deployed, runtime } = await leave();
    await manualHandler({ action: 'resume', execute: true }, runtime);
    const begun = { plan: left.plan, used: new Date(left.time).toISOString(), part: 0 };
    deployed.s3.put('ledger', `steward/plans/${left.plan}@`, `${JSON.stringify(begun)}\n`);

    // Act: the first order comes again too, as Lambda may deliver it twice.
    const doubled = await refusalOf(sweep.sweepHandler(order, runtime));
    const continued = await sweep.sweepHandler({ ...order, part: 1 }, runtime);

    // Assess
    expect(doubled).toContain('has been executed before');
    expect(continued).toMatchObject({ result: 'done', deleted: { objects: 2 } });
  });
});
