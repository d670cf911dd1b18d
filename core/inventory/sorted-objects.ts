import type { Name } from '#core/uuid-names.ts';
import { behindLast } from './behind-last.ts';
import { numberAt } from './columns.ts';
import type { ObjectRows } from './object-rows.ts';
import type { Stretch } from './sort-runs.ts';

/** All objects in order, each known by its place there. */
export class SortedObjects {
  readonly size: number;
  readonly #rows: ObjectRows;
  /** Of each stretch its first object, its first row and its directory. */
  readonly #objects: Uint32Array;
  readonly #firstRows: Uint32Array;
  readonly #directories: Uint32Array;
  /** The stretches of the first directory, those of the second, and so on; and where those of each begin. */
  readonly #byDirectory: Uint32Array;
  readonly #firstOf: Uint32Array;
  /** The stretch that was asked for last: most are asked for object by object. */
  #current = 0;
  #from = 0;
  #to = 0;

  /** @param directories how many there are. */
  constructor(stretches: readonly Stretch[], rows: ObjectRows, directories: number) {
    this.#rows = rows;
    this.size = rows.length;
    this.#objects = new Uint32Array(stretches.length + 1);
    this.#firstRows = Uint32Array.from(stretches, ({ from }) => from);
    this.#directories = Uint32Array.from(stretches, ({ directory }) => directory);
    this.#byDirectory = new Uint32Array(stretches.length);
    this.#firstOf = new Uint32Array(directories + 1);
    let objects = 0;
    for (const [index, { directory, from, to }] of stretches.entries()) {
      objects += to - from;
      this.#objects[index + 1] = objects;
      this.#firstOf[directory + 1] = numberAt(this.#firstOf, directory + 1) + 1;
    }
    for (let directory = 0; directory < directories; directory++) {
      this.#firstOf[directory + 1] = numberAt(this.#firstOf, directory + 1) + numberAt(this.#firstOf, directory);
    }
    const next = this.#firstOf.slice();
    for (const [index, { directory }] of stretches.entries()) {
      const place = numberAt(next, directory);
      this.#byDirectory[place] = index;
      next[directory] = place + 1;
    }
  }

  /** The row of an object. @throws RangeError where there is no such object. */
  row(object: number): number {
    this.#seek(object);
    return object - this.#from + numberAt(this.#firstRows, this.#current);
  }

  /** The directory of an object. @throws RangeError where there is no such object. */
  directory(object: number): number {
    this.#seek(object);
    return numberAt(this.#directories, this.#current);
  }

  /** Objects of one directory that follow one another, and how many; in order, and together all objects. */
  *stretches(): Generator<{ readonly directory: number; readonly first: number; readonly count: number }> {
    for (const [index, directory] of this.#directories.entries()) {
      const first = numberAt(this.#objects, index);
      yield { directory, first, count: numberAt(this.#objects, index + 1) - first };
    }
  }

  /** The object of a directory that has a name, or -1. */
  find(directory: number, name: Name): number {
    const stretch = this.#stretchOf(directory, name);
    if (stretch === -1) {
      return -1;
    }
    const firstRow = numberAt(this.#firstRows, stretch);
    const firstObject = numberAt(this.#objects, stretch);
    const end = firstRow + numberAt(this.#objects, stretch + 1) - firstObject;
    const row = this.#rows.names.find(firstRow, end, name);
    return row === -1 ? -1 : row - firstRow + firstObject;
  }

  /** The stretch of a directory in which a name is, if it is there at all; -1 where it can be in none. */
  #stretchOf(directory: number, name: Name): number {
    const first = numberAt(this.#firstOf, directory);
    const end = numberAt(this.#firstOf, directory + 1);
    if (end - first === 1) {
      return numberAt(this.#byDirectory, first);
    }
    return this.#lastBefore(first, end, name);
  }

  /** By itself, as {@link #turnTo}: few directories have more than one stretch. */
  #lastBefore(first: number, end: number, name: Name): number {
    const { names } = this.#rows;
    const behind = behindLast(first, end, (place) =>
      names.compare(numberAt(this.#firstRows, numberAt(this.#byDirectory, place)), name),
    );
    return behind === first ? -1 : numberAt(this.#byDirectory, behind - 1);
  }

  #seek(object: number): void {
    if (object >= this.#from && object < this.#to) {
      return;
    }
    this.#turnTo(object);
  }

  /** By itself, because a function that lends its variables to a closure takes memory at each call. */
  #turnTo(object: number): void {
    if (!(object >= 0 && object < this.size)) {
      throw new RangeError(`No object ${object} in a table of ${this.size}.`);
    }
    const behind = behindLast(0, this.#directories.length, (stretch) => numberAt(this.#objects, stretch) - object);
    this.#current = behind - 1;
    this.#from = numberAt(this.#objects, behind - 1);
    this.#to = numberAt(this.#objects, behind);
  }
}
