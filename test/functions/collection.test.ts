import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { DeadlineError } from '#functions/shared/deadline.ts';
import { ENV } from '#functions/shared/environment.ts';
import { MOST_PARTS } from '#functions/shared/function-requests.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { collectionDefinition } from '#infra/collection-definition.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import type { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { type Execution, execute, TaskError } from '#test/support/state-machine.ts';
import { collected, type Deployed, LEDGER, MINUTE, passQuarantine, useDeployments } from './deployed.ts';
import { collectHandler, manualHandler, surveyHandler, sweepHandler } from './handlers.ts';

/** The state machine of the collection, with the real functions. */

const deploy = useDeployments();

const DEFINITION = collectionDefinition({ collect: 'the-collect', sweep: 'the-sweep', inShards: null });
/** A batch of deletions never holds objects of two locations. */
const PREFIXES = ['a', 'b', 'c'];
const GARBAGE = 100;
const AREA = PREFIXES.map((prefix) => `s3://${BUCKET}/${prefix}`);
const COLLECTING = { area: AREA, mode: 'collect', collect: { maxDeleteFraction: 0.9 } };

function playJobs(store: MovingStore): void {
  for (const [at, prefix] of PREFIXES.entries()) {
    const job = new PlayedJob(store, `${prefix}/${at}${JOB.slice(1)}/`, `s3a://${BUCKET}`);
    job.complete(7, [job.upload(1)], NOW - 2 * DAY);
    job.upload(2);
  }
}

/** With a piece of garbage in each location whose quarantine is over. */
async function ripe(configuration: object = COLLECTING): Promise<Deployed> {
  const deployed = await deploy(configuration, playJobs);
  await surveyHandler({ by: 'schedule' }, deployed.runtime());
  passQuarantine(deployed);
  return deployed;
}

type Invoke = (name: string, payload: unknown, runtime: Runtime) => Promise<unknown>;

const invoked: Invoke = async (name, payload, runtime) =>
  name === 'the-collect' ? await collectHandler(payload, runtime) : await sweepHandler(payload, runtime);

async function collection(deployed: Deployed, input: object, invoke: Invoke = invoked): Promise<Execution> {
  return await execute(DEFINITION, input, {
    invoke: async (name, payload) => await invoke(name, payload, deployed.runtime()),
    wait: (seconds) => {
      deployed.now += seconds * 1000;
    },
  });
}

/** Sweeps with the time of each invocation over as soon as so many batches were asked for. */
function hurried(deployed: Deployed, batches: number): Invoke {
  return async (name, payload, runtime) => {
    const [soft, hard] = [new AbortController(), new AbortController()];
    const end = (): void => soft.abort(new DeadlineError('Over.'));
    const mend = deployed.s3.faults.add({
      match: { operation: 'DeleteObjects', body: /\/shared\//, nth: batches },
      do: { kind: 'run', callback: end },
    });
    try {
      return await invoked(name, payload, { ...runtime, deadline: { soft: soft.signal, hard: hard.signal } });
    } finally {
      mend();
    }
  };
}

function holdLease({ s3 }: Deployed, expires: number | null): void {
  const holder = { host: 'elsewhere', process: null };
  const until = expires === null ? null : new Date(expires).toISOString();
  const lease = { run: 'another', command: 'steward collect', holder, expires: until, fence: 7 };
  s3.put(LEDGER, 'lease@', JSON.stringify(lease));
}

function garbageLeft({ s3 }: Deployed): number {
  return s3.keys(BUCKET).filter((key) => key.includes('/shared/')).length - PREFIXES.length;
}

describe('A collection', () => {
  it('plans, sweeps, and says what it deleted in which runs', async () => {
    // Prepare
    const deployed = await ripe();

    // Act
    const ended = await collection(deployed, { by: 'schedule' });

    // Assess
    const { runs, plan } = Object(ended.output);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', waited: 0 });
    expect(ended.history).toEqual([
      'Begin',
      'Plan',
      'AfterPlan',
      'Sweep',
      'AfterSweep',
      'Conclude',
      'HowItEnded',
      'Done',
    ]);
    expect(ended.output).toEqual({
      result: 'done',
      why: null,
      unfinished: false,
      plan,
      runs,
      parts: 1,
      deleted: { objects: 3, bytes: 3 * GARBAGE },
      retired: 0,
      minutesWaited: 0,
      next: null,
    });
    expect(runs).toEqual([plan, expect.stringMatching(/^\d{8}T\d{9}Z-/)]);
    expect(garbageLeft(deployed)).toBe(0);
  });

  it('executes an order at once', async () => {
    // Prepare
    const deployed = await ripe({ ...COLLECTING, mode: 'observe' });
    const { plan } = await collected({}, deployed.runtime());
    await manualHandler({ action: 'apply', plan, execute: true }, deployed.runtime());
    const [{ name, input } = { name: '', input: {} }] = deployed.executions;

    // Act
    const ended = await collection(deployed, input);

    // Assess
    expect(name).toBe(`apply-${plan}`);
    expect(ended.history.slice(0, 3)).toEqual(['Begin', 'Sweep', 'AfterSweep']);
    expect(ended.output).toMatchObject({ result: 'done', plan, deleted: { objects: 3 }, parts: 1 });
  });

  it('continues a plan part by part until it is done', async () => {
    // Prepare
    const deployed = await ripe();

    // Act
    const ended = await collection(deployed, {}, hurried(deployed, 1));

    // Assess
    const { runs } = Object(ended.output);
    expect(ended).toMatchObject({
      status: 'SUCCEEDED',
      output: { result: 'done', parts: 3, deleted: { objects: 3, bytes: 3 * GARBAGE }, unfinished: false },
    });
    expect(runs).toHaveLength(4);
    expect(new Set(runs).size).toBe(4);
    expect(ended.history.filter((state) => state === 'Sweep')).toHaveLength(3);
    expect(garbageLeft(deployed)).toBe(0);
  });

  it('waits while another run is under way, before it plans and before it sweeps', async () => {
    // Prepare: somebody collects by hand when it begins, and again when it has planned.
    const deployed = await ripe();
    holdLease(deployed, deployed.now + DAY);
    let attempts = 0;

    // Act
    const ended = await collection(deployed, {}, async (name, payload, runtime) => {
      attempts++;
      if (attempts === 3) holdLease(deployed, null);
      if (attempts === 4) holdLease(deployed, deployed.now + DAY);
      if (attempts === 6) holdLease(deployed, null);
      return await invoked(name, payload, runtime);
    });

    // Assess
    expect(ended).toMatchObject({ status: 'SUCCEEDED', waited: 240 });
    expect(ended.output).toMatchObject({ result: 'done', deleted: { objects: 3 }, minutesWaited: 4 });
    expect(ended.history.filter((state) => state.startsWith('Wait'))).toEqual([
      'WaitToPlan',
      'WaitToPlan',
      'WaitToSweep',
      'WaitToSweep',
    ]);
  });

  it('waits for the lease of a run that was killed to end', async () => {
    // Prepare
    const deployed = await ripe();
    holdLease(deployed, deployed.now + 90_000);

    // Act
    const ended = await collection(deployed, {});

    // Assess: the lease ends two minutes after its time, for the clocks of two machines differ.
    expect(ended).toMatchObject({ status: 'SUCCEEDED', waited: 240, output: { deleted: { objects: 3 } } });
  });

  it('gives up waiting after four hours, and says whose lease it was', async () => {
    // Prepare
    const deployed = await ripe();
    holdLease(deployed, deployed.now + DAY);
    const answer = { result: 'lease-held', why: 'Another run holds the lease: steward collect.', until: null };

    // Act
    const ended = await collection(deployed, {}, async () => answer);

    // Assess
    expect(ended).toMatchObject({ status: 'FAILED', error: 'LeaseHeld', waited: 4 * 3_600 });
    expect(ended.cause).toBe('Gave up after waiting for 240 minutes. Another run holds the lease: steward collect.');
  });

  it('plans only in the mode "observe", and passes the command on that executes the plan', async () => {
    // Prepare
    const deployed = await ripe({ ...COLLECTING, mode: 'observe' });

    // Act
    const ended = await collection(deployed, {});

    // Assess
    const { plan } = Object(ended.output);
    expect(ended.history.at(-1)).toBe('OnlyPlanned');
    expect(ended.output).toMatchObject({
      result: 'observed',
      plan: expect.stringMatching(/^\d{8}T/),
      parts: 0,
      next: expect.stringContaining(`"plan":"${plan}","execute":true`),
    });
    expect(garbageLeft(deployed)).toBe(3);
  });

  it('ends well where there is nothing to do', async () => {
    // Prepare: all garbage is in quarantine.
    const deployed = await deploy(COLLECTING, playJobs);

    // Act
    const ended = await collection(deployed, {});

    // Assess
    expect(ended.history.at(-1)).toBe('Done');
    expect(ended.output).toMatchObject({ result: 'nothing-to-do', plan: null, deleted: { objects: 0, bytes: 0 } });
  });

  it('ends at a state of its own where a breaker stops it, and says which rule it was', async () => {
    // Prepare
    const deployed = await ripe({ area: AREA, mode: 'collect' });

    // Act
    const ended = await collection(deployed, {});

    // Assess
    expect([ended.status, ended.history.at(-1)]).toEqual(['SUCCEEDED', 'Stopped']);
    expect(ended.output).toMatchObject({ result: 'stopped', why: expect.stringContaining('maxDeleteFraction') });
    expect(garbageLeft(deployed)).toBe(3);
  });

  it('ends at a state of its own where deleting was paused after it had planned', async () => {
    // Prepare
    const deployed = await ripe();

    // Act
    const ended = await collection(deployed, {}, async (name, payload, runtime) => {
      if (name === 'the-sweep') await manualHandler({ action: 'pause', why: 'Moving.' }, deployed.runtime());
      return await invoked(name, payload, runtime);
    });

    // Assess
    expect([ended.status, ended.history.at(-1)]).toEqual(['SUCCEEDED', 'Stopped']);
    expect(ended.output).toMatchObject({ result: 'stopped', why: expect.stringContaining('Moving.') });
    expect(garbageLeft(deployed)).toBe(3);
  });

  it('deletes nothing more once a deployment has set the mode "observe"', async () => {
    // Prepare
    const deployed = await ripe();
    const sweep = hurried(deployed, 1);

    // Act
    const ended = await collection(deployed, {}, async (name, payload, runtime) => {
      if (Object(payload).part === 1) {
        await writeFile(deployed.environment[ENV.config] ?? '', JSON.stringify({ ...COLLECTING, mode: 'observe' }));
      }
      return await sweep(name, payload, runtime);
    });

    // Assess
    expect([ended.status, ended.history.at(-1)]).toEqual(['SUCCEEDED', 'OnlyPlanned']);
    expect(ended.output).toMatchObject({
      result: 'observed',
      why: expect.stringMatching(/^The mode is "observe" by now, so plan \S+ is not executed any further\./),
      deleted: { objects: 1 },
    });
    expect(garbageLeft(deployed)).toBe(2);
  });

  it('says what is left where its time was over before all were retired, and continues that not by itself', async () => {
    // Prepare: more checkpoints than one batch of retiring holds.
    const retain = [{ path: '**', endedJobs: { keepLast: 1 } }];
    const deployed = await deploy({ ...COLLECTING, retain }, (store) => {
      const job = new PlayedJob(store, `a/${JOB}/`, `s3a://${BUCKET}`);
      const common = job.upload(1, NOW - 40 * DAY);
      for (let n = 1; n <= 102; n++) job.complete(n, [common], NOW - 30 * DAY + n * MINUTE);
    });
    const soft = new AbortController();
    deployed.s3.faults.add({
      match: { operation: 'DeleteObjects', body: /_metadata/ },
      do: { kind: 'run', callback: () => soft.abort(new DeadlineError('Over.')) },
    });
    const deadline = { soft: soft.signal, hard: new AbortController().signal };

    // Act
    const ended = await collection(deployed, { order: 'retire', by: 'manual' }, async (name, payload, runtime) =>
      invoked(name, payload, { ...runtime, deadline }),
    );

    // Assess
    expect([ended.status, ended.history.at(-1)]).toEqual(['SUCCEEDED', 'Unfinished']);
    expect(ended.output).toMatchObject({
      result: 'stopped',
      why: 'The time of sweep was over before all were retired that were to be: 100 checkpoints and savepoints were. Ask again to retire the rest.',
      unfinished: true,
      retired: 100,
    });
  });

  it('ends at a state of its own where the area is undecidable', async () => {
    // Prepare
    const deployed = await ripe();
    deployed.s3.put(BUCKET, `a/0${JOB.slice(1)}/chk-9/_metadata`, 'no metadata', { lastModified: NOW - 2 * DAY });

    // Act
    const ended = await collection(deployed, {});

    // Assess
    expect([ended.status, ended.history.at(-1)]).toEqual(['SUCCEEDED', 'Undecidable']);
    expect(ended.output).toMatchObject({ result: 'undecidable', deleted: { objects: 0 } });
  });

  it('fails with the sentence of the function that failed, and with the runs before it', async () => {
    // Prepare: the plan expires between two parts.
    const deployed = await ripe();
    const sweep = hurried(deployed, 1);

    // Act
    const ended = await collection(deployed, {}, async (name, payload, runtime) => {
      if (Object(payload).part === 1) deployed.now += DAY;
      return await sweep(name, payload, runtime);
    });

    // Assess
    expect(ended).toMatchObject({ status: 'FAILED', error: 'PlanError', output: null });
    expect(ended.cause).toMatch(/^Plan \S+ is too old.* Runs of this collection: \S+, \S+; they deleted 1 objects\.$/);
    expect(ended.history.at(-1)).toBe('Failed');
    expect(garbageLeft(deployed)).toBe(2);
  });

  it('fails at once where its input is no event that is understood', async () => {
    // Prepare
    const deployed = await ripe();

    // Act
    const unknown = await collection(deployed, { plan: 'p' });
    const wrong = await collection(deployed, { order: 'delete', keys: ['a'] });

    // Assess
    for (const [ended, who] of [
      [unknown, 'collect'],
      [wrong, 'sweep'],
    ] as const) {
      expect(ended).toMatchObject({ status: 'FAILED', error: 'BadEventError' });
      expect(ended.cause).toContain(`The event is not one that ${who} understands`);
    }
    expect(garbageLeft(deployed)).toBe(3);
  });

  it('fails where a part got nowhere, and where the time was over before the area was surveyed', async () => {
    // Prepare
    const deployed = await ripe();
    const refuse = { operation: 'DeleteObjects' as const, body: /\/shared\// };
    const mend = deployed.s3.faults.add({
      match: refuse,
      do: { kind: 'refuse-keys', keys: /./, code: 'AccessDenied' },
    });
    const late = { remaining: () => MINUTE };

    // Act
    const nowhere = await collection(deployed, {}, hurried(deployed, 1));
    mend();
    const over = await collection(deployed, {}, async (name, payload, runtime) =>
      invoked(name, payload, { ...runtime, ...late }),
    );

    // Assess
    expect(nowhere).toMatchObject({ status: 'FAILED', error: 'NoProgress' });
    expect(nowhere.cause).toContain('and it deleted nothing. The next plan will contain the rest.');
    expect(over).toMatchObject({ status: 'FAILED', error: 'DeadlineError' });
    expect(over.cause).toContain('The area was not judged to the end, so there is no plan');
  });

  it('ends unfinished after the most parts, and leaves the rest to the next plan', async () => {
    // Prepare
    const deployed = await ripe();
    const { sweep } = await collected({}, deployed.runtime());
    const { plan } = Object(sweep);
    const part = MOST_PARTS - 1;
    deployed.s3.put(LEDGER, `plans/${plan}@`, JSON.stringify({ plan, used: '', part: part - 1 }));

    // Act
    const ended = await collection(deployed, { ...sweep, part }, hurried(deployed, 1));

    // Assess
    expect([ended.status, ended.history.at(-1)]).toEqual(['SUCCEEDED', 'Unfinished']);
    expect(ended.output).toMatchObject({
      unfinished: true,
      why: expect.stringContaining(
        `after ${MOST_PARTS} parts, which is the most. The next plan will contain the rest.`,
      ),
      deleted: { objects: 1 },
    });
  });

  it('tries again where Lambda itself fails, and says so where it goes on failing', async () => {
    // Prepare
    const deployed = await ripe();
    let failures = 0;
    const failing: (times: number) => Invoke = (times) => async (name, payload, runtime) => {
      if (failures++ < times) throw new TaskError('Lambda.TooManyRequestsException', 'Rate Exceeded.');
      return await invoked(name, payload, runtime);
    };

    // Act
    const down = await collection(deployed, {}, failing(100));
    failures = 0;
    const busy = await collection(deployed, {}, failing(3));

    // Assess
    expect(down).toMatchObject({ status: 'FAILED', error: 'Lambda.TooManyRequestsException', cause: 'Rate Exceeded.' });
    expect(down.waited).toBe(5 + 10 + 20 + 40 + 80 + 120 + 120);
    expect(busy).toMatchObject({ status: 'SUCCEEDED', waited: 35, output: { deleted: { objects: 3 } } });
  });

  it('has time for all waiting and all parts, and ends before a plan is too old', () => {
    // Prepare
    const { TimeoutSeconds } = z.looseObject({ TimeoutSeconds: z.number() }).parse(DEFINITION);
    const longestInvocation = 15 * 60;

    // Act
    const longest = longestInvocation + 4 * 3_600 + MOST_PARTS * longestInvocation;

    // Assess
    expect(TimeoutSeconds).toBeGreaterThan(longest);
    expect(TimeoutSeconds * 1000).toBeLessThan(DAY);
  });

  it('does no harm where it is started twice: the plan is executed once', async () => {
    // Prepare
    const deployed = await ripe();
    const { sweep } = await collected({}, deployed.runtime());

    // Act
    const first = await collection(deployed, Object(sweep));
    const second = await collection(deployed, Object(sweep));

    // Assess
    expect(first.output).toMatchObject({ result: 'done', deleted: { objects: 3 } });
    expect(second).toMatchObject({ status: 'FAILED', error: 'PlanError' });
    expect(second.cause).toContain('has been executed before. Nothing was deleted');
  });
});
