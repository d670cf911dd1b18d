import { NumberColumn } from '#core/inventory/number-column.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import * as cutoff from './cutoffs.ts';
import type { Evidence, Grounds, OwnerState, Subject } from './evidence.ts';
import * as keeping from './keeping.ts';
import { type RootMarks, rootMarks } from './root-marks.ts';
import { baseId } from './rootless-directories.ts';
import type { JudgementRule, Verdict } from './verdicts.ts';

/** One rule: which verdict it gives, and to which objects. */
export interface Judgement {
  readonly rule: JudgementRule;
  readonly verdict: Verdict;
  readonly applies: (subject: Subject, evidence: Grounds) => boolean;
}

/**
 * The rules in order; the first that applies decides. Rules about live objects come first, so that a live object is
 * called live even if other rules protect it too; rules that depend on time come last. An object that no rule keeps
 * is garbage whose quarantine is over.
 */
export const JUDGEMENTS: readonly Judgement[] = [
  { rule: 'special-entry', verdict: 'keep-unknown', applies: keeping.isSpecial },
  { rule: 'pinned', verdict: 'keep-pinned', applies: keeping.isPinned },
  { rule: 'unreadable-root', verdict: 'keep-undecidable', applies: keeping.isUnreadableRoot },
  { rule: 'root', verdict: 'keep-live', applies: keeping.isRoot },
  { rule: 'named-by-root', verdict: 'keep-live', applies: keeping.isNamedByRoot },
  { rule: 'base-name', verdict: 'keep-live', applies: keeping.isKeptByBaseName },
  { rule: 'named-by-renamed-root', verdict: 'keep-protected', applies: keeping.isNamedByRenamedRoot },
  { rule: 'copy', verdict: 'keep-protected', applies: keeping.isCopyOfLive },
  { rule: 'high-availability', verdict: 'keep-protected', applies: keeping.isHighAvailability },
  { rule: 'protect-pattern', verdict: 'keep-protected', applies: keeping.isProtectedByPattern },
  { rule: 'steward-marker', verdict: 'keep-protected', applies: keeping.isStewardMarker },
  { rule: 'unknown-name', verdict: 'keep-unknown', applies: keeping.isUnknown },
  { rule: 'forst-working-files', verdict: 'keep-protected', applies: keeping.isForStInUse },
  { rule: 'taskowned', verdict: 'keep-protected', applies: keeping.isTaskOwned },
  { rule: 'savepoint-files', verdict: 'keep-protected', applies: keeping.isSavepointFile },
  { rule: 'directory-marker', verdict: 'keep-protected', applies: keeping.isMarkerInUse },
  { rule: 'min-age', verdict: 'keep-young', applies: cutoff.isYoung },
  { rule: 'running-checkpoint', verdict: 'keep-in-progress', applies: cutoff.isInProgress },
  { rule: 'rootless-directory', verdict: 'keep-in-progress', applies: cutoff.isRootless },
  { rule: 'no-later-checkpoint', verdict: 'keep-in-progress', applies: cutoff.lacksLaterCheckpoint },
  { rule: 'foreign-directory', verdict: 'keep-unknown', applies: cutoff.isForeign },
  { rule: 'undecidable-area', verdict: 'keep-undecidable', applies: cutoff.isUndecidable },
  { rule: 'quarantine', verdict: 'quarantined', applies: cutoff.isInQuarantine },
];

/** The rule that decided, and its verdict. */
export type Outcome = Pick<Judgement, 'rule' | 'verdict'>;

/** Of what no rule keeps. */
export const GARBAGE: Outcome = { rule: 'garbage', verdict: 'delete' };

/** Verdicts of all objects, a few bits each. */
export class Verdicts {
  readonly #decided: NumberColumn;
  readonly #outcomes: readonly Outcome[];

  /** @param decided of each object the place of its outcome. */
  constructor(decided: NumberColumn, outcomes: readonly Outcome[]) {
    this.#decided = decided;
    this.#outcomes = outcomes;
  }

  verdict(object: number): Verdict {
    return this.outcome(object).verdict;
  }

  rule(object: number): JudgementRule {
    return this.outcome(object).rule;
  }

  /** The same one for all objects for which the same rule decided. */
  outcome(object: number): Outcome {
    const isDecided = Number.isInteger(object) && object >= 0 && object < this.#decided.length;
    const outcome = isDecided ? this.#outcomes[this.#decided.get(object)] : undefined;
    if (outcome === undefined) {
      throw new RangeError(`No verdict was given on object ${object}.`);
    }
    return outcome;
  }
}

/** Judges every object of an area. @param judgements all of them, except in tests of a single rule. */
export function judgeAll(evidence: Evidence, judgements: readonly Judgement[] = JUDGEMENTS): Verdicts {
  return judgeEach(evidence, rootMarks(evidence), judgements);
}

/**
 * Judges every object that is at hand.
 *
 * @param judgements all of them, except in tests of a single rule.
 */
export function judgeEach(
  evidence: Grounds,
  roots: RootMarks,
  judgements: readonly Judgement[] = JUDGEMENTS,
): Verdicts {
  const decided = new NumberColumn(1);
  // In the order in which they first occur: most areas know three or four of them, which are two bits.
  const outcomes: Outcome[] = [];
  for (const { directoryId, first, count } of evidence.objects.stretches()) {
    const common = commonFacts(directoryId, first, evidence);
    for (let object = first; object < first + count; object++) {
      const outcome = outcomeOf(subjectAt(object, common, evidence, roots), evidence, judgements);
      const known = outcomes.indexOf(outcome);
      decided.push(known === -1 ? outcomes.push(outcome) - 1 : known);
    }
  }
  return new Verdicts(decided, outcomes);
}

/** Judges one object as {@link judgeEach} does. */
export function judgeObject(
  object: number,
  evidence: Grounds,
  roots: RootMarks,
  judgements: readonly Judgement[] = JUDGEMENTS,
): Outcome {
  return outcomeOf(subjectOf(object, evidence, roots), evidence, judgements);
}

function outcomeOf(subject: Subject, evidence: Grounds, judgements: readonly Judgement[]): Outcome {
  for (const judgement of judgements) {
    if (judgement.applies(subject, evidence)) return judgement;
  }
  return GARBAGE;
}

/** Gathers what the rules ask about one object. */
export function subjectOf(object: number, evidence: Grounds, roots: RootMarks): Subject {
  return subjectAt(object, commonFacts(evidence.objects.directoryId(object), object, evidence), evidence, roots);
}

/** What all objects of a directory have in common. */
type CommonFacts = Pick<Subject, 'owner' | 'rootlessSince'>;

/** @param object any of the directory. */
function commonFacts(directoryId: number, object: number, { objects, owners }: Grounds): CommonFacts {
  const owner = owners.ofDirectory(directoryId);
  return { owner, rootlessSince: rootlessSince(object, objects, owner) };
}

function subjectAt(
  object: number,
  { owner, rootlessSince }: CommonFacts,
  { objects }: Grounds,
  roots: RootMarks,
): Subject {
  return {
    object,
    kind: objects.kind(object),
    modified: objects.modified(object),
    owner,
    rootlessSince,
    root: roots.at(object),
    isNamedByPinned: roots.isNamedByPinned(object),
  };
}

function rootlessSince(
  object: number,
  objects: ObjectTable,
  { rootlessDirectories, foreignChangelogs }: OwnerState,
): number | null {
  if (rootlessDirectories.size === 0 && foreignChangelogs.size === 0) {
    return null;
  }
  const { location, class: itsClass } = objects.directory(object);
  const rootless = itsClass.role === 'changelog' ? foreignChangelogs : rootlessDirectories;
  return rootless.get(baseId(location, itsClass.base)) ?? null;
}
