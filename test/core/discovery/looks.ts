import type { DiscoveredPlace } from '#core/discovery/draft.ts';
import type { FolderLook } from '#core/discovery/folder-look.ts';
import { nextLooks } from '#core/discovery/next-looks.ts';

export const [J1, J2] = ['a'.repeat(32), 'b'.repeat(32)] as const;

/** The folders that a walk without limits looks into, of all keys of a bucket. */
export function looksOf(keys: readonly string[]): readonly FolderLook[] {
  const folders = new Map<string, { folders: Set<string>; files: Set<string> }>();
  for (const key of keys) {
    const parts = key.split('/');
    for (const [depth, name] of parts.entries()) {
      const path = parts
        .slice(0, depth)
        .map((part) => `${part}/`)
        .join('');
      const seen = folders.get(path) ?? { folders: new Set<string>(), files: new Set<string>() };
      folders.set(path, seen);
      if (depth < parts.length - 1) seen.folders.add(name);
      else if (name !== '') seen.files.add(name);
    }
  }
  const walk = (path: string): readonly FolderLook[] => {
    const seen = folders.get(path);
    if (seen === undefined) return [];
    const look = { path, folders: [...seen.folders], files: [...seen.files], isWhole: true };
    return [look, ...nextLooks(look).looks.flatMap((next) => walk(next.path))];
  };
  return walk('');
}

/** A bucket in which everything was looked into. */
export function placeOf(keys: readonly string[], rest: Partial<DiscoveredPlace> = {}): DiscoveredPlace {
  return {
    kind: 'bucket',
    top: { store: 's3://b', key: '' },
    start: '',
    looks: looksOf(keys),
    leftOut: new Map(),
    isCut: false,
    roots: [],
    names: [],
    ...rest,
  };
}

/** The keys of a job with one checkpoint. */
export function jobIn(folder: string, job: string): readonly string[] {
  return [`${folder}${job}/chk-7/_metadata`, `${folder}${job}/shared/0`, `${folder}${job}/taskowned/`];
}
