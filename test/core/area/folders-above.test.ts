import { describe, expect, it } from 'vitest';
import { foldersAbove } from '#core/area/folders-above.ts';

describe('The folders above a prefix', () => {
  it.each<[string, readonly string[]]>([
    ['', []],
    ['a/', ['']],
    ['a/b/c/', ['', 'a/', 'a/b/']],
    ['a//b/', ['', 'a/', 'a//']],
  ])('%j are %j', (prefix, folders) => {
    expect(foldersAbove(prefix)).toEqual(folders);
  });
});
