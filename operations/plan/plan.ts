import { type BreakerMemory, NO_BREAKER_MEMORY, type TrippedBreaker, trippedBreakers } from '#core/collect/breakers.ts';
import type { Verdicts } from '#core/collect/judge.ts';
import { type QuarantineEnds, quarantineEnds } from '#core/collect/quarantine-ends.ts';
import { type Tally, type Totals, tallyOf } from '#core/collect/totals.ts';
import type { JudgementRule, Verdict } from '#core/collect/verdicts.ts';
import { isoTime } from '#core/iso-time.ts';
import { type DamageMemory, damageFindings, NO_DAMAGE_MEMORY } from '#core/jobs/damage.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import type { Labels } from '#core/jobs/labels.ts';
import type { LedgerState } from '#operations/ledger/state.ts';
import type { Survey } from '#operations/look/survey.ts';
import { notes } from '#operations/report/audit-notes.ts';
import { describeFinding } from '#operations/report/damage-words.ts';
import { type PinFinding, pinFindings } from '#operations/report/pin-findings.ts';

/** What a run would do, object by object. Executes nothing. */

/** When the garbage in quarantine may go; null where no quarantine has begun. */
export interface QuarantineView {
  readonly firstEnds: string | null;
  readonly lastEnds: string | null;
  /** Garbage that no earlier run has recorded. */
  readonly unremembered: number;
}

/** What a run would do, summed up. */
export interface PlanReport {
  /** The job as it was named, where totals, reasons and quarantine are of its objects only; absent where they are of all. */
  readonly job?: string | undefined;
  readonly area: readonly string[];
  readonly start: string;
  readonly totals: Tally;
  /** How many objects each rule decided. */
  readonly reasons: readonly CountedReason[];
  /** When the garbage in quarantine may go. */
  readonly quarantine: QuarantineView;
  readonly undecidable: readonly { readonly code: string; readonly object: string; readonly sentence: string }[];
  readonly breakers: readonly TrippedBreaker[];
  readonly findings: readonly ({ readonly kind: 'damaged-checkpoint'; readonly sentence: string } | PinFinding)[];
  readonly notes: readonly string[];
}

/** What earlier runs tell of breakers and damage, and what people have said; without a ledger nothing. */
export interface PlanMemory {
  readonly state: LedgerState | null;
  readonly breakers: BreakerMemory;
  readonly damage: DamageMemory;
}

const NOTHING_KNOWN: PlanMemory = { state: null, breakers: NO_BREAKER_MEMORY, damage: NO_DAMAGE_MEMORY };

/** A part of the objects of an area. */
export interface PlanPart {
  /** The job whose objects they are, as it was named. */
  readonly job: string;
  has(object: number): boolean;
}

/** A survey and its verdicts. */
export interface PlanInput {
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  readonly totals: Totals;
  readonly labels: Labels;
  /** When the quarantine of new garbage begins; null where this is no run. @default null */
  readonly quarantineBegins?: number | null;
  /** @default nothing, as without a ledger */
  readonly memory?: PlanMemory;
  /** The objects that are counted; breakers and findings are of the whole area in any case. @default all */
  readonly part?: PlanPart | undefined;
}

/** Sums up what a run would do, without doing anything. */
export function plan({
  survey,
  verdicts,
  totals,
  labels,
  quarantineBegins = null,
  memory = NOTHING_KNOWN,
  part,
}: PlanInput): PlanReport {
  const jobs = jobsOf(survey, totals, labels);
  const isMeant = (object: number): boolean => part?.has(object) ?? true;
  return {
    ...(part === undefined ? {} : { job: part.job }),
    area: survey.area.locations.map(({ name }) => name),
    start: isoTime(survey.start),
    totals: part === undefined ? totals.area : tallyOf(survey, verdicts, isMeant),
    reasons: countReasons(survey, verdicts, isMeant),
    quarantine: viewQuarantine(quarantineEnds(survey, verdicts, quarantineBegins, isMeant)),
    undecidable: survey.undecidable,
    breakers: trippedBreakers(survey, totals, memory.breakers),
    findings: [
      ...damageFindings(survey, jobs, memory.damage).map((finding) => ({
        kind: 'damaged-checkpoint' as const,
        sentence: describeFinding(survey, finding, jobs),
      })),
      ...pinFindings(survey, memory.state),
    ],
    notes: notes(survey),
  };
}

/** The times as people read them. */
export function viewQuarantine({ first, last, unremembered }: QuarantineEnds): QuarantineView {
  const timeOf = (time: number | null): string | null => (time === null ? null : isoTime(time));
  return { firstEnds: timeOf(first), lastEnds: timeOf(last), unremembered };
}

/** How many objects a rule decided, and their bytes. */
export interface CountedReason {
  readonly rule: JudgementRule;
  readonly verdict: Verdict;
  readonly objects: number;
  readonly bytes: number;
}

/** The most bytes first. @param isMeant which objects are counted. @default all */
export function countReasons(
  { objects }: Pick<Survey, 'objects'>,
  verdicts: Verdicts,
  isMeant: (object: number) => boolean = () => true,
): readonly CountedReason[] {
  const counts = new Map<JudgementRule, { rule: JudgementRule; verdict: Verdict; objects: number; bytes: number }>();
  for (let object = 0; object < objects.size; object++) {
    if (!isMeant(object)) continue;
    const { rule, verdict } = verdicts.outcome(object);
    let count = counts.get(rule);
    if (count === undefined) {
      count = { rule, verdict, objects: 0, bytes: 0 };
      counts.set(rule, count);
    }
    count.objects++;
    count.bytes += objects.bytes(object);
  }
  return [...counts.values()].sort((a, b) => b.bytes - a.bytes);
}
