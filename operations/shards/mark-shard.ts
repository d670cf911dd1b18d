import { BitColumn, numberAt } from '#core/inventory/columns.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import { partitionOf } from '#core/shards/named-rows.ts';
import { objectsOfShard } from './answer-shard.ts';
import { partsOf, type ShardContext } from './context.ts';
import { plainTime } from './directory-lines.ts';
import { everyObject, objectLines } from './object-lines.ts';
import { namedPlaces } from './read-batch.ts';
import { type DanglingLine, MARKS, type Mark, type MissedLine } from './resolved-lines.ts';
import { fromPlain } from './rich-json.ts';
import type { ItemOutput } from './shard-files.ts';

/** What a shard's objects are marked with. */
export const SHARD_MARKS = [...MARKS, 'by-name'] as const;

/**
 * Marks the objects of a shard. Lists: the numbers of its objects that are `live`, `renamed`, `pinned` and `by-name`; the
 * objects with the name of a missing file (`matches`), or of one that a root under another name misses (`missed`); of each
 * partition of the names what bears a UUID (`names-`).
 */
export async function markShard(shard: string, context: ShardContext): Promise<ItemOutput> {
  const objects = await objectsOfShard(shard, context);
  const marks = new Map<Mark, BitColumn>(MARKS.map((mark) => [mark, new BitColumn()]));
  const dangling = new Set<string>();
  const missed = new Set<string>();
  const wrong = new Set<string>();
  for await (const { lines } of context.files.readAll('resolve')) {
    for (const mark of MARKS) {
      for await (const { location, key } of namedPlaces(lines(`${mark}-${shard}`))) {
        marks.get(mark)?.add(objects.find(location, key));
      }
    }
    for await (const line of lines('dangling')) dangling.add(fromPlain<DanglingLine>(line).name);
    for await (const line of lines('missed')) missed.add(fromPlain<MissedLine>(line).name);
    for await (const line of lines('wrong')) wrong.add(fromPlain<string>(line));
  }
  const matches = [...objects.withBaseName(dangling)];
  const ofMissed = [...objects.withBaseName(missed)];
  const isMarked = (object: number): boolean =>
    marks.get('live')?.has(object) === true || marks.get('renamed')?.has(object) === true;
  const wanted = new BitColumn();
  for (const object of everyObject(objects)) if (isMarked(object)) wanted.add(object);
  for (const object of ofMissed) marks.get('renamed')?.add(object);
  const numbers = (mark: Mark): Iterable<unknown> => numberLines(objectsIn(marks.get(mark), objects));
  return {
    facts: {},
    lists: {
      live: numbers('live'),
      renamed: numbers('renamed'),
      pinned: numbers('pinned'),
      'by-name': numberLines(matches),
      matches: objectLines(objects, matches),
      missed: objectLines(objects, ofMissed),
      namesakes: objectLines(objects, objects.withBaseName(wrong)),
      // What only has the name of a missing file is kept, and keeps no other of that name.
      ...namesByPartition(objects, wanted, (object) => wanted.has(object) || !isMarked(object), await partsOf(context)),
    },
  };
}

function* objectsIn(marks: BitColumn | undefined, objects: ObjectTable): Generator<number> {
  for (const object of everyObject(objects)) if (marks?.has(object)) yield object;
}

const NUMBERS_AT_ONCE = 1_000;

/** Numbers in lines of many. */
export function* numberLines(numbers: Iterable<number>): Generator<readonly number[]> {
  let line: number[] = [];
  for (const number of numbers) {
    line.push(number);
    if (line.length === NUMBERS_AT_ONCE) {
      yield line;
      line = [];
    }
  }
  if (line.length > 0) yield line;
}

/** The numbers of such lines, as marks. */
export async function readNumbers(
  lines: AsyncIterable<unknown>,
  marks: BitColumn = new BitColumn(),
): Promise<BitColumn> {
  for await (const line of lines) {
    for (const number of line as readonly number[]) marks.add(number);
  }
  return marks;
}

/**
 * By partition lines of folders, `[location, path]`, and after each of them its objects with a UUID for a name: `[name,
 * number, bytes, modified, 1 where a root wants it]`.
 */
function namesByPartition(
  objects: ObjectTable,
  wanted: BitColumn,
  isMeant: (object: number) => boolean,
  partitions: number,
): Record<string, Iterable<unknown>> {
  const parts = new Uint32Array(objects.size).fill(partitions);
  // How many there are before each part, then in each part; it becomes the place of the next one.
  const places = new Uint32Array(partitions + 1);
  for (const object of everyObject(objects)) {
    if (!objects.hasUuidName(object) || !isMeant(object)) continue;
    const part = partitionOf(objects.name(object), partitions);
    parts[object] = part;
    places[part + 1] = numberAt(places, part + 1) + 1;
  }
  for (let part = 0; part < partitions; part++) places[part + 1] = numberAt(places, part + 1) + numberAt(places, part);
  const ends = places.slice();
  const sorted = new Uint32Array(numberAt(places, partitions));
  for (const object of everyObject(objects)) {
    const part = numberAt(parts, object);
    if (part === partitions) continue;
    const place = numberAt(ends, part);
    sorted[place] = object;
    ends[part] = place + 1;
  }
  return Object.fromEntries(
    Array.from({ length: partitions }, (_, part) => {
      const members = sorted.subarray(numberAt(places, part), numberAt(places, part + 1));
      return [`names-${part}`, namedLines(objects, members, wanted)];
    }),
  );
}

function* namedLines(objects: ObjectTable, members: Iterable<number>, wanted: BitColumn): Generator<unknown> {
  let directory = -1;
  for (const object of members) {
    if (objects.directoryId(object) !== directory) {
      directory = objects.directoryId(object);
      const { location, path } = objects.directory(object);
      yield [location, path];
    }
    const modified = plainTime(objects.modified(object));
    yield [objects.name(object), object, objects.bytes(object), modified, Number(wanted.has(object))];
  }
}
