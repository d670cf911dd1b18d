import { judgeObject, type Verdicts } from '#core/collect/judge.ts';
import type { Owner } from '#core/collect/owners.ts';
import { rootMarks } from '#core/collect/root-marks.ts';
import { endedOnly } from '#core/collect/staying.ts';
import type { Verdict } from '#core/collect/verdicts.ts';
import type { MonthlyCosts } from '#core/cost/monthly-costs.ts';
import { isoTime } from '#core/iso-time.ts';
import { decideRetention } from '#core/retention/decide.ts';
import { sayStarting } from '#core/retention/keep-reasons.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import { contextOf } from '#core/retention/subject.ts';
import type { Survey } from '#operations/look/survey.ts';
import { round } from './cost.ts';

/** What an area could save: now, in time, and by a word of its operator's. */

/** Objects, and what they cost. */
export interface Saving {
  readonly objects: number;
  readonly bytes: number;
  /** In the currency of the cost report; null where no prices hold. */
  readonly perMonth: number | null;
}

export interface SavingsView {
  /** Garbage: what collecting frees. */
  readonly reclaimable: Saving;
  /** In progress of jobs that are silent: it becomes garbage with time, or by a declaration. Null where there is none. */
  readonly waiting: WaitingSaving | null;
  /** What nothing but checkpoints of ended jobs references. Null where nothing is. */
  readonly endedJobs: (Saving & { readonly jobs: number }) | null;
  /** What `retain` frees, or would; null where no job has ended and nothing is to be retired, or nothing may be. */
  readonly retain: RetainSaving | null;
}

export interface WaitingSaving extends Saving {
  readonly jobs: number;
  /** When the first of them has been silent for `deadAfter`. */
  readonly from: string;
  /** The command that does not wait. */
  readonly command: string;
}

/** What becomes garbage when the policy has retired its checkpoints and savepoints, by the rules of any other run. */
export interface RetainSaving extends Saving {
  /** Whether `steward.json` has the policy already: then this is what it frees next. */
  readonly configured: boolean;
  /** The policy, as it is written there. */
  readonly setting: string;
  /** How many checkpoints and savepoints would be retired. */
  readonly roots: number;
  /** What keeps all of them, as a clause: a job that may have been restored from any. Null where nothing does. */
  readonly heldBy: string | null;
}

export interface SavingsInput {
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  /** Null where nothing is known of prices. */
  readonly monthly: MonthlyCosts | null;
  /** What is wanted of retention; null where that is not asked. */
  readonly retention: RetentionInput | null;
  /** Whether the job of an owner is silent: neither running nor ended. */
  readonly isSilent: (owner: Owner) => boolean;
}

/** What is proposed where nothing is configured: of each ended job its newest restore point. */
const PROPOSED = {
  setting: '"retain": [{ "path": "**", "endedJobs": { "keepLast": 1 } }]',
  policy: { matches: () => true, endedJobs: { keepLast: 1 }, savepoints: 'all' },
} as const;
const GARBAGE: ReadonlySet<Verdict> = new Set(['quarantined', 'delete']);
/** The rules by which a root keeps files: only what they keep can be freed without it. */
const KEPT_BY_ROOTS: ReadonlySet<string> = new Set(['named-by-root', 'base-name', 'copy']);
const REFERENCED: ReadonlySet<string> = new Set(['root', 'pinned', 'named-by-root']);

/** Adds up what can be saved. What `retain` frees is decided as a run would decide it, and judged as the run after it. */
export function savingsOf({ survey, verdicts, monthly, retention, isSilent }: SavingsInput): SavingsView {
  const { objects, owners, settings, undecidable } = survey;
  const [reclaimable, waiting, ended] = [new Sum(survey, monthly), new Sum(survey, monthly), new Sum(survey, monthly)];
  const isTheirs = endedOnly(survey);
  for (let object = 0; object < objects.size; object++) {
    const owner = owners.ofDirectory(objects.directoryId(object));
    const rule = verdicts.rule(object);
    if (GARBAGE.has(verdicts.verdict(object))) reclaimable.add(object, owner);
    else if (rule === 'no-later-checkpoint' && isSilent(owner)) waiting.add(object, owner);
    else if (REFERENCED.has(rule) && isTheirs(object, owner)) ended.add(object, owner);
  }
  const from = [...waiting.owners].reduce(
    (least, { lastWrite }) => Math.min(least, lastWrite),
    Number.POSITIVE_INFINITY,
  );
  const [only, ...others] = waiting.owners;
  return {
    reclaimable: reclaimable.told(),
    waiting:
      waiting.isNone || !Number.isFinite(from)
        ? null
        : {
            ...waiting.told(),
            jobs: waiting.owners.size,
            from: isoTime(from + settings.deadAfter),
            command: `steward declare-dead ${(others.length === 0 && only?.job) || 'JOB'} --execute`,
          },
    endedJobs: ended.isNone ? null : { ...ended.told(), jobs: ended.owners.size },
    retain:
      retention === null || undecidable.length > 0
        ? null
        : retainSaving({ survey, verdicts, monthly, retention }, !ended.isNone),
  };
}

/** By the decisions and the rules of a run, as if the roots had been retired. */
function retainSaving(
  {
    survey,
    verdicts,
    monthly,
    retention,
  }: Omit<SavingsInput, 'isSilent' | 'retention'> & { readonly retention: RetentionInput },
  hasEndedJobs: boolean,
): RetainSaving | null {
  const configured = retention.policies.length > 0;
  if (!configured && !hasEndedJobs) return null;
  const input = configured ? retention : { ...retention, policies: [PROPOSED.policy] };
  const retired = new Set(
    decideRetention(survey, input).flatMap(({ action, root }) => (action === 'retire' ? [root] : [])),
  );
  if (retired.size === 0 && !hasEndedJobs) return null;
  const [starting] = contextOf(survey, input).startingJobs;
  const freed = new Sum(survey, monthly);
  if (retired.size > 0) {
    const itself = new Set([...retired].map(({ object }) => object));
    const later = survey.without(retired);
    const roots = rootMarks(later);
    const { objects, owners } = survey;
    for (let object = 0; object < objects.size; object++) {
      // A retired `_metadata` is moved into the ledger, where it costs as much.
      const mayBeFreed = !later.reachability.isLive(object) && KEPT_BY_ROOTS.has(verdicts.rule(object));
      if (mayBeFreed && !itself.has(object) && GARBAGE.has(judgeObject(object, later, roots).verdict)) {
        freed.add(object, owners.ofDirectory(objects.directoryId(object)));
      }
    }
  }
  return {
    ...freed.told(),
    configured,
    setting: configured ? '"retain"' : PROPOSED.setting,
    roots: retired.size,
    heldBy: starting === undefined ? null : sayStarting(starting, 'one of them'),
  };
}

/** Objects that are counted one by one. */
class Sum {
  readonly owners = new Set<Owner>();
  readonly #survey: Survey;
  readonly #monthly: MonthlyCosts | null;
  #objects = 0;
  #bytes = 0;
  #perMonth: number | null = null;

  constructor(survey: Survey, monthly: MonthlyCosts | null) {
    this.#survey = survey;
    this.#monthly = monthly;
  }

  get isNone(): boolean {
    return this.#objects === 0;
  }

  add(object: number, owner: Owner): void {
    const { objects } = this.#survey;
    const bytes = objects.bytes(object);
    const cost = this.#monthly?.ofObject(owner.location, objects.storageClass(object), bytes) ?? null;
    this.owners.add(owner);
    this.#objects++;
    this.#bytes += bytes;
    this.#perMonth = cost === null ? this.#perMonth : (this.#perMonth ?? 0) + cost;
  }

  told(): Saving {
    const none = this.#monthly === null || this.#monthly.area() === null ? null : 0;
    const perMonth = this.#perMonth ?? none;
    return { objects: this.#objects, bytes: this.#bytes, perMonth: perMonth === null ? null : round(perMonth) };
  }
}
