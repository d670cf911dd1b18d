import type { CostOfClass } from '#core/cost/monthly-costs.ts';
import { bytes } from '#core/quantity.ts';

/** What is peculiar to the prices of storage classes, as far as the area holds any of them. */

/** The least time that an object is billed for, in days: S3 user guide, "Understanding and managing storage classes". */
const LEAST_DAYS: ReadonlyMap<string, number> = new Map([
  ['STANDARD_IA', 30],
  ['ONEZONE_IA', 30],
  ['GLACIER_IR', 90],
  ['GLACIER', 90],
  ['DEEP_ARCHIVE', 180],
]);

/** @param classes what the area holds of each. */
export function classNotes(classes: readonly CostOfClass[]): readonly string[] {
  const padded = classes.filter(({ billedBytes, bytes: held }) => billedBytes > held);
  const timed = classes.flatMap(({ storageClass }) => {
    const days = LEAST_DAYS.get(storageClass);
    return days === undefined ? [] : [`${storageClass} ${days} days`];
  });
  return [
    ...padded.map(
      ({ storageClass, billedBytes, bytes: held }) =>
        `${storageClass} bills an object below 128 KiB as one of 128 KiB: ${bytes(held)} count as ${bytes(billedBytes)}.`,
    ),
    ...(timed.length === 0
      ? []
      : [
          `Some storage classes bill an object for a least time, also when it is deleted earlier: ${timed.join(', ')}. What is younger than that saves nothing yet.`,
        ]),
    ...(classes.some(({ storageClass }) => storageClass === 'INTELLIGENT_TIERING')
      ? [
          'What is in INTELLIGENT_TIERING counts as frequently accessed, because nobody sees from outside in which tier an object is: an upper bound.',
        ]
      : []),
  ];
}
