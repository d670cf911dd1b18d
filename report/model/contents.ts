import type { Verdicts } from '#core/collect/judge.ts';
import type { Owner } from '#core/collect/owners.ts';
import type { JudgementRule, Verdict } from '#core/collect/verdicts.ts';
import { type AgeBands, addToBands, emptyBands } from '#core/jobs/state-ages.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { TrendPoint } from './trend.ts';

/** The objects by age and by the reason why they are kept or deleted, counted in one pass. */
export class Contents {
  readonly ages: { readonly live: AgeBands; readonly garbage: AgeBands; readonly other: AgeBands } = {
    live: emptyBands(),
    garbage: emptyBands(),
    other: emptyBands(),
  };
  readonly reasons = new Map<JudgementRule, { readonly verdict: Verdict; objects: number; bytes: number }>();
  readonly #bytes = { live: 0, deletable: 0, quarantined: 0, other: 0 };

  /** @param age milliseconds. */
  add(verdict: Verdict, rule: JudgementRule, age: number, bytes: number): void {
    const reason = this.reasons.get(rule) ?? { verdict, objects: 0, bytes: 0 };
    this.reasons.set(rule, reason);
    reason.objects++;
    reason.bytes += bytes;
    const group = GROUP_OF[verdict] ?? 'other';
    addToBands(this.ages[group === 'live' || group === 'other' ? group : 'garbage'], age, bytes);
    this.#bytes[group] += bytes;
  }

  addAll(other: Contents): void {
    for (const [rule, { verdict, objects, bytes }] of other.reasons) {
      const reason = this.reasons.get(rule) ?? { verdict, objects: 0, bytes: 0 };
      this.reasons.set(rule, reason);
      reason.objects += objects;
      reason.bytes += bytes;
    }
    for (const group of ['live', 'garbage', 'other'] as const) {
      for (const unit of ['objects', 'bytes'] as const) {
        const sums = this.ages[group][unit];
        for (const [band, number] of other.ages[group][unit].entries()) {
          sums[band] = (sums[band] ?? 0) + number;
        }
      }
    }
    for (const group of ['live', 'deletable', 'quarantined', 'other'] as const) {
      this.#bytes[group] += other.#bytes[group];
    }
  }

  point(at: number): TrendPoint {
    return { at, ...this.#bytes };
  }
}

const GROUP_OF: Partial<Record<Verdict, 'live' | 'deletable' | 'quarantined'>> = {
  'keep-live': 'live',
  'keep-pinned': 'live',
  delete: 'deletable',
  quarantined: 'quarantined',
};

export interface AreaContents {
  readonly area: Contents;
  readonly byOwner: ReadonlyMap<Owner, Contents>;
}

export function contentsOf({ objects, owners, start }: Survey, verdicts: Verdicts): AreaContents {
  const area = new Contents();
  const byOwner = new Map<Owner, Contents>();
  for (let object = 0; object < objects.size; object++) {
    const owner = owners.ofDirectory(objects.directoryId(object));
    let own = byOwner.get(owner);
    if (own === undefined) {
      own = new Contents();
      byOwner.set(owner, own);
    }
    own.add(verdicts.verdict(object), verdicts.rule(object), start - objects.modified(object), objects.bytes(object));
  }
  for (const own of byOwner.values()) {
    area.addAll(own);
  }
  return { area, byOwner };
}
