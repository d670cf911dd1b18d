import { describe, expect, it } from 'vitest';
import { JUDGEMENTS, judgeAll } from '#core/collect/judge.ts';
import { rootMarks } from '#core/collect/root-marks.ts';
import { isStillGarbage } from '#core/collect/still-garbage.ts';
import { DAY, DIRECTORY, HOUR, referenceTo, summary, unreadRoot, uuid, world } from '#test/support/world.ts';

const LIVE = `${DIRECTORY}/shared/${uuid(1)}`;
const GARBAGE = `${DIRECTORY}/shared/${uuid(2)}`;
const ROOT = `${DIRECTORY}/chk-1`;

function aJob() {
  return world({ objects: { [LIVE]: 10 * DAY, [GARBAGE]: 10 * DAY }, roots: { [ROOT]: { age: HOUR, names: [LIVE] } } });
}

describe('Just before it is deleted, garbage', () => {
  it('is still what the judgement said, where nothing has changed', () => {
    const evidence = aJob();
    const verdicts = judgeAll(evidence);
    const keys = [LIVE, GARBAGE, `${ROOT}/_metadata`];

    expect(keys.map((key) => isStillGarbage(evidence.object(key), evidence, rootMarks(evidence)))).toEqual([
      false,
      true,
      false,
    ]);
    expect(keys.map((key) => verdicts.verdict(evidence.object(key)))).toEqual(['keep-live', 'delete', 'keep-live']);
  });

  it('is none any more once a root that was read since names it', () => {
    // Prepare
    const evidence = aJob();
    const object = evidence.object(GARBAGE);
    const verdicts = judgeAll(evidence);

    // Act
    const root = unreadRoot({ key: `${DIRECTORY}/chk-2/_metadata`, late: true });
    const reading = evidence.reachability.begin(root);
    reading.reference(referenceTo(GARBAGE, evidence.objects));
    reading.complete(summary());

    // Assess
    expect(isStillGarbage(object, evidence, rootMarks(evidence))).toBe(false);
    expect(verdicts.verdict(object)).toBe('delete');
  });

  it('is still garbage to who asks no rule, so that each rule can be shown to count', () => {
    const evidence = aJob();
    const withoutNames = JUDGEMENTS.filter(({ rule }) => rule !== 'named-by-root');

    expect(isStillGarbage(evidence.object(LIVE), evidence, rootMarks(evidence), withoutNames)).toBe(true);
  });
});
