import { describe, expect, it } from 'vitest';
import { classifyDirectory } from '#core/flink/layout.ts';
import { DirectoryList } from '#core/inventory/directory-list.ts';

const JOB = '9468946f38e9d60efc7468a374aec04f';
const OTHER_JOB = '0468946f38e9d60efc7468a374aec04f';

describe('a list of directories', () => {
  it('gives each a number once, by location and path', () => {
    const list = new DirectoryList();
    expect([list.intern(0, 'a/'), list.intern(1, 'a/'), list.intern(0, ''), list.intern(0, 'a/')]).toEqual([
      0, 1, 2, 0,
    ]);
    expect([list.find(1, 'a/'), list.find(2, 'a/'), list.find(1, '')]).toEqual([1, -1, -1]);
  });

  it('classifies each by its own path, though neighbours share what they have in common', () => {
    const paths = [
      `cp/${JOB}/chk-1/`,
      `cp/${JOB}/chk-2/`,
      `cp/${JOB}/shared/`,
      `cp/${OTHER_JOB}/shared/`,
      `eu/${JOB}/shared/`,
    ];
    const list = new DirectoryList();
    for (const path of paths) {
      list.intern(0, path);
    }
    expect([...list]).toEqual(paths.map((path) => ({ location: 0, path, class: classifyDirectory(path) })));
  });

  it('puts them in order by location, then by the bytes of their paths', () => {
    const list = new DirectoryList();
    for (const [location, path] of [
      [1, ''],
      [0, '\u{10000}/'],
      [0, '\ue000/'],
      [0, 'b/a/'],
      [0, 'b/'],
    ] as const) {
      list.intern(location, path);
    }
    expect(list.inOrder().map(({ id }) => id)).toEqual([4, 3, 2, 1, 0]);
    expect(list.inOrder()[0]).toEqual({ id: 4, location: 0, path: 'b/' });
  });

  it('knows which hold a root, and none that it does not have', () => {
    const list = new DirectoryList();
    list.markHoldsRoot(list.intern(0, 'a/'));
    expect([list.holdsRoot(0), list.holdsRoot(list.intern(0, 'b/'))]).toEqual([true, false]);
    expect(() => list.get(2)).toThrow(new RangeError('No directory 2 in a table of 2.'));
  });
});
