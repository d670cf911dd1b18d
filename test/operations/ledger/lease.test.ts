import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LEASE_TIME, Lease, LeaseHeldError } from '#operations/ledger/lease.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import type { Holder, Holders } from '#ports/holder.ts';
import { StoreError } from '#ports/object-store.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { failureOf } from '#test/support/object-store-contract.ts';

const START = Date.UTC(2027, 2, 1);
const MINUTE = 60_000;

let content: LedgerContent;
let ledger: MemoryLedger;
/** Fails a call after it was done, or lets it be. */
let fails: (call: string) => boolean;
let failsBefore: (call: string) => boolean;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  content = new LedgerContent();
  fails = () => false;
  failsBefore = () => false;
  ledger = new MemoryLedger(content, {
    ...OPEN,
    pass: async (call, effect) => {
      const failure = new StoreError('unavailable', `${call} timed out`);
      if (failsBefore(call)) throw failure;
      const result = effect();
      if (fails(call)) throw failure;
      return result;
    },
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const here = (name: string): Holder => ({ host: 'here', process: name });

function holders(self: Holder, ended: readonly string[] = []): Holders {
  return { self, hasEnded: ({ process }) => process !== null && ended.includes(process) };
}

async function take(run: string, who = holders(here(run))): Promise<Lease> {
  return await Lease.take(ledger, { run, command: 'collect', holders: who, now: Date.now });
}

function leaseDocument(): Record<string, unknown> {
  return JSON.parse(content.documents.get('lease')?.text ?? 'null');
}

describe('A lease', () => {
  it('is taken where there is none, and says whose it is', async () => {
    const lease = await take('one');

    expect(leaseDocument()).toEqual({
      run: 'one',
      command: 'collect',
      holder: { host: 'here', process: 'one' },
      expires: '2027-03-01T00:01:30.000Z',
      fence: 1,
    });
    await lease.hold();
    expect(lease.signal.aborted).toBe(false);
  });

  it('is nobody else’s while it holds, nor for two minutes after, because two clocks may differ by so much', async () => {
    await take('dead');
    for (const later of [0, LEASE_TIME, LEASE_TIME + 2 * MINUTE]) {
      vi.setSystemTime(START + later);
      expect(await failureOf(() => take('two'))).toBeInstanceOf(LeaseHeldError);
    }
    expect(leaseDocument()).toMatchObject({ run: 'dead', fence: 1 });

    vi.setSystemTime(START + LEASE_TIME + 2 * MINUTE + 1);
    await take('two');

    expect(leaseDocument()).toMatchObject({ run: 'two', fence: 2 });
  });

  it('is free at once where its holder is known to have ended', async () => {
    await take('dead');

    expect(await failureOf(() => take('two', holders(here('two'), ['another'])))).toBeInstanceOf(LeaseHeldError);
    await take('two', holders(here('two'), ['dead']));

    expect(leaseDocument()).toMatchObject({ run: 'two', fence: 2 });
  });

  it('is free once it was given back', async () => {
    await (await take('one')).release();
    expect(leaseDocument()).toMatchObject({ run: 'one', expires: null });

    await take('two');

    expect(leaseDocument()).toMatchObject({ run: 'two', fence: 2 });
  });

  it('goes to exactly one of several that ask at the same time', async () => {
    const results = await Promise.allSettled(['one', 'two', 'three'].map((run) => take(run)));

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('is held by whoever wrote it, though the answer to the writing was lost', async () => {
    fails = (call) => call === 'ledger: write lease';

    const lease = await take('one');

    fails = () => false;
    expect(leaseDocument()).toMatchObject({ run: 'one' });
    await lease.hold();
    expect(lease.signal.aborted).toBe(false);
  });

  it('is not held by who could not write it', async () => {
    failsBefore = (call) => call === 'ledger: write lease';

    expect(await failureOf(() => take('one'))).toEqual(new StoreError('unavailable', 'ledger: write lease timed out'));
  });
});

describe('The renewal of a lease', () => {
  it('happens every 15 seconds by itself', async () => {
    const lease = await take('one');

    await vi.advanceTimersByTimeAsync(10 * MINUTE);

    expect(leaseDocument()).toMatchObject({ run: 'one', fence: 1, expires: '2027-03-01T00:11:30.000Z' });
    expect(lease.signal.aborted).toBe(false);
    await lease.release();
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(leaseDocument()).toMatchObject({ expires: null });
  });

  it('survives failures, as long as one attempt before the end succeeds', async () => {
    const lease = await take('one');
    failsBefore = () => true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lease.signal.aborted).toBe(false);
    failsBefore = () => false;

    await vi.advanceTimersByTimeAsync(15_000);

    expect(leaseDocument()).toMatchObject({ expires: '2027-03-01T00:02:45.000Z' });
    await lease.hold();
  });

  it('survives that its answer is lost', async () => {
    const lease = await take('one');
    fails = (call) => call === 'ledger: write lease';
    await vi.advanceTimersByTimeAsync(15_000);
    fails = () => false;

    await vi.advanceTimersByTimeAsync(5 * MINUTE);

    expect(lease.signal.aborted).toBe(false);
    expect(leaseDocument()).toMatchObject({ run: 'one', expires: '2027-03-01T00:06:45.000Z' });
  });

  it('that fails until shortly before the end loses the lease, with a sentence', async () => {
    const lease = await take('one');
    failsBefore = () => true;

    await vi.advanceTimersByTimeAsync(LEASE_TIME);

    expect(lease.signal.aborted).toBe(true);
    const failure = await failureOf(() => lease.hold());
    expect(failure).toBeInstanceOf(LedgerError);
    expect(failure).toMatchObject({
      message:
        'Run one has lost its lease on the ledger: the lease could not be renewed in time, or another run has taken it. This run deletes nothing more; the next run continues.',
    });
  });

  it('finds out that another run has the lease, and gives nothing back that is not its own', async () => {
    // Prepare: this process stood still, and its timers with it.
    const lease = await take('one');
    vi.setSystemTime(START + LEASE_TIME + 2 * MINUTE + 1);
    const other = await take('two');

    // Act
    const failure = await failureOf(() => lease.hold());
    await lease.release();

    // Assess
    expect(failure).toBeInstanceOf(LedgerError);
    expect(lease.signal.aborted).toBe(true);
    expect(leaseDocument()).toMatchObject({ run: 'two', fence: 2, expires: '2027-03-01T00:05:00.001Z' });
    await other.hold();
    expect(other.signal.aborted).toBe(false);
  });

  it('goes on where nobody else has come in the meantime', async () => {
    const lease = await take('one');
    vi.setSystemTime(START + 10 * MINUTE);

    await lease.hold();

    expect(leaseDocument()).toMatchObject({ run: 'one', expires: '2027-03-01T00:11:30.000Z' });
  });

  it('sends nothing while the lease is fresh', async () => {
    const lease = await take('one');
    const { writes } = content;
    vi.setSystemTime(START + 15_000);
    await lease.hold();
    expect(content.writes).toBe(writes);

    vi.setSystemTime(START + 15_001);
    await lease.hold();
    await lease.hold();

    expect(content.writes).toBe(writes + 1);
  });

  it('never renews what was lost, and releasing never fails', async () => {
    const lease = await take('one');
    failsBefore = () => true;
    await vi.advanceTimersByTimeAsync(LEASE_TIME);
    failsBefore = () => false;
    const { writes } = content;

    await failureOf(() => lease.hold());
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(content.writes).toBe(writes);

    failsBefore = () => true;
    await lease.release();
  });
});
