import type { Survey } from '#steward/documents.ts';
import { emptiness } from '#steward/empty-area.ts';
import { UsageError } from './errors.ts';

/** @throws UsageError if the area contains no Flink state. */
export function refuseEmptiness(survey: Survey): void {
  refuseEmpty(emptiness(survey));
}

/** @param empty what {@link emptiness} says of an area. @throws UsageError if it says something. */
export function refuseEmpty(empty: string | null): void {
  if (empty !== null) {
    throw new UsageError(empty);
  }
}
