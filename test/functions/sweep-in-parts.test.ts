import { describe, expect, it } from 'vitest';
import { collectHandler } from '#functions/collect/handler.ts';
import { BadEventError } from '#functions/shared/bad-event.ts';
import { DeadlineError } from '#functions/shared/deadline.ts';
import { MOST_PARTS } from '#functions/shared/function-requests.ts';
import { surveyHandler } from '#functions/survey/handler.ts';
import { sweepHandler } from '#functions/sweep/handler.ts';
import { PlanError } from '#operations/plan/plan-file.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import type { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { type Deployed, LEDGER, ledgerText, passQuarantine, useDeployments } from './deployed.ts';

const deploy = useDeployments();

/** A batch of deletions never holds objects of two locations. */
const PREFIXES = ['a', 'b', 'c'];
const BATCH = 2;
const GARBAGE = PREFIXES.length * BATCH;
const COLLECTING = {
  area: PREFIXES.map((prefix) => `s3://${BUCKET}/${prefix}`),
  mode: 'collect',
  collect: { maxDeleteFraction: 0.9 },
};

function playJobs(store: MovingStore): void {
  for (const [at, prefix] of PREFIXES.entries()) {
    const job = new PlayedJob(store, `${prefix}/${at}${JOB.slice(1)}/`, `s3a://${BUCKET}`);
    job.complete(7, [job.upload(1)], NOW - 2 * DAY);
    for (let number = 2; number < 2 + BATCH; number++) job.upload(number);
  }
}

/** A deployment in which sweep has been told to delete all of the garbage. */
async function ordered(): Promise<{ readonly deployed: Deployed; readonly order: object }> {
  const deployed = await deploy(COLLECTING, playJobs);
  await surveyHandler({}, deployed.runtime());
  passQuarantine(deployed);
  await collectHandler({}, deployed.runtime());
  const order = deployed.started[0]?.event ?? {};
  deployed.started.length = 0;
  return { deployed, order };
}

/** Sweeps with the time over as soon as so many batches were asked for. */
async function sweepFor(batches: number, order: object, deployed: Deployed) {
  const [soft, hard] = [new AbortController(), new AbortController()];
  const end = (): void => soft.abort(new DeadlineError('Over.'));
  const mend = deployed.s3.faults.add({
    match: { operation: 'DeleteObjects', body: /\/shared\//, nth: batches },
    do: { kind: 'run', callback: end },
  });
  const environment = { ...deployed.environment, AWS_LAMBDA_FUNCTION_NAME: 'the-sweep-itself' };
  const deadline = { soft: soft.signal, hard: hard.signal };
  const answer = await sweepHandler(order, deployed.runtime({ environment, deadline }));
  mend();
  return answer;
}

function garbageLeft({ s3 }: Deployed): number {
  const shared = s3.keys(BUCKET).filter((key) => key.includes('/shared/'));
  return shared.length - PREFIXES.length;
}

describe('A sweep whose time is over', () => {
  it('is started again for the rest, and that one ends the plan', async () => {
    // Prepare
    const { deployed, order } = await ordered();

    // Act
    const first = await sweepFor(1, order, deployed);
    const meanwhile = garbageLeft(deployed);
    const [again] = deployed.started;
    const second = await sweepFor(100, again?.event ?? {}, deployed);

    // Assess
    expect(first).toMatchObject({ result: 'stopped', deleted: { objects: BATCH }, goesOn: true });
    expect(first.notes).toContain(
      'The time of sweep was over before the whole plan was executed. It was started again for the rest, as part 1.',
    );
    expect(meanwhile).toBe(GARBAGE - BATCH);
    expect(again).toEqual({ name: 'the-sweep-itself', event: { ...order, part: 1 } });
    expect(second).toMatchObject({ result: 'done', deleted: { objects: GARBAGE - BATCH }, goesOn: false });
    expect(deployed.started).toHaveLength(1);
    expect(garbageLeft(deployed)).toBe(0);
  });

  it('gives the lease back before it starts the next one', async () => {
    // Prepare
    const { deployed, order } = await ordered();
    const leases: (string | null)[] = [];
    const { runtime } = deployed;
    deployed.runtime = (changes) => ({
      ...runtime(changes),
      start: async () => {
        leases.push(JSON.parse(ledgerText(deployed, 'lease@') ?? '').expires);
      },
    });

    // Act
    await sweepFor(1, order, deployed);

    // Assess
    expect(leases).toEqual([null]);
  });

  it('goes on once for each part, however often the order comes', async () => {
    // Prepare
    const { deployed, order } = await ordered();
    await sweepFor(1, order, deployed);
    await sweepFor(1, { ...order, part: 1 }, deployed);

    // Act and assess
    for (const part of [undefined, 1, 3]) {
      const again = sweepHandler({ ...order, ...(part === undefined ? {} : { part }) }, deployed.runtime());
      await expect(again, String(part)).rejects.toThrow(PlanError);
    }
    expect(garbageLeft(deployed)).toBe(GARBAGE - 2 * BATCH);
    const last = await sweepHandler({ ...order, part: 2 }, deployed.runtime());
    expect(last.deleted.objects).toBe(GARBAGE - 2 * BATCH);
  });

  it('begins with no part but the first of a plan that was never executed', async () => {
    // Prepare
    const { deployed, order } = await ordered();

    // Act
    const asked = sweepHandler({ ...order, part: 1 }, deployed.runtime());

    // Assess
    await expect(asked).rejects.toThrow(
      / can't continue with part 1: this part was executed before, or another part comes first\./,
    );
    expect(garbageLeft(deployed)).toBe(GARBAGE);
  });

  it('does not go on for ever, and says so', async () => {
    // Prepare: a plan that has come to its last part.
    const { deployed, order } = await ordered();
    const plan = 'plan' in order ? String(order.plan) : '';
    const part = MOST_PARTS - 1;
    deployed.s3.put(LEDGER, `plans/${plan}@`, JSON.stringify({ plan, used: '', part: part - 1 }));

    // Act
    const last = await sweepFor(1, { ...order, part }, deployed);

    // Assess
    expect(last).toMatchObject({ deleted: { objects: BATCH }, goesOn: false });
    expect(last.notes[0]).toBe(
      `The time of sweep was over before the whole plan ${plan} was executed, and it was started again 11 times already. The next plan will contain the rest.`,
    );
    expect(deployed.logged).toContainEqual({ level: 'warn', sentence: last.notes[0] });
    expect(deployed.started).toEqual([]);
    await expect(sweepHandler({ ...order, part: MOST_PARTS }, deployed.runtime())).rejects.toThrow(BadEventError);
  });

  it('does not go on where it got nowhere', async () => {
    // Prepare: the time is over once the first batch was asked for, and the store refuses all of it.
    const { deployed, order } = await ordered();
    deployed.s3.faults.add({
      match: { operation: 'DeleteObjects', body: /\/shared\// },
      do: { kind: 'refuse-keys', keys: /./, code: 'AccessDenied' },
    });

    // Act
    const answer = await sweepFor(1, order, deployed);

    // Assess
    expect(answer).toMatchObject({ deleted: { objects: 0 }, goesOn: false });
    expect(answer.notes[0]).toContain('it deleted nothing');
    expect(deployed.started).toEqual([]);
  });

  it('does not go on where deleting is paused', async () => {
    // Prepare
    const { deployed, order } = await ordered();
    const { manualHandler } = await import('#functions/manual/handler.ts');
    await manualHandler({ action: 'pause', execute: true }, deployed.runtime());

    // Act
    const answer = await sweepFor(1, order, deployed);

    // Assess
    expect(answer).toMatchObject({ result: 'stopped', goesOn: false });
    expect(deployed.started).toEqual([]);
  });
});
