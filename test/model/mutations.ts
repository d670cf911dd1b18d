import { JUDGEMENTS } from '#core/collect/judge.ts';
import type { JudgementRule } from '#core/collect/verdicts.ts';
import type { RetentionRule } from '#core/retention/decide.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { FlinkRules } from './flink/flink.ts';
import { type Profile, profileOf } from './profile.ts';
import type { Mutation } from './steward.ts';
import { RootsListedOnce } from './store-mutants.ts';

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
] as const;

/** What can be switched off: a rule of judgement or of retention by its name, or a step of a run. */
export type Switch = JudgementRule | `retain: ${RetentionRule}` | (typeof STEPS)[number];

export function mutationOf(off: ReadonlySet<Switch>): Mutation {
  return {
    judgements: JUDGEMENTS.filter(
      ({ rule }) => !(off.has(rule) || (rule === 'undecidable-area' && off.has('undecidable'))),
    ),
    ...(off.has('second-round') ? { store: (store) => new RootsListedOnce(store) } : {}),
    believesLies: off.has('contradiction') || off.has('read-etags'),
    hidesMarkers: off.has('markers'),
    acceptsBreakers: off.has('breakers'),
    ignoresEtags: off.has('etags'),
    stealsLeases: off.has('lease'),
  };
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
