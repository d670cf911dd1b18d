import { JUDGEMENTS } from '#core/collect/judge.ts';
import type { JudgementRule } from '#core/collect/verdicts.ts';
import type { RetentionRule } from '#core/retention/decide.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { FlinkRules } from './flink/flink.ts';
import { type Profile, profileOf } from './profile.ts';
import type { Mutation } from './steward.ts';
import { RootsListedOnce, WithoutArchives } from './store-mutants.ts';

/** Steps of a run that can be switched off. */
export const STEPS = [
  /** A changelog that no root names counts as that of whoever has roots. */
  'changelog-ownership',
  /** Every folder looks as if entropy had been put in. */
  'entropy-ownership',
  /** The roots are listed in one round only. */
  'second-round',
  /** The roots are not read again before something is deleted. */
  'read-again',
  /** A store that denies what it lists is believed. */
  'contradiction',
  /** The content that was read need not have the ETag that was listed. */
  'read-etags',
  /** What was pinned after it was judged is retired all the same. */
  'pins-again',
  /** Another job's checkpoint that references files of a directory shows that the directory's job has ended. */
  'loose-successors',
  /** No empty key that marks a folder counts as a write. */
  'folder-markers',
  /** Former runs are told apart without any silence between them. */
  'loose-former-runs',
  /** Reasons against deciding are not heeded. */
  'undecidable',
  /** Markers show to nobody but who wrote them, by the name by which that was done. */
  'markers',
  /** Every breaker is accepted that a person can accept. */
  'breakers',
  /** What has changed since it was judged is deleted all the same. */
  'etags',
  /** Nobody heeds a pause. */
  'pause',
  /** Whoever wants the lease takes it, though somebody else holds it. */
  'lease',
  /** Nobody looks at what is around the area. */
  'scope',
  /** What is in an archive counts as any other object. */
  'archived-files',
  /** A run says nothing of what the store has refused to delete. */
  'refusals',
  /** A page of a listing that leads back to an earlier one is followed as any other. */
  'page-trail',
  /** A batch that the store does not understand is refused as a whole. */
  'halved-batches',
  /** A copy of a root in the ledger that is damaged ends the run. */
  'damaged-copies',
  /** A root that was copied onto itself is as young as that copy. */
  'first-seen-contents',
  /** Zeros in the name of a savepoint are digits of a job id. */
  'zero-digits',
  /** A ledger that has lost what people said goes on as if they had said nothing. */
  'lost-state',
  /** A pin is known by the name of its place alone. */
  'pins-by-place',
  /** Of a copied ledger, that one and the original count as one. */
  'ledger-place',
  /** Nobody notices that a ledger is behind the markers of its area. */
  'ledger-number',
  /** A root that was put back is known by its ETag alone. */
  'put-back',
  /** Nobody looks before a root is put back. */
  'undo-looks',
  /** The files of a retired savepoint are those of a savepoint. */
  'retired-savepoint-files',
] as const;

/** What can be switched off: a rule of judgement or of retention by its name, or a step of a run. */
export type Switch = JudgementRule | `retain: ${RetentionRule}` | (typeof STEPS)[number];

export function mutationOf(off: ReadonlySet<Switch>): Mutation {
  return {
    judgements: JUDGEMENTS.filter(
      ({ rule }) => !(off.has(rule) || (rule === 'undecidable-area' && off.has('undecidable'))),
    ),
    ...mutatedStore(off),
    believesLies: off.has('contradiction') || off.has('read-etags'),
    hidesMarkers: off.has('markers'),
    acceptsBreakers: off.has('breakers'),
    ignoresEtags: off.has('etags'),
    stealsLeases: off.has('lease'),
    ignoresSurroundings: off.has('scope'),
  };
}

function mutatedStore(off: ReadonlySet<Switch>): Pick<Mutation, 'store'> {
  if (off.has('second-round')) return { store: (store) => new RootsListedOnce(store) };
  return off.has('archived-files') ? { store: (store) => new WithoutArchives(store) } : {};
}

/** What a survey says with steps of it switched off. */
export function mutatedSurvey(survey: Survey, off: ReadonlySet<Switch>): Survey {
  const undecidable = off.has('undecidable') ? [] : survey.undecidable;
  return {
    ...survey,
    undecidable,
    readAgain: async () => {
      const doubts = off.has('read-again') ? [] : await survey.readAgain();
      return off.has('undecidable') ? [] : doubts;
    },
  };
}

/** A kind of life in which a rule matters. */
export interface Kind extends Partial<Omit<Profile, 'seed' | 'flink'>> {
  readonly flink?: Partial<FlinkRules>;
}

/** One life of a kind; rightly named and without a clean-up at its end, unless the kind says otherwise. */
export function lifeOf(seed: number, kind: Kind): Profile {
  const profile = profileOf(seed);
  const plain = { settles: false, naming: 'right', copies: 'none' } as const;
  return { ...profile, ...plain, ...kind, flink: { ...profile.flink, ...kind.flink } };
}
