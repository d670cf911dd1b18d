import { describe, expect, it } from 'vitest';
import { areaIdentity, BREAKERS, type BreakerMemory, lostLocations, trippedBreakers } from '#core/collect/breakers.ts';
import { judgeAll } from '#core/collect/judge.ts';
import { tally } from '#core/collect/totals.ts';
import { DAY, DIRECTORY, HOUR, judge, type RootSpec, uuid, type WorldSpec, world } from '#test/support/world.ts';

const CHECKPOINT = `${DIRECTORY}/chk-9`;

function trip(spec: WorldSpec, memory?: BreakerMemory) {
  const evidence = world(spec);
  return trippedBreakers(evidence, tally(evidence, judgeAll(evidence)), memory);
}

function files(count: number, age = 10 * DAY, bytes = 100): NonNullable<WorldSpec['objects']> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`${DIRECTORY}/shared/${uuid(n + 1)}`, { age, bytes }]),
  );
}

function roots(count: number, root: Partial<RootSpec> = {}): NonNullable<WorldSpec['roots']> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`${DIRECTORY}/chk-${n + 1}`, { age: HOUR, ...root }]),
  );
}

function lastRun(rootsThen: number, objectsThen: number): BreakerMemory {
  return { lastRun: { roots: rootsThen, objects: objectsThen }, lostLocations: [], deletedByUs: () => false };
}

describe('a good run', () => {
  it('trips nothing, with or without a memory', () => {
    const spec = { objects: files(4, DAY), roots: roots(10) };

    expect(trip(spec)).toEqual([]);
    expect(trip(spec, lastRun(10, 14))).toEqual([]);
  });

  it('of an empty area trips nothing', () => {
    expect(trip({})).toEqual([]);
  });
});

describe('the breaker no-roots', () => {
  const tripped = {
    breaker: 'no-roots',
    sentence:
      'The area contains 2 objects but no checkpoint or savepoint, so nothing is deleted. No checkpoint has completed here yet, or the location is wrong. Wait for the first checkpoint, or add the location of the checkpoints to the area',
  };

  it('says that they are gone where an earlier run saw some, and only then that it may be accepted', () => {
    const sentences = [0, 3].map((before) =>
      trip({ objects: files(2, HOUR) }, lastRun(before, 2)).map(({ sentence }) => sentence),
    );

    expect(sentences).toEqual([
      [tripped.sentence],
      [
        'The area contains 2 objects but no checkpoint or savepoint any more, so nothing is deleted. If that is right, accept this breaker; if not, add the missing location to the area',
      ],
    ]);
  });

  it('trips where there are objects and no roots', () => {
    expect(trip({ objects: files(2, HOUR) })).toEqual([tripped]);
  });

  it('trips where all roots have vanished', () => {
    expect(trip({ objects: files(1, HOUR), roots: roots(1, { outcome: 'vanished' }) })).toEqual([tripped]);
  });

  it('does not trip where nothing but names lie that are not Flink’s, such as the steward’s own marker', () => {
    expect(trip({ objects: { '.flink-steward.json': DAY, 'cp/notes.txt': DAY } })).toEqual([]);
  });

  it('trips where something of Flink lies beside them', () => {
    expect(trip({ objects: { ...files(1, HOUR), '.flink-steward.json': DAY } })).toEqual([tripped]);
  });

  it('does not trip where a root exists that can’t be read', () => {
    expect(trip({ roots: roots(1, { outcome: 'unreadable' }) })).toEqual([]);
  });
});

describe('the breakers roots-shrunk and listing-shrunk', () => {
  it('trip below half, not at half', () => {
    const spec = { objects: files(5, HOUR), roots: roots(5) };

    expect(trip(spec, lastRun(10, 20))).toEqual([]);
    expect(trip(spec, lastRun(11, 20))).toEqual([
      {
        breaker: 'roots-shrunk',
        sentence:
          'This run found 5 checkpoints and savepoints, the last run 11: less than half are left. So nothing is deleted. Find out what became of the others, and accept this breaker if all is well',
      },
    ]);
    expect(trip(spec, lastRun(10, 21))).toEqual([
      {
        breaker: 'listing-shrunk',
        sentence:
          'This run found 10 objects, the last run 21: less than half are left. So nothing is deleted. Find out what became of the others, and accept this breaker if all is well',
      },
    ]);
  });

  it('don’t trip where the last run saw fewer than ten roots', () => {
    expect(trip({ roots: roots(1) }, lastRun(9, 1000))).toEqual([]);
    expect(trip({ roots: roots(1) }, lastRun(10, 1000)).map(({ breaker }) => breaker)).toEqual([
      'roots-shrunk',
      'listing-shrunk',
    ]);
  });

  it('don’t count roots that have vanished', () => {
    const gone = { ...roots(10), ...roots(6, { outcome: 'vanished' }) };

    expect(trip({ roots: gone }, lastRun(10, 10)).map(({ breaker }) => breaker)).toEqual(['roots-shrunk']);
  });

  it('don’t trip without an earlier run', () => {
    expect(trip({ roots: roots(1) }, { lastRun: null, lostLocations: [], deletedByUs: () => false })).toEqual([]);
  });
});

describe('the breaker area-shrunk', () => {
  const spec = { objects: files(4, DAY), roots: roots(10) };
  const without = (...lost: readonly string[]) =>
    trip(spec, { lastRun: null, lostLocations: lost, deletedByUs: () => false });

  it('trips once for each location that is looked at no more', () => {
    expect(without()).toEqual([]);
    expect(without('s3://b/savepoints/')).toEqual([
      {
        breaker: 'area-shrunk',
        sentence:
          'The last run also scanned s3://b/savepoints/, and this run does not. Its checkpoints and savepoints may reference files of this area, so nothing is deleted. Add it to the area again, or accept this breaker if it no longer belongs to the area',
      },
    ]);
    expect(without('s3://b/x/', 's3://b/y/').map(({ breaker }) => breaker)).toEqual(['area-shrunk', 'area-shrunk']);
  });

  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['nothing of the same area', ['s3://b/x/'], ['s3://b/x/'], []],
    ['nothing of an area that grew', ['s3://b/x/'], ['s3://b/x/', 's3://b/y/'], []],
    ['nothing where a folder above is looked at now', ['s3://b/x/y/', 's3://b/x/z/'], ['s3://b/x/'], []],
    ['what lies above the folder that is looked at now', ['s3://b/x/'], ['s3://b/x/y/'], ['s3://b/x/']],
    ['each location that is gone', ['s3://a/', 's3://b/'], ['s3://c/'], ['s3://a/', 's3://b/']],
    ['a folder whose name only begins like one of now', ['s3://b/xy/'], ['s3://b/x/'], ['s3://b/xy/']],
    ['nothing of no area', [], ['s3://b/'], []],
  ])('misses %s', (_, before, now, missed) => {
    expect(lostLocations(before, now)).toEqual(missed);
  });
});

describe('the breaker too-much', () => {
  it('trips above the share of objects that may go, not at it', () => {
    const spec = { objects: files(3, 10 * DAY, 0), roots: roots(7, { bytes: 10 }) };

    expect(trip(spec)).toEqual([]);
    expect(trip({ ...spec, roots: roots(6, { bytes: 10 }) })).toEqual([
      {
        breaker: 'too-much',
        sentence:
          'This run would delete 33.3 % of the area (3 of 9 objects, 0 B of 60 B), more than collect.maxDeleteFraction allows (30 %). So nothing is deleted. Check the plan, and accept this breaker if it is right',
      },
    ]);
    expect(trip({ ...spec, roots: roots(6), settings: { maxDeleteFraction: 1 / 3 } })).toEqual([]);
  });

  it('trips above the share of bytes that may go', () => {
    const spec = { objects: files(1, 10 * DAY, 300), roots: roots(7, { bytes: 100 }) };

    expect(trip(spec)).toEqual([]);
    expect(trip({ ...spec, objects: files(1, 10 * DAY, 301) }).map(({ breaker }) => breaker)).toEqual(['too-much']);
  });

  it('does not trip over what is only in quarantine', () => {
    const objects = files(20);
    const candidacies = Object.fromEntries(Object.keys(objects).map((key) => [key, null]));

    expect(trip({ objects, roots: roots(1), candidacies })).toEqual([]);
  });

  it('takes no share of nothing', () => {
    expect(
      trip({ objects: files(1, HOUR, 0), roots: roots(1, { bytes: 0 }), settings: { maxDeleteFraction: 0 } }),
    ).toEqual([]);
  });
});

describe('the breaker deleted-is-named', () => {
  const gone = `${DIRECTORY}/shared/${uuid(77)}`;
  const memory: BreakerMemory = {
    lastRun: null,
    lostLocations: [],
    deletedByUs: (url) => url === `s3://bucket/${gone}`,
  };
  const naming = (path: string, root: Partial<RootSpec> = {}, further: WorldSpec = {}) =>
    trip({ ...further, roots: { [CHECKPOINT]: { age: HOUR, names: [{ path }], ...root } } }, memory);

  it.each([`s3://bucket/${gone}`, `s3a://bucket/${gone}`])(
    'trips where a root names what we deleted, as %s',
    (path) => {
      expect(naming(path)).toEqual([
        {
          breaker: 'deleted-is-named',
          sentence: `${CHECKPOINT}/_metadata references ${path}, which an earlier run deleted. So nothing is deleted; please report this with the files that SECURITY.md asks for`,
        },
      ]);
    },
  );

  it('trips where the place has another name', () => {
    expect(
      naming(`s3://alias/${gone}`, {}, { aliases: { 's3://alias': 's3://bucket' } }).map(({ breaker }) => breaker),
    ).toEqual(['deleted-is-named']);
  });

  it('does not trip for a root that has vanished, or a file that others removed', () => {
    expect(
      naming(`s3://bucket/${gone}`, { outcome: 'vanished' }, { objects: {} }).map(({ breaker }) => breaker),
    ).toEqual(['no-roots']);
    expect(naming(`s3://bucket/${DIRECTORY}/shared/${uuid(78)}`)).toEqual([]);
  });
});

describe('breakers', () => {
  it('know of no deletion without a memory', () => {
    expect(trip({ roots: { [CHECKPOINT]: { age: HOUR, names: ['gone'] } } })).toEqual([]);
  });

  it('judge a run and no object: the verdicts stay what they are', () => {
    const spec = { objects: files(3), roots: roots(1) };

    expect(trip(spec).map(({ breaker }) => breaker)).toEqual(['too-much']);
    expect([...judge(world(spec)).values()].filter(({ verdict }) => verdict === 'delete')).toHaveLength(3);
  });

  it('are all known by name', () => {
    expect(BREAKERS).toEqual([
      'no-roots',
      'roots-shrunk',
      'listing-shrunk',
      'area-shrunk',
      'too-much',
      'deleted-is-named',
    ]);
  });
});

describe('the identity of an area', () => {
  it('is its places, in whatever order they are given', () => {
    const locations = [{ store: 's3://b', prefix: 'y/' }, { store: 's3://a', prefix: 'x/' }, { store: 's3://b' }];

    expect(areaIdentity(world({ locations }).area)).toEqual(['s3://a/x/', 's3://b/', 's3://b/y/']);
    expect(areaIdentity(world({ locations: [...locations].reverse() }).area)).toEqual([
      's3://a/x/',
      's3://b/',
      's3://b/y/',
    ]);
  });
});
