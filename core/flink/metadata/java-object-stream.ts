import { decodeModifiedUtf8, MULTIBYTE, scanModifiedUtf8 } from './modified-utf8.ts';

/** An object of a Java serialization stream, as far as it is needed: its class and its object fields by name. */
export interface JavaObject {
  readonly className: string;
  readonly fields: ReadonlyMap<string, JavaValue>;
}

/** A constant of an enum. */
export interface JavaEnum {
  readonly className: string;
  readonly constant: string;
}

/** A value of a Java serialization stream. */
export type JavaValue = JavaObject | JavaEnum | string | null;

/**
 * * `understood`: `value`, and how many bytes it took.
 * * `cut-off`: the bytes end before the object does.
 * * `no-object-stream`: they do not begin with the stream's magic number and version.
 * * `not-understood`: something in it is beyond this reader.
 */
export type JavaObjectOutcome =
  | { readonly status: 'understood'; readonly value: JavaValue; readonly bytes: number }
  | { readonly status: 'cut-off' | 'no-object-stream' | 'not-understood' };

const HEADER = [0xac, 0xed, 0x00, 0x05];

/** Type codes of the Java Object Serialization Stream Protocol. */
const CODE = {
  none: 0x70,
  reference: 0x71,
  classDescription: 0x72,
  object: 0x73,
  string: 0x74,
  endOfAnnotations: 0x78,
  enumConstant: 0x7e,
} as const;

const FIRST_HANDLE = 0x7e0000;

/** The only flag of a class whose objects are its fields, one after another, with nothing written by hand. */
const PLAIN_SERIALIZABLE = 0x02;
const ENUM = 0x10;

/** Java's type characters; an object or an array is a value of its own in the stream. */
const FIELD_BYTES: Readonly<Record<string, number>> = { B: 1, C: 2, D: 8, F: 4, I: 4, J: 8, S: 2, Z: 1 };
const OBJECT_FIELD = 0;

/** Deeper than anything Flink stores; keeps made-up streams from exhausting the stack. */
const MOST_DEPTH = 32;

interface ClassDescription {
  readonly className: string;
  readonly flags: number;
  readonly fields: readonly { readonly name: string; readonly bytes: number }[];
  readonly parent: ClassDescription | null;
  /** Itself counted. */
  readonly ancestors: number;
}

type Handle = ClassDescription | JavaValue;

/** Reads the first object of a Java serialization stream. Arrays, block data and hand-written forms are not read. */
export function readJavaObject(bytes: Uint8Array): JavaObjectOutcome {
  const reader = new JavaObjectReader(bytes);
  try {
    reader.header();
    const value = reader.value(1);
    return { status: 'understood', value, bytes: reader.at };
  } catch (error) {
    /* v8 ignore if -- the reader throws nothing else; a fault of its own must not pass for a strange object */
    if (!(error instanceof Stopped)) {
      throw error;
    }
    return { status: error.status };
  }
}

class Stopped {
  readonly status: 'cut-off' | 'no-object-stream' | 'not-understood';

  constructor(status: Stopped['status']) {
    this.status = status;
  }
}

class JavaObjectReader {
  at = 0;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  /** Every class, string, object and enum constant in order of appearance: what back references count. */
  readonly #handles: Handle[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  header(): void {
    for (const expected of HEADER) {
      if (this.#view.getUint8(this.#take(1)) !== expected) {
        throw new Stopped('no-object-stream');
      }
    }
  }

  value(depth: number): JavaValue {
    const code = this.#u8();
    switch (code) {
      case CODE.none:
        return null;
      case CODE.reference: {
        const target = this.#reference();
        if (target !== null && typeof target === 'object' && 'flags' in target) {
          throw new Stopped('not-understood');
        }
        return target;
      }
      case CODE.string:
        return this.#newString();
      case CODE.object:
        return this.#object(depth);
      case CODE.enumConstant:
        return this.#enumConstant(depth);
      default:
        throw new Stopped('not-understood');
    }
  }

  #object(depth: number): JavaObject {
    const type = this.#someClass(depth);
    const fields = new Map<string, JavaValue>();
    const object = { className: type.className, fields };
    this.#handles.push(object);
    for (const ancestor of lineage(type)) {
      if (ancestor.flags !== PLAIN_SERIALIZABLE) {
        throw new Stopped('not-understood');
      }
      for (const field of ancestor.fields) {
        if (field.bytes === OBJECT_FIELD) {
          fields.set(field.name, this.value(deeper(depth)));
        } else {
          this.#take(field.bytes);
        }
      }
    }
    return object;
  }

  #enumConstant(depth: number): JavaEnum {
    const type = this.#someClass(depth);
    if ((type.flags & ENUM) === 0) {
      throw new Stopped('not-understood');
    }
    // The constant takes its number before its name does.
    const number = this.#handles.push(null) - 1;
    const constant = { className: type.className, constant: this.#someString() };
    this.#handles[number] = constant;
    return constant;
  }

  /** A class that must be there. */
  #someClass(depth: number): ClassDescription {
    const type = this.#class(depth);
    if (type === null) {
      throw new Stopped('not-understood');
    }
    return type;
  }

  #class(depth: number): ClassDescription | null {
    const code = this.#u8();
    if (code === CODE.none) {
      return null;
    }
    if (code === CODE.reference) {
      const target = this.#reference();
      if (target === null || typeof target === 'string' || !('flags' in target)) {
        throw new Stopped('not-understood');
      }
      return target;
    }
    if (code !== CODE.classDescription) {
      throw new Stopped('not-understood');
    }
    return this.#newClass(depth);
  }

  #newClass(depth: number): ClassDescription {
    const className = this.#text();
    this.#take(8);
    const number = this.#handles.push(null) - 1;
    const flags = this.#u8();
    const count = this.#view.getUint16(this.#take(2));
    const fields: { name: string; bytes: number }[] = [];
    for (let index = 0; index < count; index += 1) {
      fields.push(this.#field());
    }
    if (this.#u8() !== CODE.endOfAnnotations) {
      throw new Stopped('not-understood');
    }
    const parent = this.#class(deeper(depth));
    const ancestors = deeper(parent === null ? 0 : parent.ancestors);
    const type = { className, flags, fields, parent, ancestors };
    this.#handles[number] = type;
    return type;
  }

  #field(): { name: string; bytes: number } {
    const type = String.fromCharCode(this.#u8());
    const name = this.#text();
    if (type === 'L' || type === '[') {
      this.#someString();
      return { name, bytes: OBJECT_FIELD };
    }
    const bytes = FIELD_BYTES[type];
    if (bytes === undefined) {
      throw new Stopped('not-understood');
    }
    return { name, bytes };
  }

  /** A string that must be there, new or one met before. */
  #someString(): string {
    const code = this.#u8();
    if (code === CODE.string) {
      return this.#newString();
    }
    const target = code === CODE.reference ? this.#reference() : null;
    if (typeof target !== 'string') {
      throw new Stopped('not-understood');
    }
    return target;
  }

  #newString(): string {
    const text = this.#text();
    this.#handles.push(text);
    return text;
  }

  #reference(): Handle {
    const target = this.#handles[this.#view.getInt32(this.#take(4)) - FIRST_HANDLE];
    if (target === undefined) {
      throw new Stopped('not-understood');
    }
    return target;
  }

  #text(): string {
    const length = this.#view.getUint16(this.#take(2));
    const start = this.#take(length);
    const end = start + length;
    const found = scanModifiedUtf8(this.#view, start, end);
    if (found >= 0) {
      throw new Stopped('not-understood');
    }
    return found === MULTIBYTE
      ? decodeModifiedUtf8(this.#view, start, end)
      : this.#bytes.toString('latin1', start, end);
  }

  #u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  #take(count: number): number {
    const start = this.at;
    if (start + count > this.#view.byteLength) {
      throw new Stopped('cut-off');
    }
    this.at = start + count;
    return start;
  }
}

/** The class and its ancestors, eldest first, as their fields are stored. */
function lineage(type: ClassDescription): ClassDescription[] {
  const classes: ClassDescription[] = [];
  for (let next: ClassDescription | null = type; next !== null; next = next.parent) {
    classes.unshift(next);
  }
  return classes;
}

function deeper(depth: number): number {
  if (depth >= MOST_DEPTH) {
    throw new Stopped('not-understood');
  }
  return depth + 1;
}
