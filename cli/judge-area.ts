import { setImmediate as turn } from 'node:timers/promises';
import type { ProtectPatterns } from '#config/glob.ts';
import type { StewardConfig } from '#config/steward-config.ts';
import { judgeAll, type Verdicts } from '#core/collect/judge.ts';
import { type Totals, tally } from '#core/collect/totals.ts';
import { type DamageMemory, NO_DAMAGE_MEMORY } from '#core/jobs/damage.ts';
import { type BucketToCheck, bucketsOf } from '#operations/bucket-rules/check-rules.ts';
import { openLedger } from '#operations/ledger/ledger.ts';
import { damageMemory, type Recollection } from '#operations/ledger/run-memory.ts';
import type { LedgerState } from '#operations/ledger/state.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import { type Survey, survey } from '#operations/look/survey.ts';
import type { Billing } from '#operations/report/cost.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { billingOf } from '#steward/billing.ts';
import { type AreaOptions, type Judging, type PreparedArea, prepareArea } from './area-options.ts';
import { idlePatterns } from './idle-patterns.ts';
import type { Io } from './io.ts';
import { complain } from './print/complaint.ts';
import { noteLeftOut } from './typed-part.ts';

/** Surveys and judges an area for commands that only look. */

export interface JudgedArea {
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  readonly totals: Totals;
  readonly config: StewardConfig;
  /** What the locations were asked for, and at whose prices. */
  readonly billing: Billing;
  /** Those of the locations that are buckets. */
  readonly buckets: readonly BucketToCheck[];
  /** Which roots were damaged before, as far as a ledger knows. */
  readonly damage: DamageMemory;
  /** What people have said, where there is a ledger. */
  readonly state: LedgerState | null;
  /** Null where there is none, or nothing in it. */
  readonly ledger: LedgerStore | null;
}

/** Surveys and judges the area that the arguments, or else the configuration, name. Changes nothing, nor the ledger. */
export async function judgeArea(
  places: readonly string[],
  options: AreaOptions,
  io: Io,
  judging: Judging = {},
): Promise<JudgedArea> {
  return await judgePrepared(await prepareArea(places, options, io, judging), io);
}

/** As {@link judgeArea}, of an area that is opened. */
export async function judgePrepared(prepared: PreparedArea, io: Io): Promise<JudgedArea> {
  const { config, locations } = prepared;
  noteLeftOut(prepared, io);
  const { survey: surveyed, lost, memory, state } = await look(prepared).finally(prepared.endProgress);
  for (const sentence of lost) {
    complain(`Note: ${sentence}`, io);
  }
  const verdicts = judgeAll(surveyed);
  noteIdlePatterns(prepared.patterns, surveyed, io);
  // To judge leaves no time to hear of an interruption; what came meanwhile is heard before anything is written.
  await turn();
  io.signal?.throwIfAborted();
  const billing = await billingOf(config, locations);
  return {
    survey: surveyed,
    verdicts,
    totals: tally(surveyed, verdicts),
    config,
    billing,
    buckets: bucketsOf(locations),
    damage: memory === null ? NO_DAMAGE_MEMORY : damageMemory(memory, surveyed.area),
    state,
    ledger: state === null ? null : (prepared.ledger?.store ?? null),
  };
}

interface Looked {
  readonly survey: Survey;
  readonly lost: readonly string[];
  readonly memory: Recollection | null;
  readonly state: LedgerState | null;
}

/** With what the ledger remembers, where there is one. */
async function look({ input, ledger }: PreparedArea): Promise<Looked> {
  if (ledger === null || (await openLedger(ledger.store)) === null) {
    return { survey: await survey(input), lost: [], memory: null, state: null };
  }
  const { survey: surveyed, lost, recollection, state } = await rememberedSurvey(ledger.store, input, false);
  return { survey: surveyed, lost, memory: recollection, state };
}

export function noteIdlePatterns(patterns: ProtectPatterns, surveyed: Survey, io: Io): void {
  if (surveyed.objects.size > 0) {
    for (const pattern of idlePatterns(patterns, surveyed)) {
      complain(
        `Note: protect: ${JSON.stringify(pattern)} matches nothing here; if it was to keep something, check how it is written.`,
        io,
      );
    }
  }
}
