import { areaIdentity } from '#core/collect/breakers.ts';
import { withHealing } from '#core/guard/incident.ts';
import { isoTime } from '#core/iso-time.ts';
import { heal } from '#operations/guard/heal.ts';
import { updateIncident } from '#operations/ledger/incidents.ts';
import type { Part } from '#operations/ledger/line-parts.ts';
import { logHealing, takeOver } from '#operations/ledger/lost-objects.ts';
import { EMPTY_RUN, writeRun } from '#operations/ledger/run-records.ts';
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
  const lost = await takeOver(ledger, parts);
  await logHealing(ledger, run, { planned: lost });
  const area = areaOf(steward);
  const { healed, stopped } = await heal(lost, {
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
  const left = lost.length - healed.length;
  const failed = failures.length + left;
  const why = stopped ?? failures[0]?.why ?? null;
  await writeRun(ledger, {
    ...EMPTY_RUN,
    run,
    command: 'heal',
    began: isoTime(began),
    ended: isoTime(clock()),
    area: [...areaIdentity(area)],
    executed: true,
    result: failed > 0 ? 'stopped' : restored > 0 ? 'done' : 'nothing-to-do',
    why,
    restored,
  });
  await updateIncident(ledger, (known) => known && withHealing(known, { restored, failed, why }));
  return { run, restored, failed, unneeded: healed.length - restored - failures.length, why };
}
