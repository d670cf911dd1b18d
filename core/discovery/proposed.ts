import type { Place } from '../flink/state-path.ts';
import type { Elsewhere } from './elsewhere.ts';
import type { LabelPattern } from './label-patterns.ts';

/** What is proposed for `steward.json`, with the reason for each entry. */

/** What a place that checkpoints reference answered. */
export interface ElsewhereAnswer extends Elsewhere {
  /** `foreign`: no store that the steward can scan. */
  readonly state: 'there' | 'empty' | 'absent' | 'denied' | 'unknown' | 'foreign';
}

/** A reason, and whether it is a guess. */
export interface Reasoned {
  readonly why: string;
  readonly unsure: boolean;
}

export interface ProposedLocation extends Reasoned {
  readonly place: Place;
  /** The URL by which references know a directory; null where they know it by its path, and for buckets. */
  readonly as: string | null;
}

export interface ProposedMapping extends Reasoned {
  readonly from: string;
  readonly to: string;
}

/** Everything that is proposed. */
export interface Proposal {
  readonly area: readonly ProposedLocation[];
  readonly protect: readonly (Reasoned & { readonly pattern: string })[];
  readonly labels: readonly LabelPattern[];
  readonly outside: readonly (Reasoned & { readonly url: string })[];
  readonly copies: readonly ProposedMapping[];
  readonly aliases: readonly ProposedMapping[];
}
