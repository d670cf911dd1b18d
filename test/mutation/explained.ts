/** Why no test can notice a mutant. */
export interface Explained {
  readonly file: string;
  readonly code: string;
  /** What the code is replaced by. */
  readonly becomes: readonly string[];
  readonly why: string;
}

export const EXPLAINED: readonly Explained[] = [
  {
    file: 'core/collect/copies.ts',
    code: 'folder !== null',
    becomes: ['true'],
    why: 'Two places without a job have the same one, null, and the line below asks for two.',
  },
  {
    file: 'core/collect/cutoffs.ts',
    code: 'owner.running.length === 0',
    becomes: ['false'],
    why: 'It saves a look: `some` of no jobs is false.',
  },
  {
    file: 'core/collect/cutoffs.ts',
    code: '{ return false; }',
    becomes: ['{}'],
    why: 'It saves a look: `some` of no jobs is false.',
  },
  {
    file: 'core/collect/cutoffs.ts',
    code: 'owner.job !== null',
    becomes: ['true'],
    why: 'No foreign job has the id null.',
  },
  {
    file: 'core/collect/judge.ts',
    code: '[]',
    becomes: ['["Stryker was here"]'],
    why: 'Objects are given the index of an outcome that was added after it.',
  },
  {
    file: 'core/collect/judge.ts',
    code: 'known === -1',
    becomes: ['true'],
    why: 'An outcome is there several times, and says the same each time. It takes memory.',
  },
  {
    file: 'core/collect/judge.ts',
    code: 'rootlessDirectories.size === 0 && foreignChangelogs.size === 0',
    becomes: ['false'],
    why: 'It saves the look into two empty maps.',
  },
  {
    file: 'core/collect/judge.ts',
    code: '{ return null; }',
    becomes: ['{}'],
    why: 'It saves the look into two empty maps.',
  },
  {
    file: 'core/collect/liveness.ts',
    code: '[]',
    becomes: ['["Stryker was here"]'],
    why: 'That is no path of the area, so that nobody is its owner.',
  },
  {
    file: 'core/collect/liveness.ts',
    code: "place.within === 'area'",
    becomes: ['true'],
    why: 'Other places have no owner either: undefined is the id of none.',
  },
  {
    file: 'core/retention/decide.ts',
    code: "'job'",
    becomes: ['""'],
    why: "It is only asked whether the word is 'label'.",
  },
  {
    file: 'core/retention/decide.ts',
    code: "limits === 'all'",
    becomes: ['false'],
    why: 'A text has no limits, so that the list is empty in either way.',
  },
  {
    file: 'core/retention/decide.ts',
    code: "'all'",
    becomes: ['""'],
    why: 'A text has no limits, so that the list is empty in either way.',
  },
  {
    file: 'core/retention/groups.ts',
    code: "kind !== 'savepoint'",
    becomes: ['false'],
    why: 'Only the name of a savepoint tells digits, so that the other condition holds for all others.',
  },
  {
    file: 'core/retention/groups.ts',
    code: '[]',
    becomes: ['["Stryker was here"]'],
    why: 'A text has neither a job nor an id: that is one directory of a job called undefined, and two are asked for.',
  },
  {
    file: 'core/retention/keep-reasons.ts',
    code: 'owner.job !== null',
    becomes: ['true'],
    why: 'No running job has the id null.',
  },
  {
    file: 'core/retention/keep-reasons.ts',
    code: 'before !== null',
    becomes: ['true'],
    why: 'The line that asks for it and the function that it calls both say so: without such a time one of them is enough.',
  },
  {
    file: 'core/retention/keep-reasons.ts',
    code: 'numberOf(other) < numberOf(root)',
    becomes: ['numberOf(other) <= numberOf(root)'],
    why: 'Of one directory the only root with the same number is the root itself, which was complete before that time.',
  },
  {
    file: 'core/retention/keep-reasons.ts',
    code: 'start - formerRun.newest >= settings.deadAfter',
    becomes: ['true'],
    why: 'A former run is told by a silence of at least `deadAfter` that came after it, so that this always holds.',
  },
  {
    file: 'core/retention/keep-reasons.ts',
    code: 'start - formerRun.newest',
    becomes: ['start + formerRun.newest'],
    why: 'A former run is told by a silence of at least `deadAfter` that came after it, so that this always holds.',
  },
  {
    file: 'core/retention/keep-reasons.ts',
    code: "limits !== 'all'",
    becomes: ['true'],
    why: 'A text has no limits, so that the next condition says the same.',
  },
  {
    file: 'core/retention/keep-reasons.ts',
    code: "limits === 'all'",
    becomes: ['false'],
    why: 'A text has no limits, so that the next condition says the same.',
  },
  {
    file: 'core/retention/keep-reasons.ts',
    code: "'all'",
    becomes: ['""'],
    why: 'A text has no limits, so that the next condition says the same.',
  },
  {
    file: 'core/retention/starting-jobs.ts',
    code: 'itsClass.job === null',
    becomes: ['true'],
    why: 'Owners with the id of a job are taken in any case, and no other one has the directory of a job for its id.',
  },
  {
    file: 'core/retention/starting-jobs.ts',
    code: 'last === Number.NEGATIVE_INFINITY',
    becomes: ['false'],
    why: 'Since then an infinite time has passed, which the last condition finds too.',
  },
  {
    file: 'core/retention/subject.ts',
    code: '[]',
    becomes: ['["Stryker was here"]'],
    why: 'It is there for the compiler: two lists make two, and each member has a place.',
  },
  {
    file: 'core/retention/subject.ts',
    code: 'place === undefined',
    becomes: ['false'],
    why: 'It is there for the compiler: each member has a place.',
  },
  {
    file: 'core/retention/subject.ts',
    code: 'place !== undefined',
    becomes: ['true'],
    why: 'It is there for the compiler: the first of equal content has a place.',
  },
  {
    file: 'core/retention/subject.ts',
    code: 'area.isCopied(root) === is',
    becomes: ['area.isCopied(root) !== is'],
    why: 'It swaps the two lists, whose places are put together.',
  },
  {
    file: 'core/retention/subject.ts',
    code: 'formerRun === null',
    becomes: ['false'],
    why: 'Nothing is counted under null.',
  },
  {
    file: 'core/retention/subject.ts',
    code: 'formerRun !== null',
    becomes: ['true'],
    why: 'What is counted under null is not asked for.',
  },
  {
    file: 'core/retention/subject.ts',
    code: 'newerOfFormerRun + Number(isRestorePoint(root))',
    becomes: ['newerOfFormerRun - Number(isRestorePoint(root))'],
    why: 'It is only asked whether it is 0, and what only falls does not come back to that.',
  },
  {
    file: 'core/retention/subject.ts',
    code: 'content === null',
    becomes: ['false'],
    why: 'Nothing is remembered under null.',
  },
  {
    file: 'core/retention/subject.ts',
    code: 'content !== null',
    becomes: ['true'],
    why: 'What is remembered under null is not asked for.',
  },
  {
    file: 'core/retention/successors.ts',
    code: 'successor === undefined || successor.id === owner.id',
    becomes: ['false', 'successor === undefined && successor.id === owner.id'],
    why: 'Each root that was read has an owner, and no owner began to write after its own last write.',
  },
  {
    file: 'core/retention/successors.ts',
    code: 'successor === undefined',
    becomes: ['false'],
    why: 'Each root that was read has an owner, and no owner began to write after its own last write.',
  },
  {
    file: 'core/retention/successors.ts',
    code: 'successor.id === owner.id',
    becomes: ['false'],
    why: 'Each root that was read has an owner, and no owner began to write after its own last write.',
  },
  {
    file: 'core/retention/successors.ts',
    code: '{ began: null, absent: null }',
    becomes: ['{}'],
    why: 'Undefined is not later than the last write either.',
  },
  {
    file: 'core/retention/successors.ts',
    code: 'began === null || absent === null',
    becomes: ['false', 'began === null && absent === null'],
    why: 'As a number null is the year 1970: before every write, and more than two days before any other time.',
  },
  {
    file: 'core/retention/successors.ts',
    code: 'began === null',
    becomes: ['false'],
    why: 'As a number null is the year 1970: before every write, and more than two days before any other time.',
  },
  {
    file: 'core/retention/successors.ts',
    code: 'absent === null',
    becomes: ['false'],
    why: 'As a number null is the year 1970: before every write, and more than two days before any other time.',
  },
  {
    file: 'core/retention/successors.ts',
    code: 'this.#takers !== null',
    becomes: ['false'],
    why: 'It saves finding the same again.',
  },
  {
    file: 'core/retention/successors.ts',
    code: '{ return this.#takers; }',
    becomes: ['{}'],
    why: 'It saves finding the same again.',
  },
  {
    file: 'core/retention/successors.ts',
    code: 'root.content !== null',
    becomes: ['true'],
    why: 'Contents that are not known are not counted.',
  },
  {
    file: 'core/retention/successors.ts',
    code: 'content !== null',
    becomes: ['true'],
    why: 'What is counted under null is not asked for.',
  },
];
