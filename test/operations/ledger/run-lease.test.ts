import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Lease, LeaseHeldError } from '#operations/ledger/lease.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { RUN_LEASE_TIME, RunLease } from '#operations/ledger/run-lease.ts';
import type { Holders } from '#ports/holder.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';

const START = Date.UTC(2027, 2, 1);
const MINUTE = 60_000;
const ENDED: Holders = { self: { host: 'here', process: '1' }, hasEnded: ({ process }) => process !== null };

let content: LedgerContent;
let ledger: MemoryLedger;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  content = new LedgerContent();
  ledger = new MemoryLedger(content, OPEN);
});
afterEach(() => {
  vi.useRealTimers();
});

function claim(run: string) {
  return { run, command: 'collect', holders: ENDED, now: Date.now };
}

function expiry(): string | null {
  return JSON.parse(content.documents.get('lease')?.text ?? 'null').expires;
}

describe('The lease of a run that many processes work for', () => {
  it('outlives the process that took it', async () => {
    // Prepare
    await RunLease.take(ledger, claim('one'));
    vi.setSystemTime(START + 29 * MINUTE);

    // Act
    const later = await RunLease.of(ledger, claim('one'));
    const other = RunLease.take(ledger, claim('two'));

    // Assess
    expect([later.signal.aborted, later.number]).toEqual([false, 1]);
    await expect(other).rejects.toThrow(LeaseHeldError);
  });

  it('keeps other runs away as any lease does, and is kept away by them', async () => {
    const lease = await Lease.take(ledger, { ...claim('one'), holders: { ...ENDED, hasEnded: () => false } });
    await expect(
      RunLease.take(ledger, { ...claim('two'), holders: { ...ENDED, hasEnded: () => false } }),
    ).rejects.toThrow(LeaseHeldError);
    await lease.release();

    await RunLease.take(ledger, claim('two'));

    await expect(Lease.take(ledger, claim('three'))).rejects.toThrow(/collect, run two/);
  });

  it('is the one of the first attempt, where an order is tried again, side by side too', async () => {
    // Act
    const [first, second] = await Promise.all([
      RunLease.take(ledger, { ...claim('one'), order: 'of Monday' }),
      RunLease.take(ledger, { ...claim('two'), order: 'of Monday' }),
    ]);
    const third = await RunLease.take(ledger, { ...claim('three'), order: 'of Monday' });

    // Assess
    expect([first.run, second.run, third.run]).toEqual(Array.from({ length: 3 }, () => first.run));
    expect([first.number, second.number, third.number]).toEqual([1, 1, 1]);
  });

  it.each([
    ['another order', 'of Tuesday'],
    ['no order', undefined],
  ])('is not that of the run of another order: %s', async (_, order) => {
    await RunLease.take(ledger, { ...claim('one'), order: 'of Monday' });

    const other = RunLease.take(ledger, { ...claim('two'), order });

    await expect(other).rejects.toThrow(LeaseHeldError);
  });

  it('is a new one where the run of an order has ended, and the order is tried again', async () => {
    await RunLease.take(ledger, { ...claim('one'), order: 'of Monday' });
    await RunLease.release(ledger, 'one');

    const again = await RunLease.take(ledger, { ...claim('two'), order: 'of Monday' });

    expect([again.run, again.number]).toEqual(['two', 2]);
  });

  it('is renewed by whoever looks at it, once half of it is over', async () => {
    // Prepare
    await RunLease.take(ledger, claim('one'));
    const taken = expiry();

    // Act
    vi.setSystemTime(START + 29 * MINUTE);
    await RunLease.of(ledger, claim('one'));
    const early = expiry();
    vi.setSystemTime(START + 31 * MINUTE);
    await Promise.all([RunLease.of(ledger, claim('one')), RunLease.of(ledger, claim('one'))]);

    // Assess
    expect([taken, early]).toEqual(Array(2).fill(new Date(START + RUN_LEASE_TIME).toISOString()));
    expect(expiry()).toBe(new Date(START + 31 * MINUTE + RUN_LEASE_TIME).toISOString());
  });

  it.each([
    ['it was given back', async () => await RunLease.release(ledger, 'one')],
    ['nobody renewed it in time', async () => void vi.setSystemTime(START + RUN_LEASE_TIME - MINUTE / 2)],
    ['another run has it', async () => await replaceRun()],
    ['the ledger was lost', async () => void content.documents.clear()],
  ])('is lost where %s, and stays so', async (_, lose) => {
    // Prepare
    const lease = await RunLease.take(ledger, claim('one'));
    await lease.hold();
    await lose();
    vi.setSystemTime(Math.max(Date.now(), START + MINUTE));

    // Act
    const looked = lease.hold();

    // Assess
    await expect(looked).rejects.toThrow(LedgerError);
    await expect(lease.hold()).rejects.toThrow('Run one has no lease on the ledger any more');
    await expect(RunLease.of(ledger, claim('one'))).rejects.toThrow(LedgerError);
    expect(lease.signal.aborted).toBe(true);
  });

  it('is looked at by each process once in ten seconds', async () => {
    // Prepare
    const lease = await RunLease.take(ledger, claim('one'));
    await lease.hold();
    content.documents.clear();

    // Act
    vi.setSystemTime(START + 9_999);
    await lease.hold();
    vi.setSystemTime(START + 10_000);
    const looked = lease.hold();

    // Assess
    await expect(looked).rejects.toThrow(LedgerError);
  });

  it('is not given back by a run that has lost it', async () => {
    await RunLease.take(ledger, claim('one'));
    await replaceRun();

    await RunLease.release(ledger, 'one');

    expect(expiry()).toBe(new Date(START + RUN_LEASE_TIME).toISOString());
  });
});

async function replaceRun(): Promise<void> {
  const known = await ledger.readDocument('lease');
  const record = { ...JSON.parse(known?.text ?? ''), run: 'two' };
  await ledger.writeDocument('lease', JSON.stringify(record), known?.tag ?? null);
}
