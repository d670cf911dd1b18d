import { once } from 'node:events';
import pc from 'picocolors';
import { expect } from 'vitest';
import { run } from '#cli/program.ts';
import type { BuiltSteward } from '#test/cli/built-steward.ts';
import { type ActingBucket, LEDGER, reach } from './acting-bucket.ts';
import { seeded } from './fault-proxy.ts';

/** Runs `steward collect --execute` in this process, by the machine's clock. @returns the exit status. */
export async function collectHere(cwd: string, bucket: ActingBucket): Promise<number> {
  return await run(['collect', ...reach(bucket.s3.url), '--execute'], {
    cwd,
    clock: Date.now,
    columns: 100,
    colors: pc.createColors(false),
    out: () => undefined,
    err: () => undefined,
  });
}

/**
 * Kills the command at requests that a seed chooses, before or after the store has done what was asked, and has
 * another run go on from what that leaves.
 */
export async function killAndGoOn(
  steward: BuiltSteward,
  cwd: string,
  bucket: ActingBucket,
  { seed, kills }: { readonly seed: number; readonly kills: number },
): Promise<void> {
  const chance = seeded(seed);
  const restore = bucket.snapshot();
  const requests = await requestsOf(async () => {
    expect(await collectHere(cwd, bucket)).toBe(0);
  }, bucket);
  for (let kill = 0; kill < kills; kill++) {
    restore();
    const nth = 1 + Math.floor(chance() * requests);
    const isDone = chance() < 0.5;
    const told = `seed ${seed}, kill ${kill + 1}: at request ${nth} of ${requests}, ${isDone ? 'done' : 'not done'}`;
    const child = steward.start(cwd, ['collect', ...reach(bucket.s3.url), '--execute']);
    const ended = once(child, 'close');
    const callback = (): void => void child.kill('SIGKILL');
    const withdraw = bucket.s3.faults.add({
      match: { nth },
      do: isDone ? { kind: 'run', callback } : [{ kind: 'run', callback }, { kind: 'reset' }],
    });
    await ended;
    withdraw();
    expect(bucket.harm(), told).toEqual([]);
    expect(await collectHere(cwd, bucket), told).toBe(0);
    expect(bucket.harm(), told).toEqual([]);
    // The root that is retired may have gone in either run; its file serves its quarantine yet.
    const { root, file } = bucket.retiring;
    expect(bucket.left(), told).toEqual([file]);
    expect(
      bucket.s3.keys(LEDGER).some((key) => key.includes('/retired/')),
      `${told}: ${root}`,
    ).toBe(true);
  }
  restore();
}

async function requestsOf(action: () => Promise<void>, { s3 }: ActingBucket): Promise<number> {
  const sum = (): number => Object.values(s3.log.counts()).reduce((all, count) => all + count, 0);
  const before = sum();
  await action();
  return sum() - before;
}
