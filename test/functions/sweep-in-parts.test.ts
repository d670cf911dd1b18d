import { describe, expect, it } from 'vitest';
import { BadEventError } from '#functions/shared/bad-event.ts';
import { DeadlineError } from '#functions/shared/deadline.ts';
import { MOST_PARTS } from '#functions/shared/function-requests.ts';
import { PlanError } from '#operations/plan/plan-file.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import type { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { collected, type Deployed, LEDGER, ledgerText, passQuarantine, swept, useDeployments } from './deployed.ts';
import { surveyHandler, sweepHandler } from './handlers.ts';

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
  const { sweep } = await collected({}, deployed.runtime());
  return { deployed, order: sweep ?? {} };
}

/** Sweeps with the time over as soon as so many batches were asked for. */
async function sweepFor(batches: number, order: object, deployed: Deployed) {
  const [soft, hard] = [new AbortController(), new AbortController()];
  const end = (): void => soft.abort(new DeadlineError('Over.'));
  const mend = deployed.s3.faults.add({
    match: { operation: 'DeleteObjects', body: /\/shared\//, nth: batches },
    do: { kind: 'run', callback: end },
  });
  const deadline = { soft: soft.signal, hard: hard.signal };
  const answer = await swept(order, deployed.runtime({ deadline }));
  mend();
  return answer;
}

function garbageLeft({ s3 }: Deployed): number {
  const shared = s3.keys(BUCKET).filter((key) => key.includes('/shared/'));
  return shared.length - PREFIXES.length;
}

describe('A sweep whose time is over', () => {
  it('answers with the part that continues its plan, and that one ends the plan', async () => {
    // Prepare
    const { deployed, order } = await ordered();

    // Act
    const first = await sweepFor(1, order, deployed);
    const meanwhile = garbageLeft(deployed);
    const second = await sweepFor(100, { ...order, part: first.nextPart }, deployed);

    // Assess
    expect(first).toMatchObject({ result: 'stopped', deleted: { objects: BATCH }, unfinished: true, nextPart: 1 });
    expect(first.notes[0]).toMatch(
      /^The time of sweep was over before the whole plan \S+ was executed\. Part 1 continues it\.$/,
    );
    expect(meanwhile).toBe(GARBAGE - BATCH);
    expect(second).toMatchObject({ result: 'done', deleted: { objects: GARBAGE - BATCH }, unfinished: false });
    expect(second.nextPart).toBeNull();
    expect([deployed.started, garbageLeft(deployed)]).toEqual([[], 0]);
  });

  it('has given the lease back when it answers, and is no stopped run that people are told of', async () => {
    // Prepare
    const { deployed, order } = await ordered();

    // Act
    await sweepFor(1, order, deployed);

    // Assess
    expect(JSON.parse(ledgerText(deployed, 'lease@') ?? '')).toMatchObject({ expires: null });
    expect(deployed.counted.has('StoppedRuns')).toBe(false);
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
    const last = await swept({ ...order, part: 2 }, deployed.runtime());
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
    expect(last).toMatchObject({ deleted: { objects: BATCH }, unfinished: true, nextPart: null });
    expect(last.notes[0]).toBe(
      `The time of sweep was over before the whole plan ${plan} was executed, after 48 parts, which is the most. The next plan will contain the rest.`,
    );
    expect(deployed.logged).toContainEqual({ level: 'warn', sentence: last.notes[0] });
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
    expect(answer).toMatchObject({ deleted: { objects: 0 }, unfinished: true, nextPart: null });
    expect(answer.notes[0]).toContain('it deleted nothing');
  });

  it('does not go on where deleting is paused', async () => {
    // Prepare
    const { deployed, order } = await ordered();
    const { manualHandler } = await import('./handlers.ts');
    await manualHandler({ action: 'pause', execute: true }, deployed.runtime());

    // Act
    const answer = await sweepFor(1, order, deployed);

    // Assess
    expect(answer).toMatchObject({ result: 'stopped', unfinished: false, nextPart: null });
  });
});
