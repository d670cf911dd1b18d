import { areaIdentity } from '#core/collect/breakers.ts';
import { withHealing } from '#core/guard/incident.ts';
import { isoTime } from '#core/iso-time.ts';
import { heal } from '#operations/guard/heal.ts';
import { updateIncident } from '#operations/ledger/incidents.ts';
import { LostPartError, type Part } from '#operations/ledger/line-parts.ts';
import { handOver, type LostObject, logHealing, takeOver } from '#operations/ledger/lost-objects.ts';
import { EMPTY_RUN, writeRun } from '#operations/ledger/run-records.ts';
import { updateUnhealed } from '#operations/ledger/unhealed.ts';
import { Pace } from '#operations/pace.ts';
import type { Wait } from '#operations/wait.ts';
import { openWriter } from './open-writer.ts';
import { newRun } from './run-identity.ts';
import { areaOf, type LedgeredSteward } from './steward.ts';

/** Brings lost live objects back that the guard has handed over, and says so. */

/** A thousand a minute, which a bucket hardly notices beside its jobs. */
const PER_SECOND = 1_000 / 60;

export interface HealReport {
  /** Name of this run, whose log in the ledger has each object. */
  readonly run: string;
  readonly restored: number;
  /** That could not come back. */
  readonly failed: number;
  /** That it did not come to: a survey has them brought back. */
  readonly left: number;
  /** That were there again, or that no root names any more. */
  readonly unneeded: number;
  readonly why: string | null;
}

/** @throws StoreError, LedgerError, LostPartError */
export async function healLosses(
  steward: LedgeredSteward,
  parts: readonly Part[],
  { signal, wait }: { readonly signal: AbortSignal; readonly wait?: Wait },
): Promise<HealReport> {
  const { ledger, locations, clock, input } = steward;
  const { run } = newRun(clock);
  const began = clock();
  const lost = await listed(ledger, parts);
  await logHealing(ledger, run, { planned: lost });
  const area = areaOf(steward);
  const { healed, left, stopped } = await heal(lost, {
    area,
    stores: input.locations.map(({ store }) => store),
    writers: await Promise.all(locations.map(({ reach }) => openWriter(reach))),
    ledger,
    pace: new Pace(PER_SECOND, clock, wait),
    signal,
  });
  await logHealing(ledger, run, { done: healed });
  const restored = healed.filter(({ outcome }) => outcome === 'restored').length;
  const failures = healed.filter(({ outcome }) => outcome === 'lost');
  const failed = failures.length;
  const why = stopped ?? failures[0]?.why ?? null;
  await writeRun(ledger, {
    ...EMPTY_RUN,
    run,
    command: 'heal',
    began: isoTime(began),
    ended: isoTime(clock()),
    area: [...areaIdentity(area)],
    executed: true,
    result: failed + left.length > 0 ? 'stopped' : restored > 0 ? 'done' : 'nothing-to-do',
    why,
    restored,
  });
  const open = await noteLeft(ledger, run, parts, left);
  await updateIncident(ledger, (known) => known && withHealing(known, { restored, failed, left: open, why }));
  return { run, restored, failed, left: left.length, unneeded: healed.length - restored - failures.length, why };
}

/** What is not there any more is not asked for again, each hour: surveys find what is missing. */
async function listed(ledger: LedgeredSteward['ledger'], parts: readonly Part[]): Promise<readonly LostObject[]> {
  try {
    return await takeOver(ledger, parts);
  } catch (error) {
    if (error instanceof LostPartError) await updateUnhealed(ledger, { done: parts });
    throw error;
  }
}

/** @returns how many objects are still to be healed, of all attempts. */
async function noteLeft(
  ledger: LedgeredSteward['ledger'],
  run: string,
  done: readonly Part[],
  left: readonly LostObject[],
): Promise<number> {
  const more =
    left.length === 0
      ? {}
      : { more: { parts: [...(await handOver(ledger, run, left))], objects: left.length, left: true } };
  const lists = await updateUnhealed(ledger, { done, ...more });
  return lists.reduce((sum, list) => sum + (list.left ? list.objects : 0), 0);
}
