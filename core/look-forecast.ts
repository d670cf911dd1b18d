import { duration } from './quantity.ts';

/** How the error of a function begins whose time was over; the record of its run has it. */
export const TIME_WAS_OVER = 'The time of the function';

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
/** The most MiB that Lambda gives a function. */
export const MOST_MEMORY = 10_240;
/** MiB of a look without an object, and with each million of them: half more than `npm run bench` measures. */
const MEMORY_OF_NONE = 192;
const MEMORY_OF_A_MILLION = 60;
/** Sizes of functions are named in steps of so many MiB. */
const MEMORY_STEP = 64;

/** Milliseconds that a look takes without an object, and with each million of them, with {@link MEASURED_MEMORY}: docs/deploying.md. */
const TIME_OF_NONE = 5_000;
const TIME_OF_A_MILLION = 50_000;
const MEASURED_MEMORY = 3_008;

/** Whether a function has room for a look at so many objects, by what was measured. */
export function fitsOneFunction(objects: number, { time, memory }: LookRoom): boolean {
  const given = memory ?? MEASURED_MEMORY;
  const pace = MEASURED_MEMORY / Math.min(given, MEMORY_OF_TWO_PROCESSORS);
  const needed = (TIME_OF_NONE + (TIME_OF_A_MILLION * objects) / 1_000_000) * pace;
  return needed <= time && memoryOfLook(objects) <= given;
}

/** Milliseconds that the whole look takes at that pace; null where too little is known for a guess. */
export function timeOfLook({ objects, expected, took }: ListedSoFar): number | null {
  if (expected === null || expected === 0 || objects < expected * ENOUGH) return null;
  return took * Math.max(1, expected / objects) * LOOK_OF_LISTING;
}

/** MiB that a function needs for a look at so many objects. */
export function memoryOfLook(objects: number): number {
  const memory = MEMORY_OF_NONE + (MEMORY_OF_A_MILLION * objects) / 1_000_000;
  return Math.ceil(memory / MEMORY_STEP) * MEMORY_STEP;
}

/** Whether the look has room for itself, as far as its pace tells; null where too little is known for a guess. */
export function hasRoom(listed: ListedSoFar, { time, memory }: LookRoom): boolean | null {
  if (memory !== null && memoryOfLook(mostObjects(listed)) > memory) return false;
  const needed = timeOfLook(listed);
  return needed === null ? null : needed <= time;
}

/** How far the look has come, and what the whole of it would take. */
export function sayForecast(listed: ListedSoFar, room: LookRoom): string {
  const { objects, expected, took } = listed;
  const of = expected === null ? '' : ` of about ${expected.toLocaleString('en-US')}`;
  const time = timeOfLook(listed);
  const space = memoryOfLook(mostObjects(listed));
  return [
    `${objects.toLocaleString('en-US')}${of} objects were listed in ${duration(took)}.`,
    ...(time === null
      ? []
      : [`At that pace the whole area takes about ${duration(time)}, and a function has ${duration(room.time)}.`]),
    ...(room.memory === null || space <= room.memory
      ? []
      : [`So many objects take about ${mebibytes(space)} of memory, and this function has ${mebibytes(room.memory)}.`]),
  ].join(' ');
}

/**
 * MiB of the function that the look needs: as many as the present one has, where that is enough; Infinity where no size is.
 * Null where too little is known for a guess.
 */
export function sizeOfLook(listed: ListedSoFar, room: LookRoom): number | null {
  const { memory } = room;
  const time = timeOfLook(listed);
  if (memory === null || (time === null && listed.expected === null)) return null;
  const space = Math.max(memory, memoryOfLook(mostObjects(listed)));
  if (time === null || time <= room.time) return space <= MOST_MEMORY ? space : Number.POSITIVE_INFINITY;
  // The share of processors grows with the memory.
  const isFastEnough = (memory * time) / room.time <= MEMORY_OF_TWO_PROCESSORS;
  const size = Math.max(space, MEMORY_OF_TWO_PROCESSORS);
  return isFastEnough && size <= MOST_MEMORY ? size : Number.POSITIVE_INFINITY;
}

function mostObjects({ objects, expected }: ListedSoFar): number {
  return Math.max(objects, expected ?? 0);
}

function mebibytes(memory: number): string {
  return `${memory.toLocaleString('en-US')} MiB`;
}
