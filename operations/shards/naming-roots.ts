import type { Grounds } from '#core/collect/evidence.ts';
import type { Verdicts } from '#core/collect/judge.ts';
import { REMEMBERED_ROOTS } from '#core/collect/reachability.ts';
import type { Root } from '#core/collect/roots.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { ShardMap } from '#core/shards/key-ranges.ts';
import type { ShardContext } from './context.ts';
import type { DanglingLine, MissedLine } from './resolved-lines.ts';
import { fromPlain } from './rich-json.ts';

/** Which roots reference an object, for people: only asked where a line of each verdict is wanted. */

/** The roots of a batch. */
export interface NamingRoots {
  readonly roots: readonly Root[];
  readonly renamed: readonly Root[];
}

type Line = readonly [location: number, path: string, name: string, isRenamed: 0 | 1, ...roots: number[]];

/** For each shard (`by-`) the objects in it with the first few roots that reference them, by their numbers. */
export function namingLists(
  { roots, renamed }: NamingRoots,
  objects: ObjectTable,
  map: ShardMap,
): Record<string, Iterable<unknown>> {
  const lists: Record<string, Line[]> = {};
  for (const [isRenamed, some] of [
    [0, roots],
    [1, renamed],
  ] as const) {
    const byObject = new Map<number, number[]>();
    for (const [number, root] of some.entries()) {
      for (const object of root.objects) {
        const known = byObject.get(object) ?? [];
        byObject.set(object, known);
        if (known.length < REMEMBERED_ROOTS) known.push(number);
      }
    }
    for (const [object, numbers] of byObject) {
      const { location, path } = objects.directory(object);
      const list = `by-${map.shardOf(location, objects.key(object))}`;
      const lines = lists[list] ?? [];
      lists[list] = lines;
      lines.push([location, path, objects.name(object), isRenamed, ...numbers]);
    }
  }
  return lists;
}

/** Tells of each object of a shard the keys of the first few roots that name it, as their store knows them. */
export async function rootsThatName(
  shard: string,
  context: ShardContext,
  { objects, reachability }: Pick<Grounds, 'objects' | 'reachability'>,
): Promise<(object: number, verdicts: Verdicts) => readonly string[]> {
  const { area, files } = context;
  const live = new Map<number, string[]>();
  const renamed = new Map<number, Set<string>>();
  const dangling = new Map<string, Set<string>>();
  const missed = new Map<string, Set<string>>();
  for await (const { lines } of files.readAll('resolve')) {
    const keys: string[] = [];
    const others: string[] = [];
    const keyOf = ({ location, key }: Pick<Root, 'location' | 'key'>): string => area.storeKey(location, key);
    for await (const line of lines('roots')) keys.push(keyOf(fromPlain<{ readonly root: Root }>(line).root));
    for await (const line of lines('others')) others.push(keyOf(fromPlain<Root>(line)));
    for await (const line of lines(`by-${shard}`)) {
      const [location, path, name, isRenamed, ...numbers] = line as Line;
      const object = objects.find(location, path + name);
      for (const number of numbers) {
        if (isRenamed === 1) addTo(renamed, object, others[number]);
        else live.set(object, [...(live.get(object) ?? []), keys[number] ?? '']);
      }
    }
    for await (const line of lines('dangling')) {
      const { name, root } = fromPlain<DanglingLine>(line);
      addTo(dangling, name, keys[root]);
    }
    for await (const line of lines('missed')) {
      const { name, root } = fromPlain<MissedLine>(line);
      addTo(missed, name, others[root]);
    }
  }
  return (object, verdicts) => {
    const name = objects.name(object);
    const found =
      verdicts.rule(object) === 'named-by-renamed-root'
        ? new Set([...(renamed.get(object) ?? []), ...(missed.get(name) ?? [])])
        : reachability.isKeptByName(object) && !reachability.isLive(object)
          ? (dangling.get(name) ?? [])
          : (live.get(object) ?? []);
    return [...found].slice(0, REMEMBERED_ROOTS);
  };
}

function addTo<K>(sets: Map<K, Set<string>>, key: K, root: string | undefined): void {
  const known = sets.get(key) ?? new Set();
  sets.set(key, known);
  if (root !== undefined) known.add(root);
}
