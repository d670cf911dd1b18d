import { isFast, ordinaryTests } from '../suites.ts';

/** What is mutated together, and by which tests it is judged: those that are near it and fast. */
export interface MutationGroup {
  /** Patterns of files. */
  readonly mutate: readonly string[];
  readonly isJudge: (test: string) => boolean;
}

/** Reports and looks at an area are where some of the core shows. */
const NEAR_CORE: readonly string[] = ['test/core/', 'test/operations/look/', 'test/operations/report/'];
const isNearCore = (test: string): boolean => isFast(test) && NEAR_CORE.some((place) => test.startsWith(place));
const READER = 'core/flink/metadata/';

export const GROUPS: Readonly<Record<string, MutationGroup>> = {
  retention: { mutate: ['core/retention/**/*.ts'], isJudge: isNearCore },
  collect: { mutate: ['core/collect/**/*.ts'], isJudge: isNearCore },
  reader: {
    mutate: [`${READER}**/*.ts`],
    isJudge: (test) => isFast(test) && (test.startsWith(`test/${READER}`) || test.startsWith('test/conformance/')),
  },
  acting: {
    mutate: ['act', 'apply', 'decide', 'plan-undo', 'retire', 'roots-to-retire', 'undo', 'undo-run'].map(
      (name) => `operations/run/${name}.ts`,
    ),
    isJudge: (test) =>
      /^test\/operations\/run\/(?:apply|retire|retired-savepoints|undo|stopping|run-breakers)\.test\.ts$/.test(test),
  },
};

/** @throws where there is no such group. */
export function groupNamed(name: string): MutationGroup {
  const group = GROUPS[name];
  if (group === undefined) throw new Error(`There is no group '${name}'. Groups: ${Object.keys(GROUPS).join(', ')}.`);
  return group;
}

/** The tests that judge a group. */
export function judgesOf({ isJudge }: MutationGroup): readonly string[] {
  return ordinaryTests().filter(isJudge);
}
