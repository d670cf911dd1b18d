import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoreErrorCode } from '#ports/object-store.ts';
import { FlinkModel, type Move } from '#test/support/flink-model.ts';
import { judge } from '#test/support/judged.ts';
import { callOf, failWith, MovingStore } from '#test/support/moving-store.ts';
import { DAY, NOW, PlayedJob } from '#test/support/played-job.ts';

const SEED = 20_270_301;
const HOUR = DAY / 24;

const anyMove = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('upload' as const), files: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('compact' as const), files: fc.integer({ min: 1, max: 2 }) }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('complete' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('fail' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('claim' as const) }) },
);

/** A job's past, a move every so many hours, and what it does while it is surveyed: moves before the nth call. */
const anyLife = fc.record({
  retained: fc.integer({ min: 1, max: 2 }),
  firstCheckpoint: fc.constantFrom(0, 6, 96),
  hours: fc.integer({ min: 1, max: 12 }),
  past: fc.array(anyMove, { minLength: 5, maxLength: 40 }),
  meanwhile: fc.array(fc.record({ before: fc.nat(60), moves: fc.array(anyMove, { maxLength: 6 }) }), { maxLength: 12 }),
  objectsPerPage: fc.integer({ min: 1, max: 7 }),
});

describe('A survey of a bucket that Flink writes to', () => {
  it('lets no file go that the job needs or that a checkpoint names, whatever Flink does meanwhile', async () => {
    let garbageFound = 0;
    await fc.assert(
      fc.asyncProperty(anyLife, async ({ retained, firstCheckpoint, hours, past, meanwhile, objectsPerPage }) => {
        // Prepare
        const store = new MovingStore({ now: NOW, objectsPerPage });
        const flink = new FlinkModel(store, retained, firstCheckpoint);
        const begin: readonly Move[] = [{ does: 'upload', files: 2 }, { does: 'complete' }];
        for (const [at, move] of [...begin, ...past].entries()) {
          flink.move(move, NOW - (begin.length + past.length - at) * hours * HOUR);
        }
        store.always(
          () => true,
          () => {
            for (const { moves } of meanwhile.filter(({ before }) => before === store.calls.length)) {
              for (const move of moves) {
                flink.move(move, NOW);
              }
            }
          },
        );

        // Act
        const { garbage } = await judge(store);

        // Assess
        const { live } = flink;
        expect(garbage.filter((key) => live.has(key))).toEqual([]);
        garbageFound += garbage.length;
      }),
      { seed: SEED, numRuns: 250 },
    );
    // Else the property would hold for a survey that finds nothing.
    expect(garbageFound).toBeGreaterThan(100);
  });
});

const anyFault = fc.record({
  root: fc.nat(5),
  fault: fc.constantFrom<StoreErrorCode | 'half' | 'absent once' | 'children' | 'list' | 'lie'>(
    'denied',
    'archived',
    'unavailable',
    'half',
    'absent once',
    'children',
    'list',
    'lie',
    'lie',
  ),
  /** How often a listed root is denied, or given as it was before, whatever that named. */
  lies: fc.constantFrom(1, 4, 5, Number.POSITIVE_INFINITY),
  before: fc.option(fc.uniqueArray(fc.nat(9), { maxLength: 3 }), { freq: 1 }),
  round: fc.integer({ min: 1, max: 2 }),
});

describe('A survey with failures', () => {
  it('lets nothing go that it would keep without them', async () => {
    let decided = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(fc.nat(9), { maxLength: 6 }), { minLength: 1, maxLength: 6 }),
        fc.array(anyFault, { maxLength: 3 }),
        async (roots, faults) => {
          // Prepare
          const play = (): { store: MovingStore; jobs: readonly PlayedJob[] } => {
            const store = new MovingStore({ now: NOW, bytesPerChunk: 128 });
            const jobs = [1, 2].map((id) => new PlayedJob(store, `flink/${String(id).padStart(32, '0')}/`));
            const files = Array.from({ length: 10 }, (_, number) => jobs[number % 2]?.upload(number) ?? '');
            for (const [at, names] of roots.entries()) {
              jobs[at % 2]?.complete(
                at + 1,
                names.map((number) => files[number] ?? ''),
                NOW - (9 - at) * 6 * HOUR,
              );
            }
            return { store, jobs };
          };
          const { garbage: without } = await judge(play().store);
          const { store, jobs } = play();
          for (const { root, fault, round, lies, before } of faults) {
            const job = jobs[root % 2];
            const key = job?.root(root + 1) ?? '';
            switch (fault) {
              case 'half':
                store.always(callOf('chunk', key, 2), failWith('unavailable'));
                break;
              case 'absent once': {
                const names = (roots[root] ?? []).map((number) => jobs[number % 2]?.file(number) ?? '');
                const wasThere = store.keys().includes(key);
                store.once(callOf('read', key), (it) => it.remove(key));
                store.once(
                  (call) => call.operation === 'children' && store.calls.includes(`read ${key}`),
                  () => wasThere && job?.complete(root + 1, names, NOW - (9 - root) * 6 * HOUR),
                );
                break;
              }
              case 'lie':
                store.lie(
                  key,
                  lies,
                  before === null || job === undefined
                    ? null
                    : {
                        content: job.metadata(
                          root + 1,
                          before.map((number) => job.file(number)),
                        ),
                        modified: NOW - 5 * DAY,
                      },
                );
                break;
              case 'children':
              case 'list': {
                let seen = 0;
                const of = fault === 'list' ? `${job?.directory}chk-` : job?.directory;
                store.always(callOf(fault, of), (it, call) => ++seen === round && failWith('unavailable')(it, call));
                break;
              }
              default:
                store.always(callOf('read', key), failWith(fault));
            }
          }

          // Act
          const withFaults = await judge(store).catch((error: unknown) => {
            expect(error).toMatchObject({ name: 'StoreError' });
            return { garbage: [] };
          });

          // Assess
          expect(withFaults.garbage.filter((key) => !without.includes(key))).toEqual([]);
          decided += withFaults.garbage.length;
        },
      ),
      { seed: SEED, numRuns: 250 },
    );
    expect(decided).toBeGreaterThan(100);
  });
});
