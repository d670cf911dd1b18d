import { bytes, count } from '#core/quantity.ts';
import type { Survey } from '#operations/look/survey.ts';

/** What the prices don't know: other storage classes than S3 Standard. */
export function archiveCostNote({ objects }: Survey, isPriced: boolean): readonly string[] {
  if (!isPriced || !(objects.holdsArchived || objects.holdsTiering)) {
    return [];
  }
  const found = { objects: 0, bytes: 0 };
  for (let object = 0; object < objects.size; object++) {
    if (objects.isArchived(object) || objects.isTiering(object)) {
      found.objects++;
      found.bytes += objects.bytes(object);
    }
  }
  return [
    `${count(found.objects, 'object')} of ${bytes(found.bytes)} ${found.objects === 1 ? 'is' : 'are'} in an archive storage class or in INTELLIGENT_TIERING. The costs are those of S3 Standard for them too, so they are an upper bound; to delete an archived object before its minimum duration (90 or 180 days) costs as much as to keep it until then.`,
  ];
}
