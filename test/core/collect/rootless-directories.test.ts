import { describe, expect, it } from 'vitest';
import { DAY, fate, HOUR, uuid, type WorldSpec, world } from '#test/support/world.ts';

/** Two clusters share the job id that application mode gives: one completes checkpoints, of the other none has yet. */
const ID = '0'.repeat(32);
const OURS = `team1/cp/${ID}`;
const THEIRS = `team3/cp/${ID}/shared/${uuid(90)}`;
const GOES = 'delete (garbage)';
const ROOTLESS = 'keep-in-progress (rootless-directory)';

/** What becomes of one unnamed file of 60 days; the newest checkpoint names these others. */
function fateOf(key: string, objects: WorldSpec['objects'], names: readonly string[] = []): string {
  const all = { ...objects, [key]: 60 * DAY };
  return fate(world({ objects: all, roots: { [`${OURS}/chk-9`]: { age: HOUR, names } } }), key);
}

function files(age: number, ...keys: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(keys.map((key) => [key, age]));
}

describe('A changelog', () => {
  const PLACES = ['changelog', 'team3/cp', 'team1/cp'].map((base) => `${base}/${ID}/dstl`);

  describe.each(PLACES)('in %s', (directory) => {
    const segment = `${directory}/${uuid(1)}`;
    const written = `${directory}/${uuid(2)}`;

    it('stays where no root names a file in it, until nothing was written to it for long', () => {
      expect(fateOf(segment, files(30 * DAY - 1, written))).toBe(ROOTLESS);
      expect(fateOf(segment, files(30 * DAY, written))).toBe(GOES);
    });

    it('is the job’s where a root names a file in it', () => {
      expect(fateOf(segment, files(HOUR, written), [written])).toBe(GOES);
    });

    it('stays, named or not, while a checkpoint directory of that id has no root and is not given up', () => {
      const beside = (age: number, names: readonly string[]) =>
        fateOf(segment, { ...files(60 * DAY, written), ...files(age, THEIRS) }, names);

      expect(beside(30 * DAY - 1, [])).toBe(ROOTLESS);
      expect(beside(30 * DAY - 1, [written])).toBe(ROOTLESS);
      expect(beside(30 * DAY, [])).toBe(GOES);
      expect(beside(30 * DAY, [written])).toBe(GOES);
    });
  });

  it.each([`eu/cp/${ID}/shared/`, `eu/cp/${ID}/taskowned/`, `eu/cp/${ID}/chk-1/${uuid(3)}`])(
    'may be that of a cluster of which there is only %s',
    (trace) => {
      const written = `changelog/${ID}/dstl/${uuid(2)}`;

      expect(fateOf(`changelog/${ID}/dstl/${uuid(1)}`, files(HOUR, written, trace), [written])).toBe(ROOTLESS);
    },
  );

  it('is the job’s though that goes on writing to it when the directory without roots is given up', () => {
    const written = `changelog/${ID}/dstl/${uuid(2)}`;
    const objects = { ...files(HOUR, written), ...files(30 * DAY, THEIRS) };

    expect(fateOf(`changelog/${ID}/dstl/${uuid(1)}`, objects, [written])).toBe(GOES);
  });

  it('is the job’s beside another changelog, and beside folders of its entropy', () => {
    const segments = [`changelog/${ID}/dstl/${uuid(2)}`, `log/${ID}/dstl/${uuid(2)}`];
    const named = ['Zz09', '0000'].map((entropy) => `${entropy}/${OURS}/shared/${uuid(3)}`);
    const names = [segments[0] ?? '', ...named];
    const scattered = [`aB3x/${OURS}/shared/${uuid(3)}`, ...named];

    expect(fateOf(`changelog/${ID}/dstl/${uuid(1)}`, files(HOUR, ...segments, ...scattered), names)).toBe(GOES);
  });
});

describe('A folder that looks like entropy', () => {
  const inFolder = (folder: string, number: number) => `${folder}/${OURS}/shared/${uuid(number)}`;
  const NAMED = [inFolder('aB3x', 2), inFolder('Zz09', 2)];
  const file = inFolder('prod', 1);

  it('is entropy where roots name files in two others of its length', () => {
    expect(fateOf(file, files(HOUR, ...NAMED), NAMED)).toBe(GOES);
  });

  it('is not where they name files in one other only, be it by two names or beside files of its own', () => {
    const one = [inFolder('aB3x', 2), inFolder('aB3x', 3), inFolder('Zz09a', 2), inFolder('prod', 2)];

    expect(fateOf(file, files(HOUR, ...one), one)).toBe(ROOTLESS);
  });

  it('is no directory without roots where a root names all files in it, but is one with a file more, or none', () => {
    const own = inFolder('prod', 2);
    const folder = inFolder('test', 1).slice(0, -uuid(1).length);
    const rootless = (objects: WorldSpec['objects'], names: readonly string[]) => [
      ...world({
        objects: { ...objects, [`${OURS}/shared/${uuid(1)}`]: DAY },
        roots: { [`${OURS}/chk-9`]: { age: HOUR, names } },
      })
        .owner(`${OURS}/shared/${uuid(1)}`)
        .rootlessDirectories.keys(),
    ];

    expect(rootless(files(DAY, own), [own])).toEqual([]);
    expect(rootless(files(DAY, own, file), [own])).toEqual([`0:prod/${OURS}/`]);
    expect(rootless(files(DAY, folder), [])).toEqual([`0:test/${OURS}/`]);
  });

  it('is not where one of the two holds a root: nothing injects entropy there', () => {
    const objects = files(60 * DAY, file, inFolder('prod', 3), ...NAMED);
    const roots = {
      [`${OURS}/chk-9`]: { age: HOUR, names: NAMED },
      [`Zz09/${OURS}/chk-1`]: { age: HOUR },
    };

    expect(fate(world({ objects: { ...objects, [inFolder('prod', 4)]: HOUR }, roots }), file)).toBe(ROOTLESS);
  });

  it('is not where it holds more than the fullest of those', () => {
    const fuller = [...NAMED, inFolder('aB3x', 3)];
    const written = inFolder('prod', 8);

    expect(fateOf(file, files(HOUR, ...fuller, written), NAMED)).toBe(GOES);
    expect(fateOf(file, files(HOUR, ...fuller, written, `prod/${OURS}/shared/`), NAMED)).toBe(GOES);
    expect(fateOf(file, files(HOUR, ...fuller, written, `prod/${OURS}/chk-1/${uuid(9)}`), NAMED)).toBe(ROOTLESS);
  });

  it('is entropy however full it is where roots name a file in itself too', () => {
    const own = inFolder('prod', 7);
    const objects = files(HOUR, ...NAMED, own, inFolder('prod', 8), inFolder('prod', 9));

    expect(fateOf(file, objects, [...NAMED, own])).toBe(GOES);
  });
});
