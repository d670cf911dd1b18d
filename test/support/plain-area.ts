import type { AnyArea, AnyContent } from '#test/support/any-area.ts';

/** An area of a few old files, to which a test adds what it is about. */

export const NOTHING: AnyContent = { files: [], roots: [], renamed: [] };
export const PLAIN: AnyArea = {
  content: NOTHING,
  earlier: NOTHING,
  remembers: false,
  retired: null,
  pinned: [],
  aliased: false,
  copied: false,
  known: false,
  dead: [],
  running: null,
  protect: false,
  looksAhead: true,
};
export const OLD = 40 * 24;
export const SAVED = 22;
export const file = (folder: number, name: number) => ({
  store: 0 as const,
  folder,
  name,
  age: OLD,
  bytes: 100,
  special: false,
});
export const reference = (folder: number, name: number) => ({
  file: null,
  called: 0,
  folder,
  name,
  bytes: 100 as const,
});
export const root = (folder: number, changes: object = {}) => ({
  store: 0 as const,
  folder,
  age: OLD - 1,
  references: [],
  savepoint: false,
  fate: 'read' as const,
  ...changes,
});
