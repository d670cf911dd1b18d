import { duration } from './quantity.ts';

/** How far the listing of an area has come. */
export interface ListedSoFar {
  readonly objects: number;
  /** How many objects the last run listed; null where nobody knows. */
  readonly expected: number | null;
  /** Milliseconds since the look began. */
  readonly took: number;
}

/** Where a look runs: for how long it may, in milliseconds, and with how many MiB of memory, null where nobody says. */
export interface LookRoom {
  readonly time: number;
  readonly memory: number | null;
}

/** Listing is a third of a look: `npm run bench` measures both with a million objects. */
const LOOK_OF_LISTING = 3;
/** Of the objects of the last run: less tells too little of the pace. */
const ENOUGH = 0.02;
/** MiB with which a function has two processors. A look uses no more: Lambda developer guide, "Configure Lambda function memory". */
export const MEMORY_OF_TWO_PROCESSORS = 3_538;

/** Milliseconds that the whole look takes at that pace; null where too little is known for a guess. */
export function timeOfLook({ objects, expected, took }: ListedSoFar): number | null {
  if (expected === null || expected === 0 || objects < expected * ENOUGH) return null;
  return took * Math.max(1, expected / objects) * LOOK_OF_LISTING;
}

/** Whether the look has room for itself, as far as its pace tells; null where too little is known for a guess. */
export function hasRoom(listed: ListedSoFar, { time }: LookRoom): boolean | null {
  const needed = timeOfLook(listed);
  return needed === null ? null : needed <= time;
}

/** How far the look has come, how long the whole of it would take, and what it needs for that. */
export function sayForecast(listed: ListedSoFar, room: LookRoom): string {
  const { objects, expected, took } = listed;
  const of = expected === null ? '' : ` of about ${expected.toLocaleString('en-US')}`;
  const far = `${objects.toLocaleString('en-US')}${of} objects were listed in ${duration(took)}.`;
  const needed = timeOfLook(listed);
  if (needed === null) return far;
  const whole = `${far} At that pace the whole area takes about ${duration(needed)}, and a function has ${duration(room.time)}.`;
  if (needed <= room.time || room.memory === null) return whole;
  const faster = MEMORY_OF_TWO_PROCESSORS / room.memory;
  return faster > 1 && needed / faster <= room.time
    ? `${whole} "memory": ${MEMORY_OF_TWO_PROCESSORS} under "deploy" in steward.json is enough for that: two whole processors.`
    : `${whole} No size of function is enough for that.`;
}
