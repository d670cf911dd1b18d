import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDuplicatedByFlink } from '#core/collect/copies.ts';
import {
  DAY,
  DIRECTORY,
  fate,
  HOUR,
  JOB,
  judge,
  type ObjectSpec,
  OTHER_DIRECTORY,
  OTHER_JOB,
  uuid,
  type World,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const OLD = 60 * DAY;
const COPY = 'keep-protected (copy)';
const GONE = 'delete (garbage)';

/** A live file, another object of its name, and a checkpoint beside each. */
function beside(copy: string, spec: Partial<ObjectSpec> = {}, live: Partial<ObjectSpec> = {}, file = FILE): World {
  const rooted = [file, copy].map((key) => `${key.slice(0, key.indexOf('/', key.indexOf('/') + 1))}/chk-9`);
  return world({
    locations: [{}, { store: 's3://other' }],
    objects: { [file]: { age: OLD, ...live }, [copy]: { age: OLD, ...spec } },
    roots: Object.fromEntries(rooted.map((at) => [at, { age: HOUR, names: [{ path: `s3://bucket/${file}` }] }])),
    deadJobs: { [JOB]: 0, [OTHER_JOB]: 0 },
  });
}

describe('an object that bears the name of a live one', () => {
  it.each([
    ['a backup of the job directory', `backup/${JOB}/shared/${uuid(1)}`],
    ['a copy under another name', `backup/before-upgrade/${uuid(1)}`],
    ['a copy in the same job directory', `${DIRECTORY}/chk-3/${uuid(1)}`],
    ['a copy of another job, as old as the live one', `${OTHER_DIRECTORY}/shared/${uuid(1)}`],
    ['one in task-owned state', `${DIRECTORY}/taskowned/${uuid(1)}`],
  ])('is kept: %s', (_, copy) => {
    expect(fate(beside(copy), copy)).toBe(COPY);
  });

  it('is kept in another location, under the very same key', () => {
    const evidence = beside(`x/${FILE}`, { location: 1 });

    expect(fate(evidence, `x/${FILE}`)).toBe(COPY);
    expect(evidence.reachability.originalsOf(evidence.object(`x/${FILE}`))).toEqual([evidence.object(FILE)]);
  });

  it('is kept whatever its size and age', () => {
    const copy = `backup/${JOB}/shared/${uuid(1)}`;

    expect(fate(beside(copy, { bytes: 7 }), copy)).toBe(COPY);
    expect(fate(beside(copy, {}, { age: 30 * DAY }), copy)).toBe(COPY);
  });

  it('is live where it is named itself', () => {
    const copy = `${OTHER_DIRECTORY}/shared/${uuid(1)}`;
    const evidence = world({
      objects: { [FILE]: OLD, [copy]: OLD },
      roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR, names: [FILE, copy] } },
    });

    expect([fate(evidence, FILE), fate(evidence, copy)]).toEqual(Array(2).fill('keep-live (named-by-root)'));
  });

  it('goes once the live one is live no more', () => {
    const copy = `backup/${JOB}/shared/${uuid(1)}`;
    const evidence = world({
      objects: { [FILE]: OLD, [copy]: OLD },
      roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR }, [`backup/${JOB}/chk-9`]: { age: HOUR } },
    });

    expect([fate(evidence, FILE), fate(evidence, copy)]).toEqual([GONE, GONE]);
  });

  it.each(['_metadata', '', 'notes.txt'])('is no copy by a name that is not unique: %j', (name) => {
    const named = `a/${name}`;
    const evidence = world({
      objects: name === '_metadata' ? {} : { [named]: OLD, [`b/${name}`]: OLD },
      roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR, names: [named] }, a: { age: DAY }, b: { age: DAY } },
    });

    expect(evidence.reachability.isCopy(evidence.object(`b/${name}`))).toBe(false);
  });

  it('is looked for again when a root is read that names what none did before', () => {
    const copy = `backup/${JOB}/shared/${uuid(1)}`;
    const later: WorldSpec = {
      objects: { [FILE]: OLD, [copy]: OLD },
      roots: { [`${DIRECTORY}/chk-9`]: { age: HOUR }, [`backup/${JOB}/chk-9`]: { age: HOUR } },
    };
    const evidence = world(later);
    expect(fate(evidence, copy)).toBe(GONE);

    const reading = evidence.reachability.begin({ ...evidence.root(`${DIRECTORY}/chk-9`), key: 'cp/new/_metadata' });
    reading.reference({ path: `s3://bucket/${FILE}`, relative: false, bytes: 100n, segment: false });
    reading.vanish();
    evidence.reachability.keepByName();

    expect(fate(evidence, copy)).toBe(COPY);
  });
});

describe('the duplicate that Flink makes for NO_CLAIM', () => {
  const ORIGINAL = `${OTHER_DIRECTORY}/shared/${uuid(1)}`;
  const duplicated = (original: Partial<ObjectSpec>, live: Partial<ObjectSpec> = {}, key = ORIGINAL): string =>
    fate(beside(key, original, live), key);

  it('does not keep its original: another job beside, as large, and the live one is the younger', () => {
    expect(duplicated({}, { age: OLD - 1 })).toBe(GONE);
    expect(duplicated({}, { age: OLD - 1 }, `${OTHER_DIRECTORY}/chk-3/${uuid(1)}`)).toBe(GONE);
  });

  it.each<[string, string]>([
    ['the live one is as old', duplicated({}, { age: OLD })],
    ['the live one is older', duplicated({}, { age: OLD + 1 })],
    ['it has another size', duplicated({ bytes: 99 }, { age: OLD - 1, bytes: 100 })],
    ['it is of the same job', duplicated({}, { age: OLD - 1 }, `${DIRECTORY}/chk-3/${uuid(1)}`)],
    ['it lies in another folder', duplicated({}, { age: OLD - 1 }, `eu/${OTHER_JOB}/shared/${uuid(1)}`)],
    ['it lies in another location', duplicated({ location: 1 }, { age: OLD - 1 })],
    ['its path tells no job', duplicated({}, { age: OLD - 1 }, `cp/flat/shared/${uuid(1)}`)],
  ])('is not what was seen where %s', (_, seen) => {
    expect(seen).toBe(COPY);
  });

  it('is not taken for the original of what only one of several live ones could have been made from', () => {
    const evidence = world({
      objects: { [FILE]: OLD - 1, [ORIGINAL]: OLD, [`eu/${FILE}`]: OLD - 1 },
      roots: {
        [`${DIRECTORY}/chk-9`]: { age: HOUR, names: [FILE, `eu/${FILE}`] },
        [`${OTHER_DIRECTORY}/chk-9`]: { age: HOUR },
      },
    });

    expect(fate(evidence, ORIGINAL)).toBe(COPY);
    expect(evidence.reachability.originalsOf(evidence.object(ORIGINAL))).toEqual([evidence.object(`eu/${FILE}`)]);
  });

  it('lies where no job is told neither way round', () => {
    const evidence = beside(`cp/flat/shared/${uuid(1)}`, {}, { age: OLD - 1 }, `cp/other/shared/${uuid(1)}`);

    expect(isDuplicatedByFlink(0, 1, evidence.objects)).toBe(false);
  });
});

describe('in every area with copies', () => {
  const DIRECTORIES = [`cp/${JOB}`, `cp/${OTHER_JOB}`, `eu/${JOB}`, `backup/cp/${JOB}`, 'flat'];
  const key = fc
    .tuple(
      fc.constantFrom(...DIRECTORIES),
      fc.constantFrom('chk-1', 'shared', 'taskowned'),
      fc.integer({ min: 1, max: 5 }).map(uuid),
    )
    .map((parts) => parts.join('/'));
  const object = fc.record({
    age: fc.constantFrom(OLD, OLD, OLD - 1),
    bytes: fc.constantFrom(100, 100, 99),
    location: fc.nat({ max: 1 }),
  });
  const drawn = fc.record({
    objects: fc.dictionary(key, object, { minKeys: 1, maxKeys: 20 }),
    names: fc.dictionary(fc.constantFrom(...DIRECTORIES.map((at) => `${at}/chk-9`)), fc.array(key, { maxLength: 5 })),
  });

  it('exactly what has a live namesake is a copy, but for what Flink has duplicated', () => {
    fc.assert(
      fc.property(drawn, ({ objects, names }) => {
        const evidence = world({
          locations: [{}, { store: 's3://other' }],
          objects,
          roots: Object.fromEntries(
            Object.entries(names).map(([at, files]) => [
              at,
              {
                age: HOUR,
                names: files.map((file) => ({
                  path: `s3://${objects[file]?.location === 1 ? 'other' : 'bucket'}/${file}`,
                })),
              },
            ]),
          ),
        });
        const live = new Set(Object.values(names).flat());
        const isCopy = (file: string): boolean =>
          Object.keys(objects).some(
            (other) =>
              live.has(other) && other !== file && file.slice(-36) === other.slice(-36) && !excepted(file, other),
          );
        /** Written down once more, by the keys alone. */
        const excepted = (file: string, other: string): boolean => {
          const [mine, its] = [file.split('/'), other.split('/')];
          return (
            file.startsWith('cp/') &&
            other.startsWith('cp/') &&
            mine[1] !== its[1] &&
            objects[file]?.location === objects[other]?.location &&
            objects[file]?.bytes === objects[other]?.bytes &&
            (objects[other]?.age ?? 0) < (objects[file]?.age ?? 0)
          );
        };

        const copies = Object.keys(objects).filter((file) => evidence.reachability.isCopy(evidence.object(file)));

        const expected = Object.keys(objects).filter((file) => !live.has(file) && isCopy(file));
        expect(copies.sort()).toEqual(expected.sort());
        const verdicts = judge(evidence);
        expect(expected.filter((file) => !['copy', 'base-name'].includes(verdicts.get(file)?.rule ?? ''))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});
