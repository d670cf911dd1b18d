import { setFlagsFromString } from 'node:v8';
import type { SurveyProgress } from '#steward/documents.ts';

/**
 * What V8 is told of a command. It is made for processes that run for days, and a command is over in seconds, or holds the
 * table of a very large area. V8 reads each of these flags whenever it decides, so they take effect at once; those that are
 * read when Node starts (`--max-semi-space-size`) a command can't set.
 */

/** Of a survey whose table is so large, memory matters more than time. */
const MANY_OBJECTS = 2_000_000;
/** From here on the smallest possible heap is worth some time. */
const VERY_MANY_OBJECTS = 4_000_000;

let isLean = false;
let isLeanest = false;

/** To be called before anything else. */
export function setV8Flags(): void {
  // The heap is small, and the table outside of it makes V8 look through it again each time that it grows: a fifth of the
  // processor time of a plan went into that.
  setFlagsFromString('--heap-growing-percent=200');
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** Takes the progress of a survey, and saves memory once its area turns out to be large. */
export function saveMemory({ objects, rootsRead }: SurveyProgress): void {
  if (!isLean && objects >= MANY_OBJECTS) {
    isLean = true;
    setFlagsFromString('--heap-growing-percent=20');
  }
  // What is allocated once everything is listed (references, objects under judgement) is short-lived.
  if (!isLeanest && rootsRead > 0 && objects >= VERY_MANY_OBJECTS) {
    isLeanest = true;
    setFlagsFromString('--optimize-for-size');
  }
}
