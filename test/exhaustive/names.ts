import { uuid } from '#test/model/flink/pieces.ts';

/**
 * Short names of objects, as worlds and their stories have them, and the keys of Flink for which they stand:
 * `east/j1/shared/f1`, `east/j1/chk-9`, `savepoints/j1-a`. What no entry knows stands for itself.
 */

export const JOBS = {
  j1: '9468946f38e9d60efc7468a374aec04f',
  j2: 'abcdef0138e9d60efc7468a374aec05a',
  j3: 'c0ffee0238e9d60efc7468a374aec06b',
  /** That of application mode: it tells nothing. */
  zeros: '0'.repeat(32),
} as const;
const JOB = Object.keys(JOBS).join('|');

const PLACES: readonly (readonly [short: RegExp, long: string])[] = [
  [/^(backup\/)?east\//, '$1flink/cp/'],
  [/^west\//, 'flink/team2/cp/'],
  [/^changelog\/(\w+)\//, 'flink/changelog/$1/dstl/'],
  [/^savepoints\//, 'flink/sp/'],
];

/** The key of an object. */
export function longName(short: string): string {
  const idOf = (job: string): string => JOBS[job as keyof typeof JOBS];
  return PLACES.reduce((sum, [pattern, long]) => sum.replace(pattern, long), short)
    .replace(new RegExp(`/(${JOB})(?=/)`), (_, job: string) => `/${idOf(job)}`)
    .replace(
      new RegExp(`/sp/(${JOB})-(\\w)(?=/|$)`),
      (_, job: string, end: string) => `/sp/savepoint-${idOf(job).slice(0, 6)}-${'0'.repeat(11)}${end}`,
    )
    .replace(/(^|\/)f(\d+)$/, (_, slash: string, number: string) => `${slash}${uuid(Number(number))}`)
    .replace(/(\/(?:chk-\d+|savepoint-[0-9a-f]{6}-[0-9a-f]{12}))$/, '$1/_metadata');
}

/** Turns all keys that are known into their short names again. */
export class ShortNames {
  readonly #known = new Map<string, string>();

  key(short: string): string {
    const key = longName(short);
    this.know(key, short);
    return key;
  }

  know(long: string, short: string): void {
    this.#known.set(long, short);
  }

  in(text: string): string {
    return [...this.#known]
      .sort(([one], [other]) => other.length - one.length)
      .reduce((sum, [key, short]) => sum.replaceAll(key, short), text);
  }
}
