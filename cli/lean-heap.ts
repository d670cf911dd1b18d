import { setFlagsFromString } from 'node:v8';
import type { SurveyProgress } from '#steward/documents.ts';

/**
 * Keeps the heap of V8 close to what is in use. What a survey remembers of its objects lies outside that heap; what
 * it leaves behind there is garbage of pages, of which V8 would let a hundred megabytes gather before it collects.
 * Both flags are looked at whenever V8 thinks about growing, so they take effect at once. (The usual
 * `--max-semi-space-size` is read only when Node starts, which a command can't choose.)
 */
export function keepHeapLean(): void {
  setFlagsFromString('--heap-growing-percent=20');
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** Objects of an area from which on a heap as small as can be is worth a little time. */
const MANY_OBJECTS = 4_000_000;
let isLeanest = false;

/**
 * To be told how far a survey is. Once all of a large area is listed, V8 is to give memory back rather than to be fast:
 * the survey is then at its largest, and what is still made (references, the objects under judgement) dies young.
 */
export function keepHeapLeanest({ objects, rootsRead }: SurveyProgress): void {
  if (!isLeanest && rootsRead > 0 && objects >= MANY_OBJECTS) {
    isLeanest = true;
    setFlagsFromString('--optimize-for-size');
  }
}
