import { describe, expect, it } from 'vitest';
import { JUDGEMENTS } from '#core/collect/judge.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { loggedDeletions } from '#operations/ledger/audit-log.ts';
import { pause, pin, resume } from '#operations/ledger/declarations.ts';
import { LEASE_TIME, Lease, LeaseHeldError } from '#operations/ledger/lease.ts';
import { readState, updateState } from '#operations/ledger/state.ts';
import type { GuardedDeleter } from '#ports/guarded-deleter.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import { DAY, NOW, type PlayedJob } from '#test/support/played-job.ts';
import { ALONE, keepLast, playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();
const MINUTE = 60_000;
const RULES = { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 };

/** Two locations with one garbage file each, so that a run deletes in two batches; the quarantine is served. */
async function openServed(): Promise<{ area: Stewarded; first: PlayedJob; second: PlayedJob }> {
  const area = await open('directory', { prefixes: ['a/', 'b/'] });
  const first = playJob(area, `a/${'a'.repeat(32)}/`);
  const second = playJob(area, `b/${'b'.repeat(32)}/`);
  await area.run();
  area.time = NOW + DAY;
  return { area, first, second };
}

/** Deleters that do something after a batch has gone. */
function andThen({ deleters }: Stewarded, act: () => void | Promise<void>): readonly GuardedDeleter[] {
  return deleters.map((deleter) => ({
    delete: async (batch, signal) => {
      const outcomes = await deleter.delete(batch, signal);
      await act();
      return outcomes;
    },
  }));
}

describe('The pause', () => {
  it('keeps a run from deleting and from retiring, and says since when and why', async () => {
    // Prepare
    const { area, first } = await openServed();
    first.complete(0, [], NOW - 20 * DAY);
    await updateState(area.ledger, (state) => pause(state, 'we look into it', NOW));

    // Act
    const paused = await area.run({ retention: keepLast(1) });
    await updateState(area.ledger, resume);
    const resumed = await area.run();

    // Assess
    expect(paused.record).toMatchObject({
      executed: false,
      result: 'stopped',
      why: 'Deleting has been paused since 2027-03-01T00:00:00.000Z (we look into it). To resume: steward resume --execute',
      deleted: { objects: 0 },
      retired: 0,
    });
    expect(resumed.record.deleted.objects).toBe(2);
  });

  it('lets the quarantine go on', async () => {
    const area = await open('directory');
    playJob(area);
    await updateState(area.ledger, (state) => pause(state, '', NOW));
    await area.run();
    await updateState(area.ledger, resume);
    area.time = NOW + DAY;

    const { record } = await area.run();

    expect(record.deleted.objects).toBe(1);
  });

  it('stops a run that is deleting, before its next look at the roots', async () => {
    // Prepare
    const { area, first, second } = await openServed();
    const deleters = andThen(area, async () => {
      await updateState(area.ledger, (state) => pause(state, '', area.time));
      area.time += 30_000;
    });

    // Act
    const { record, applied } = await area.run({ deleters });

    // Assess
    expect(applied).toMatchObject({
      deleted: { objects: 1, bytes: 100 },
      stopped: 'Deleting has been paused since 2027-03-02T00:00:00.000Z. To resume: steward resume --execute',
    });
    expect(record).toMatchObject({ executed: true, result: 'stopped', why: applied?.stopped });
    expect(area.keys()).not.toContain(first.file(2));
    expect(area.keys()).toContain(second.file(2));
  });

  it('stops a run that it meets between its look at the area and its first deletion', async () => {
    const { area, first, second } = await openServed();
    const beforeActing = async () => {
      await updateState(area.ledger, (state) => pause(state, '', area.time));
    };

    const { record } = await area.run({ beforeActing });

    expect(record).toMatchObject({ result: 'stopped', deleted: { objects: 0 } });
    expect(area.keys()).toEqual(expect.arrayContaining([first.file(2), second.file(2)]));
  });

  it('keeps a root that is about to be retired', async () => {
    const { area, first } = await openServed();
    first.complete(0, [], NOW - 20 * DAY);
    area.time = NOW + 20 * DAY;
    const beforeActing = async () => {
      await updateState(area.ledger, (state) => pause(state, '', area.time));
    };

    const { record, retired } = await area.run({ beforeActing, retention: keepLast(1), sweep: null });

    expect(record).toMatchObject({ result: 'stopped', why: expect.stringMatching(/^Deleting has been paused since /) });
    expect(retired.retired).toEqual([]);
    expect(retired.kept.map(({ root, why }) => [root.key, why])).toEqual([[first.root(0), 'Deleting is paused.']]);
    expect((await readState(area.ledger)).retired).toEqual([]);
    expect(area.keys()).toContain(first.root(0));
  });
});

describe('A pin', () => {
  const RETIRES = { retention: keepLast(1), sweep: null };

  /** A job that has ended, with an older checkpoint that the policy retires. */
  async function openEnded(): Promise<{ area: Stewarded; job: PlayedJob; url: string }> {
    const area = await open('directory');
    const job = playJob(area);
    job.complete(0, [], NOW - 20 * DAY);
    area.time = NOW + 20 * DAY;
    return { area, job, url: `s3://bucket/${job.root(0)}` };
  }

  it('that comes between the look at the area and the retiring keeps its root', async () => {
    const { area, job, url } = await openEnded();
    const beforeActing = async () => {
      await updateState(area.ledger, (state) => pin(state, url, null, area.time));
    };

    const { retired } = await area.run({ beforeActing, ...RETIRES });

    expect(retired.retired).toEqual([]);
    expect(retired.kept.map(({ root, why }) => [root.key, why])).toEqual([
      [job.root(0), 'It has been pinned since it was judged.'],
    ]);
    expect((await readState(area.ledger)).retired).toEqual([]);
    expect(area.keys()).toContain(job.root(0));
  });

  it('that comes in the moment in which the run writes what it retires keeps its root', async () => {
    // Prepare
    const { area, job, url } = await openEnded();
    let isActing = false;
    const beforeActing = async () => {
      isActing = true;
    };
    area.onLedgerCall = async (call) => {
      if (isActing && call === 'ledger: write state') {
        isActing = false;
        await updateState(area.ledger, (state) => pin(state, url, null, area.time));
      }
    };

    // Act
    const { retired } = await area.run({ beforeActing, ...RETIRES });

    // Assess
    expect(retired.kept.map(({ why }) => why)).toEqual(['It has been pinned since it was judged.']);
    expect(await readState(area.ledger)).toMatchObject({ pins: [{ url }], retired: [] });
    expect(area.keys()).toContain(job.root(0));
  });

  it('is read again before a batch is deleted, whatever else keeps what its root names', async () => {
    // Prepare: without the rule that keeps what a root names, so that the pin is all there is.
    const { area, first, second } = await openServed();
    const judgements = JUDGEMENTS.filter(({ rule }) => rule !== 'named-by-root');
    const pinning = async (): Promise<void> => {
      await updateState(area.ledger, (state) => pin(state, `s3://bucket/${second.root(1)}`, null, area.time));
      area.time += 30_000;
    };
    await area.run({ judgements, survey: { settings: RULES }, execute: false });
    area.time += DAY;
    await area.run({ judgements, survey: { settings: RULES }, deleters: andThen(area, pinning) });

    expect(area.keys()).toEqual([first.root(1), second.file(1), second.file(3), second.root(1)].sort());
  });
});

describe('An interruption', () => {
  it('ends a run between two batches', async () => {
    const { area, first, second } = await openServed();
    const controller = new AbortController();
    const deleters = andThen(area, () => controller.abort());

    const { record } = await area.run({ deleters, signal: controller.signal });

    expect(record).toMatchObject({ result: 'stopped', why: 'It was interrupted.', deleted: { objects: 1 } });
    expect(area.keys()).not.toContain(first.file(2));
    expect(area.keys()).toContain(second.file(2));
  });

  it('ends a run that waits for its next batch, at once and with a record', async () => {
    // Prepare: whoever waits does so until the signal says otherwise.
    const { area, second } = await openServed();
    const controller = new AbortController();
    const wait = async (_: number, signal?: AbortSignal) => {
      const ended = new Promise((resolve) => signal?.addEventListener('abort', resolve));
      controller.abort();
      await ended;
    };

    // Act
    const { record } = await area.run({ deletesPerSecond: 1, wait, signal: controller.signal });

    // Assess
    expect(record).toMatchObject({ result: 'stopped', why: 'It was interrupted.', deleted: { objects: 1 } });
    expect(area.keys()).toContain(second.file(2));
  });

  it('ends a run that is still looking with the reason of the interruption, and gives the lease back', async () => {
    const { area } = await openServed();
    const reason = new Error('SIGINT');

    expect(await failureOf(() => area.run({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect((await area.run()).record.deleted.objects).toBe(2);
  });
});

describe('The lease', () => {
  it('is given back by a run, whatever became of it', async () => {
    const { area } = await openServed();
    const beforeActing = async () => {
      throw new Error('not today');
    };

    expect(await failureOf(() => area.run({ beforeActing }))).toEqual(new Error('not today'));
    expect((await area.run()).record.deleted.objects).toBe(2);
  });

  it('keeps a second run out while the first one acts, and nothing is changed', async () => {
    const { area } = await openServed();
    let second: unknown;
    const beforeActing = async () => {
      second = await failureOf(() => area.run());
    };

    const { record } = await area.run({ beforeActing });

    expect(second).toBeInstanceOf(LeaseHeldError);
    expect(String(second)).toMatch(
      /Another run holds the lease of the ledger the ledger in memory: collect, run 20270302T000000000Z-a2, on here\. Nothing was changed; wait until that run has ended\. If that run has died, its lease ends two minutes after 2027-03-02T00:01:30\.000Z\.$/,
    );
    expect(record.deleted.objects).toBe(2);
  });

  it('is renewed by a run that takes longer than it', async () => {
    const { area } = await openServed();
    const expiries: string[] = [];
    const deleters = andThen(area, async () => {
      area.time += LEASE_TIME - 15_000;
      expiries.push(JSON.parse((await area.ledger.readDocument('lease'))?.text ?? '').expires);
    });

    const { record } = await area.run({ deleters });

    expect(record).toMatchObject({ result: 'done', deleted: { objects: 2 } });
    expect(expiries).toEqual(['2027-03-02T00:01:30.000Z', '2027-03-02T00:02:45.000Z']);
  });

  it('stops a run at once that has lost it to another one, which then has the area to itself', async () => {
    // Prepare: the first run stands still for three minutes after its first batch, and another one takes over.
    const { area, first, second } = await openServed();
    let other: Lease | undefined;
    const deleters = andThen(area, async () => {
      area.time += LEASE_TIME + 121_000;
      other = await Lease.take(area.ledger, { run: 'other', command: 'x', holders: ALONE, now: () => area.time });
    });

    // Act
    const { record } = await area.run({ deleters });

    // Assess
    expect(record).toMatchObject({ result: 'stopped', deleted: { objects: 1 } });
    expect(record.why).toMatch(/^Run 20270302T000000000Z-a2 has lost its lease on the ledger/);
    expect(area.keys()).not.toContain(first.file(2));
    expect(area.keys()).toContain(second.file(2));
    await other?.hold();
    expect(other?.signal.aborted).toBe(false);
    await other?.release();
  });

  it('lets nothing go any more once it is lost, not even the rest of a batch', async () => {
    // Prepare
    const { area, first } = await openServed();
    const seen: (AbortSignal | undefined)[] = [];
    const deleters = area.deleters.map((deleter) => ({
      delete: async (batch: Parameters<GuardedDeleter['delete']>[0], signal?: AbortSignal) => {
        seen.push(signal);
        // As when the timer of the lease finds it ended while a batch is on its way.
        area.time += LEASE_TIME + 121_000;
        await area.ledger.writeDocument('lease', '{}', (await area.ledger.readDocument('lease'))?.tag ?? null);
        return await deleter.delete(batch, AbortSignal.abort());
      },
    }));

    // Act
    const { record, applied } = await area.run({ deleters });

    // Assess
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeInstanceOf(AbortSignal);
    expect(applied).toMatchObject({
      deleted: { objects: 0 },
      refused: 1,
      refusal: 'The run was stopped before this object was deleted.',
    });
    expect(record.result).toBe('stopped');
    expect(area.keys()).toContain(first.file(2));
  });
});

describe('The record of a run that failed', () => {
  it('says what it deleted before: its log is complete', async () => {
    const { area, first } = await openServed();
    const deleters = andThen(area, () => {
      throw new Error('killed');
    });

    await expect(area.run({ deleters })).rejects.toThrow('killed');

    const logged = [];
    for await (const { url, outcome, rule } of loggedDeletions(area.ledger)) logged.push({ url, outcome, rule });
    expect(logged).toEqual([{ url: `s3://bucket/${first.file(2)}`, outcome: 'unknown', rule: 'garbage' }]);
    area.time += MINUTE;
    expect((await area.run()).record.deleted.objects).toBe(1);
  });
});
