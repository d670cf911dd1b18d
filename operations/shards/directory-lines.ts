import { classifyDirectory } from '#core/flink/layout.ts';
import { addSums, type DirectorySums } from '#core/shards/directory-sums.ts';

/** What listings tell of directories, as lines of short arrays. */

/** Epoch milliseconds; as a text what JSON does not have. */
export type Time = number | string;
type Line = readonly [
  location: number,
  path: string,
  firstWrite: Time,
  lastWrite: Time,
  lastMarker: Time,
  lastStateFile: Time,
  files: number,
  /** 1 where it holds files of Flink's, 2 an object with the name of a root, 4 anything else but markers; added up. */
  holds: number,
];

/** One line for each directory. */
export function* directoryLines(sums: Iterable<DirectorySums>): Generator<Line> {
  for (const { directory, firstWrite, lastWrite, lastMarker, lastStateFile, files, ...holds } of sums) {
    const flags = Number(holds.holdsFlinkFiles) + 2 * Number(holds.holdsMetadata) + 4 * Number(holds.holdsOthers);
    const times = [firstWrite, lastWrite, lastMarker, lastStateFile].map(plainTime) as [Time, Time, Time, Time];
    yield [directory.location, directory.path, ...times, files, flags];
  }
}

/** Reads a line. */
export function readDirectory(line: unknown): DirectorySums {
  const [location, path, firstWrite, lastWrite, lastMarker, lastStateFile, files, holds] = line as Line;
  return {
    directory: { location, path, class: classifyDirectory(path) },
    firstWrite: Number(firstWrite),
    lastWrite: Number(lastWrite),
    lastMarker: Number(lastMarker),
    lastStateFile: Number(lastStateFile),
    files,
    holdsFlinkFiles: (holds & 1) !== 0,
    holdsMetadata: (holds & 2) !== 0,
    holdsOthers: (holds & 4) !== 0,
  };
}

/** Directories of several shards, each with all that is known of it. */
export class AddedDirectories {
  readonly #byPlace = new Map<string, DirectorySums>();

  add(sums: DirectorySums): void {
    const id = placeOf(sums.directory);
    const known = this.#byPlace.get(id);
    this.#byPlace.set(id, known === undefined ? sums : addSums(known, sums));
  }

  get(directory: DirectorySums['directory']): DirectorySums | undefined {
    return this.#byPlace.get(placeOf(directory));
  }

  /** In the order in which they were first added. */
  all(): Iterable<DirectorySums> {
    return this.#byPlace.values();
  }
}

function placeOf({ location, path }: Pick<DirectorySums['directory'], 'location' | 'path'>): string {
  return `${location}:${path}`;
}

/** JSON has no infinite numbers. */
export function plainTime(time: number): Time {
  return Number.isFinite(time) ? time : String(time);
}
