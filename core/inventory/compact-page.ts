import { compareKeys } from '#core/key-order.ts';
import { hasLayoutOfUuid, NameReader, printUuid, type UuidWords } from '#core/uuid-names.ts';
import { numberAt } from './columns.ts';
import { type Md5, Md5Reader, printMd5 } from './md5.ts';
import type { RowFacts } from './row-facts.ts';

/** What the storage class of an object means; no members for S3 Standard. */
export type PageStorage = { readonly [K in 'storage' | 'storageClass']?: NonNullable<RowFacts[K]> };

/** One object of a page. */
export interface PageEntry extends Pick<RowFacts, 'bytes' | 'modified' | 'etag'>, PageStorage {
  readonly key: string;
}

const S3_STANDARD: PageStorage = {};

/** Words of each row: its directory, the four of its name, the four of its ETag, and the parts of that. */
const WORDS = 10;
const NAME = 1;
const ETAG = 5;
const PARTS = 9;
/** Numbers of each row: its bytes and its time. */
const NUMBERS = 2;
/** In the place of the directory, or of the parts: the key, or the ETag, is a text. */
const IS_TEXT = -1;
/** Rows of the most that S3 puts into one page. */
const USUAL_ROWS = 1_000;
/** Of the usual size, spare ones are kept for so many pages. */
const MOST_SPARE = 64;

/** The memory of a page. */
interface Block {
  /** Signed, because a number of 32 bits that is never negative takes memory of its own when it is handed on. */
  readonly words: Int32Array;
  readonly numbers: Float64Array;
}

const NO_BLOCK: Block = { words: new Int32Array(), numbers: new Float64Array() };

/**
 * Gives the memory of pages that were released to later ones. To V8 memory outside of its heap is a reason to look through
 * all of it, so new memory for each page would cost more than what is in it.
 */
export class PageMemory {
  readonly #spare: Block[] = [];

  take(): Block {
    return this.#spare.pop() ?? newBlock(USUAL_ROWS);
  }

  give(block: Block): void {
    const isUsual = block.numbers.length === USUAL_ROWS * NUMBERS;
    if (isUsual && this.#spare.length < MOST_SPARE) this.#spare.push(block);
  }
}

/** The columns of a page, which its parts share. */
interface Columns {
  block: Block;
  readonly memory: PageMemory;
  readonly directories: string[];
  /** By row, what has no words. */
  readonly keys: Map<number, string>;
  readonly etags: Map<number, string>;
  /** By row, where it is not {@link S3_STANDARD}. */
  readonly storages: Map<number, PageStorage>;
}

/**
 * Objects of a listing that came together, in columns: a UUID and an MD5 are four words each, and become text when they
 * are asked for. So a page of a thousand of Flink's files is a few pieces of memory in place of three thousand, which the
 * garbage collector would move before anybody has read them.
 */
export class CompactPage implements Iterable<PageEntry> {
  readonly length: number;
  /** Whether each key comes after the one before. */
  readonly isInOrder: boolean;
  readonly #columns: Columns;
  readonly #first: number;

  constructor(columns: Columns, first: number, length: number, isInOrder: boolean) {
    this.#columns = columns;
    this.#first = first;
    this.length = length;
    this.isInOrder = isInOrder;
  }

  /** The entry at a place, which is counted from the end where it is negative, as in an array. */
  at(index: number): PageEntry | undefined {
    const place = index < 0 ? this.length + index : index;
    return place >= 0 && place < this.length ? this.entry(place) : undefined;
  }

  /** The entries from `start` up to but not including `end`, in the same memory. */
  slice(start: number, end: number): CompactPage {
    const length = Math.max(0, Math.min(end, this.length) - start);
    return new CompactPage(this.#columns, this.#first + start, length, this.isInOrder);
  }

  /** Gives its memory to a later page. Whatever is asked of it afterwards, or of its slices, throws. */
  release(): void {
    const { block, memory } = this.#columns;
    this.#columns.block = NO_BLOCK;
    memory.give(block);
  }

  *[Symbol.iterator](): Generator<PageEntry, void, undefined> {
    for (let place = 0; place < this.length; place++) yield this.entry(place);
  }

  /** The entries whose keys end in no UUID, in order: all roots and markers are among them. */
  withoutUuid(): readonly PageEntry[] {
    const places = [...this.#columns.keys.keys()].map((row) => row - this.#first);
    return places.filter((place) => place >= 0 && place < this.length).map((place) => this.entry(place));
  }

  totalBytes(): number {
    let bytes = 0;
    for (let place = 0; place < this.length; place++) bytes += this.bytes(place);
    return bytes;
  }

  /** The directory of a key that ends in a UUID, with its closing slash; null of any other. */
  directory(place: number): string | null {
    return this.#columns.directories[this.#word(place, 0)] ?? null;
  }

  /** One of the four words of the UUID that such a key ends in, counted from 0. */
  nameWord(place: number, word: number): number {
    return this.#word(place, NAME + word);
  }

  /** One of the four words of an ETag that is an MD5. */
  etagWord(place: number, word: number): number {
    return this.#word(place, ETAG + word);
  }

  /** The parts of the upload by such an ETag, 0 where it had none; -1 where the ETag is another text. */
  etagParts(place: number): number {
    return this.#word(place, PARTS);
  }

  etag(place: number): string {
    const text = this.#columns.etags.get(this.#first + place);
    return (
      text ??
      printMd5(
        this.etagWord(place, 0),
        this.etagWord(place, 1),
        this.etagWord(place, 2),
        this.etagWord(place, 3),
        this.etagParts(place),
      )
    );
  }

  bytes(place: number): number {
    return this.#columns.block.numbers[(this.#first + place) * NUMBERS] ?? released();
  }

  /** LastModified, epoch milliseconds. */
  modified(place: number): number {
    return this.#columns.block.numbers[(this.#first + place) * NUMBERS + 1] ?? released();
  }

  storage(place: number): PageStorage {
    const { storages } = this.#columns;
    return storages.size === 0 ? S3_STANDARD : (storages.get(this.#first + place) ?? S3_STANDARD);
  }

  /** The entry at a place, which must be in the page. */
  entry(place: number): PageEntry {
    const key = keyOf(this.#columns, this.#first + place);
    const facts = { key, bytes: this.bytes(place), modified: this.modified(place), etag: this.etag(place) };
    const storage = this.storage(place);
    return storage === S3_STANDARD ? facts : { ...facts, ...storage };
  }

  #word(place: number, word: number): number {
    return this.#columns.block.words[(this.#first + place) * WORDS + word] ?? released();
  }
}

/** Gathers a page, row by row: first the facts, then the key and the ETag as words or as texts. */
export class PageBuilder {
  readonly #columns: Columns;
  readonly #name = new NameReader();
  readonly #md5 = new Md5Reader();
  #length = 0;
  #isInOrder = true;

  constructor(memory = new PageMemory()) {
    this.#columns = {
      block: memory.take(),
      memory,
      directories: [],
      keys: new Map(),
      etags: new Map(),
      storages: new Map(),
    };
  }

  /** Adds a row whose key and ETag are texts. */
  add({ key, etag, bytes, modified, ...storage }: PageEntry): void {
    this.begin(bytes, modified, storage);
    this.key(key);
    this.etag(etag);
  }

  /** Begins a row. */
  begin(bytes: number, modified: number, storage: PageStorage): void {
    const row = this.#length++;
    if (row * NUMBERS >= this.#columns.block.numbers.length) this.#grow();
    const { block, storages } = this.#columns;
    block.numbers[row * NUMBERS] = bytes;
    block.numbers[row * NUMBERS + 1] = modified;
    if (storage.storage !== undefined || storage.storageClass !== undefined) storages.set(row, storage);
  }

  /** The key of the row: a UUID in a directory that {@link key} told. */
  uuid(directory: number, { a, b, c, d }: UuidWords): void {
    const { words } = this.#columns.block;
    const at = (this.#length - 1) * WORDS;
    words[at] = directory;
    words[at + NAME] = a;
    words[at + NAME + 1] = b;
    words[at + NAME + 2] = c;
    words[at + NAME + 3] = d;
    this.#noteOrder();
  }

  /** The key of the row. @returns the number of its directory where it ends in a UUID, else -1. */
  key(key: string): number {
    const { directories, keys, block } = this.#columns;
    const slash = key.lastIndexOf('/') + 1;
    if (hasLayoutOfUuid(key, slash) && this.#name.read(key, slash).uuid) {
      const path = key.slice(0, slash);
      if (directories.at(-1) !== path) directories.push(path);
      this.uuid(directories.length - 1, this.#name);
      return directories.length - 1;
    }
    const row = this.#length - 1;
    block.words[row * WORDS] = IS_TEXT;
    keys.set(row, key);
    this.#noteOrder();
    return -1;
  }

  /** The ETag of the row. */
  md5({ a, b, c, d, parts }: Md5): void {
    const { words } = this.#columns.block;
    const at = (this.#length - 1) * WORDS + ETAG;
    words[at] = a;
    words[at + 1] = b;
    words[at + 2] = c;
    words[at + 3] = d;
    words[at + 4] = parts;
  }

  /** The ETag of the row. */
  etag(etag: string): void {
    if (this.#md5.read(etag)) {
      this.md5(this.#md5);
      return;
    }
    this.#columns.block.words[(this.#length - 1) * WORDS + PARTS] = IS_TEXT;
    this.#columns.etags.set(this.#length - 1, etag);
  }

  /** To be called once. */
  page(): CompactPage {
    return new CompactPage(this.#columns, 0, this.#length, this.#isInOrder);
  }

  #noteOrder(): void {
    if (this.#length > 1 && this.#isInOrder) this.#isInOrder = this.#isBehindLast(this.#length - 1);
  }

  #isBehindLast(row: number): boolean {
    const { words } = this.#columns.block;
    const at = row * WORDS;
    const before = at - WORDS;
    if (words[at] !== words[before] || words[at] === IS_TEXT) {
      return compareKeys(keyOf(this.#columns, row - 1), keyOf(this.#columns, row)) < 0;
    }
    // The words of UUIDs sort as their digits do.
    for (let word = NAME; word < ETAG; word++) {
      const last = numberAt(words, before + word);
      const here = numberAt(words, at + word);
      if (last !== here) return last >>> 0 < here >>> 0;
    }
    return false;
  }

  #grow(): void {
    const { words, numbers } = this.#columns.block;
    const larger = newBlock((2 * numbers.length) / NUMBERS);
    larger.words.set(words);
    larger.numbers.set(numbers);
    this.#columns.block = larger;
  }
}

function newBlock(rows: number): Block {
  return { words: new Int32Array(rows * WORDS), numbers: new Float64Array(rows * NUMBERS) };
}

function keyOf({ block: { words }, directories, keys }: Columns, row: number): string {
  const at = row * WORDS;
  const directory = directories[words[at] ?? released()];
  /* v8 ignore next -- a row without a directory has a key */
  if (directory === undefined) return keys.get(row) ?? released();
  const name = at + NAME;
  const [a, b] = [numberAt(words, name), numberAt(words, name + 1)];
  return directory + printUuid(a, b, numberAt(words, name + 2), numberAt(words, name + 3));
}

function released(): never {
  throw new RangeError('This page of a listing was released, or holds no such object.');
}
