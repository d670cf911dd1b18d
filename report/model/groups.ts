import { type Amount, amountOf, type Tally } from '#core/collect/totals.ts';
import { REASONS, type Verdict } from '#core/collect/verdicts.ts';
import type { Contents } from './contents.ts';
import type { ReportGroup, ReportGroups, ReportReason } from './document.ts';

/** The groups of verdicts in the report. */
const GROUPS = {
  live: ['keep-live', 'keep-pinned'],
  deletable: ['delete'],
  quarantined: ['quarantined'],
  young: ['keep-young'],
  inProgress: ['keep-in-progress'],
  protected: ['keep-protected'],
  unknown: ['keep-unknown'],
  undecided: ['keep-undecidable'],
} as const satisfies Record<ReportGroup, readonly Verdict[]>;

export function groupsOf(tally: Tally): ReportGroups {
  return {
    live: amountOf(tally, GROUPS.live),
    deletable: amountOf(tally, GROUPS.deletable),
    quarantined: amountOf(tally, GROUPS.quarantined),
    young: amountOf(tally, GROUPS.young),
    inProgress: amountOf(tally, GROUPS.inProgress),
    protected: amountOf(tally, GROUPS.protected),
    unknown: amountOf(tally, GROUPS.unknown),
    undecided: amountOf(tally, GROUPS.undecided),
  };
}

export function sumAmounts(amounts: readonly Amount[]): Amount {
  return {
    objects: amounts.reduce((sum, { objects }) => sum + objects, 0),
    bytes: amounts.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Sorts by bytes, most first. */
export function reasonsOf({ reasons }: Pick<Contents, 'reasons'>): readonly ReportReason[] {
  return [...reasons]
    .map(([rule, { verdict, objects, bytes }]) => ({ rule, verdict, text: REASONS[rule], objects, bytes }))
    .sort((a, b) => b.bytes - a.bytes || b.objects - a.objects);
}
