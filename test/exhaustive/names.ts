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
  [new RegExp(`^east/(${JOB})/`), 'flink/cp/$job/'],
  [new RegExp(`^west/(${JOB})/`), 'flink/team2/cp/$job/'],
  [new RegExp(`^changelog/(${JOB})/`), 'flink/changelog/$job/dstl/'],
  [/^east\/(entropy)\//, 'entropic/cp/$job/'],
  [new RegExp(`^savepoints/(${JOB})-`), 'flink/sp/savepoint-$digits-00000000000'],
  [new RegExp(`^backup/east/(${JOB})/`), 'backup/flink/cp/$job/'],
];

/** The key of an object. */
export function longName(short: string): string {
  const place = PLACES.find(([pattern]) => pattern.test(short));
  const job = JOBS[(place?.[0].exec(short)?.[1] ?? 'j1') as keyof typeof JOBS] ?? '';
  const placed =
    place === undefined
      ? short
      : short.replace(place[0], place[1].replace('$job', job).replace('$digits', job.slice(0, 6)));
  return placed
    .replace(/(^|\/)f(\d+)$/, (_, slash: string, number: string) => `${slash}${uuid(Number(number))}`)
    .replace(/((?:chk-\d+|savepoint-[0-9a-f]{6}-[0-9a-f]{12}))$/, '$1/_metadata');
}

/** Turns all keys that are known into their short names again. */
export class ShortNames {
  readonly #known = new Map<string, string>();

  key(short: string): string {
    const key = longName(short);
    this.#known.set(key, short);
    return key;
  }

  in(text: string): string {
    return [...this.#known]
      .sort(([one], [other]) => other.length - one.length)
      .reduce((sum, [key, short]) => sum.replaceAll(key, short), text);
  }
}
