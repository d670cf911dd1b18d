import { setFlagsFromString } from 'node:v8';
import type { SurveyProgress } from '#steward/documents.ts';

/**
 * Keeps the heap of V8 close to what is in use. The table of objects of a survey is outside that heap. Inside it, listed
 * pages become garbage, of which V8 would keep a hundred megabytes before it collects. V8 reads both flags whenever it
 * considers growing the heap, so they take effect at once. (The usual `--max-semi-space-size` is read only when Node
 * starts, which a command can't control.)
 */
export function keepHeapLean(): void {
  setFlagsFromString('--heap-growing-percent=20');
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** The number of objects from which the smallest possible heap is worth some time. */
const MANY_OBJECTS = 4_000_000;
let isLeanest = false;

/**
 * Takes the progress of a survey. Once a large area is listed completely, V8 must save memory rather than time: the
 * survey is then at its largest, and what it still allocates (references, objects under judgement) is short-lived.
 */
export function keepHeapLeanest({ objects, rootsRead }: SurveyProgress): void {
  if (!isLeanest && rootsRead > 0 && objects >= MANY_OBJECTS) {
    isLeanest = true;
    setFlagsFromString('--optimize-for-size');
  }
}
