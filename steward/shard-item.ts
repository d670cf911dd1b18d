import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { RunLease } from '#operations/ledger/run-lease.ts';
import { Pace } from '#operations/pace.ts';
import { type ActingAccess, collectionPhase } from '#operations/shards/collection-phases.ts';
import { LOOK, type ScopePass } from './check-surroundings.ts';
import type { Access } from './open-access.ts';
import { openRun } from './opened-shards.ts';
import { endingWith, type RunLimits } from './run.ts';
import type { LedgeredSteward } from './steward.ts';

/** One item of a collection in shards. */

/** Items that delete, at once. */
export const SWEEPS_AT_ONCE = 2;

/** An item of a phase: names alone. */
export interface ShardItem {
  readonly run: string;
  readonly phase: string;
  readonly item: string;
}

/** What an item may use besides reading. */
export interface ItemRights {
  /** By location; empty for who may delete nothing. */
  readonly access: readonly Access[];
  /** How much of what is around the area is listed, where that is due. @default nothing */
  readonly scope?: ScopePass;
}

/**
 * Does an item. A second attempt does the same again, and writes over what the first one left.
 *
 * @throws LedgerError where the run has lost its lease; LostPartError, StoreError, ClockError
 */
export async function runShardItem(
  steward: LedgeredSteward,
  { run, phase: name, item }: ShardItem,
  { access, scope = LOOK }: ItemRights,
  { soft, hard }: RunLimits = {},
): Promise<void> {
  const { ledger, clock, config } = steward;
  const lease = await RunLease.of(ledger, { run, now: clock });
  const phase = collectionPhase(name);
  const signal = phase.deletes === true ? lease.signal : soft;
  const { context } = await openRun(steward, run, { scope, signal });
  // An attempt that Lambda has kept back: another one has done the item, and what it wrote was read.
  if (await context.files.hasEnded(name)) return;
  const sweep = {
    deleters: access.map(({ deleter }) => (hard === undefined ? deleter : endingWith(hard, deleter))),
    writers: access.map(({ writer }) => writer),
    lease: untilEnded(lease, async () => await context.files.hasEnded(name)),
    pace: new Pace(config.deletesPerSecond / SWEEPS_AT_ONCE, clock),
    now: clock,
    soft,
  };
  const output = await phase.run(item, context, { run, sweep: access.length === 0 ? null : sweep });
  // Meanwhile another one may have done it, and what later phases have read must stay what it was.
  if (await context.files.hasEnded(name)) return;
  await context.files.write(name, item, output);
}

/** The lease of a late attempt: once its phase has ended, what it deletes would be on record after that was certified. */
function untilEnded(lease: RunLease, hasEnded: () => Promise<boolean>): ActingAccess['lease'] {
  return {
    number: lease.number,
    signal: lease.signal,
    hold: async () => {
      await lease.hold();
      if (await hasEnded()) {
        throw new LedgerError(
          'Another attempt has done all that this one was to do, so this one deletes nothing more.',
        );
      }
    },
  };
}
