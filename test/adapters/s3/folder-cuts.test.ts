import { describe, expect, it } from 'vitest';
import { FolderCuts, levelsOf } from '#adapters/s3/folder-cuts.ts';
import { patternOf } from '#adapters/s3/key-cuts.ts';
import type { ListedObject } from '#ports/object-store.ts';

const JOB = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';

describe('levelsOf', () => {
  it.each([
    [`flink/checkpoints/euw1/${JOB}/shared/x`, '', ['flink/checkpoints/euw1/', 'flink/checkpoints/']],
    [`flink/checkpoints/euw1/${JOB}/shared/x`, 'flink/checkpoints/e', ['flink/checkpoints/euw1/']],
    [`flink/checkpoints/euw1/${JOB}/shared/x`, `flink/checkpoints/euw1/${JOB}/`, []],
    [`ck/${JOB}/shared/${JOB}/x`, '', ['ck/', '']],
    [`${JOB}/chk-1/_metadata`, '', ['']],
    ['flink/savepoints/savepoint-0a1b2c-0123456789ab/_metadata', '', []],
    [`flink/${JOB}0/x`, '', []],
  ])('of %s below "%s" are %j', (key, prefix, levels) => {
    expect(levelsOf(key, prefix)).toEqual(levels);
  });
});

describe('FolderCuts', () => {
  it('proposes the folder in the middle of a part, and none where none lies inside', () => {
    const cuts = new FolderCuts();
    cuts.add(['a/', 'c/', 'b/']);
    cuts.add(['d/', 'c/']);

    expect(cuts.propose('a', undefined)?.cut).toBe('c/');
    expect(cuts.propose('a/', 'd/')?.cut).toBe('c/');
    expect(cuts.propose('a/x', 'c/')?.cut).toBe('b/');
    expect(cuts.propose('b/', 'c/')).toBeNull();
    expect(cuts.propose('d/', undefined)).toBeNull();
    expect(cuts.has('b/')).toBe(true);
    expect(cuts.has('b')).toBe(false);
  });

  it('knows nothing before it was told of folders', () => {
    const cuts = new FolderCuts();

    cuts.learn(undefined, objects('a/', 1_000), null);

    expect(cuts.propose('', undefined)).toBeNull();
    expect(cuts.has('a/')).toBe(false);
  });

  it('takes a page for each folder until it has seen some', () => {
    const cuts = new FolderCuts();
    cuts.add(['a/', 'b/', 'c/']);

    expect(cuts.propose('', undefined)).toEqual({ cut: 'b/', keys: 3_000 });
  });

  it('learns how many keys a folder has from pages that show several', () => {
    const cuts = new FolderCuts();
    cuts.add(['a/', 'b/', 'c/', 'd/']);

    cuts.learn(undefined, [...objects('a/', 300), ...objects('b/', 300)], null);
    cuts.learn('b/zz', [], null);

    expect(cuts.propose('c', undefined)).toEqual({ cut: 'd/', keys: 600 });
  });

  it('learns it from the random names of the first page of one, and nothing more from its next pages', () => {
    const cuts = new FolderCuts();
    cuts.add(['a/', 'b/', 'c/']);
    const names = hexNames('a/', 5_000);
    const first = names.slice(0, 1_000);
    const second = names.slice(1_000, 2_000);

    cuts.learn('a/', first, patternOf(first));
    cuts.learn(first.at(-1)?.key, second, patternOf(second));

    expect(cuts.propose('b', undefined)?.keys).toBeCloseTo(2 * 5_000, -2);
  });

  it('counts what goes on with other names into the folder where it began', () => {
    const cuts = new FolderCuts();
    cuts.add(['a/', 'b/', 'c/']);

    cuts.learn('a/', objects('a/', 1_000), null);
    cuts.learn('a/00999', objects('a/1', 1_000), null);

    expect(cuts.propose('b', undefined)?.keys).toBe(2 * 2_000);
  });
});

function objects(prefix: string, count: number): ListedObject[] {
  return Array.from({ length: count }, (_, index) => object(`${prefix}${String(index).padStart(5, '0')}`));
}

function hexNames(prefix: string, count: number): ListedObject[] {
  return Array.from({ length: count }, (_, index) =>
    object(
      `${prefix}${Math.floor((index / count) * 2 ** 32)
        .toString(16)
        .padStart(8, '0')}`,
    ),
  );
}

function object(key: string): ListedObject {
  return { key, bytes: 1, modified: 0, etag: 'e' };
}
