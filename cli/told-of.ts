import type { RunReport } from '#steward/documents.ts';
import type { RunOrder } from '#steward/run.ts';

/**
 * Limits a sweep to the objects that a person was told of. While they think, and while the area is listed again, the
 * quarantine of many more objects may end.
 *
 * @param told the dry run whose numbers they saw.
 */
export function onlyToldOf(
  sweep: RunOrder['sweep'],
  { survey: { objects: known }, verdicts }: Pick<RunReport, 'survey' | 'verdicts'>,
): RunOrder['sweep'] {
  if (sweep === null) return null;
  return async (survey) => {
    const isChosen = await sweep(survey);
    const { objects } = survey;
    return (object) => {
      const before = known.find(objects.location(object), objects.key(object));
      return before >= 0 && verdicts.verdict(before) === 'delete' && isChosen(object);
    };
  };
}
