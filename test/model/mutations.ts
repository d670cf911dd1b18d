import { JUDGEMENTS } from '#core/collect/judge.ts';
import type { JudgementRule } from '#core/collect/verdicts.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { FlinkRules } from './flink/flink.ts';
import { type Profile, profileOf } from './profile.ts';
import type { Mutation } from './steward.ts';
import { RootsListedOnce } from './store-mutants.ts';

/** What can be switched off: a rule of judgement by its name, or a step of a run. */
export type Switch =
  | JudgementRule
  /** The roots are listed in one round only. */
  | 'second-round'
  /** The roots are not read again before something is deleted. */
  | 'read-again'
  /** A store that contradicts itself is believed. */
  | 'contradiction'
  /** Reasons against deciding are not heeded. */
  | 'undecidable'
  /** Whoever wants the lease takes it, though somebody else holds it. */
  | 'lease';

export function mutationOf(off: ReadonlySet<Switch>): Mutation {
  return {
    judgements: JUDGEMENTS.filter(
      ({ rule }) => !(off.has(rule) || (rule === 'undecidable-area' && off.has('undecidable'))),
    ),
    ...(off.has('second-round') ? { store: (store) => new RootsListedOnce(store) } : {}),
    ...(off.has('contradiction') ? { believesLies: true } : {}),
    ...(off.has('lease') ? { stealsLeases: true } : {}),
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

/** One life of a kind; without a clean-up at its end. */
export function lifeOf(seed: number, kind: Kind): Profile {
  const profile = profileOf(seed);
  return { ...profile, settles: false, ...kind, flink: { ...profile.flink, ...kind.flink } };
}
