/**
 * What the description of a keyed backend says of its states. Every incremental checkpoint has one for each subtask (its
 * "meta" state), and a heap backend writes it before its keys.
 *
 * As Flink 1.20.5, 2.3.0 and ForSt write it (seen in checkpoints that those wrote, one with a TTL): a version, the
 * snapshot of the key's serializer, a count, and then for each state its name (two bytes of length), four bytes of kind,
 * its options and its serializers. The snapshots of serializers have no length, and those of a user's types can hold
 * anything, so they can't be passed over. But each state begins in a way that nothing else does: a keyed one with the
 * option KEYED_STATE_TYPE, one of timers without options and with one serializer. What lies between two beginnings is of
 * the first.
 *
 * A TTL shows as the serializer that Flink puts around that of the values, within those of lists and maps. How long it
 * is does not stand there.
 */

/** A state as its backend describes it. */
export interface DescribedState {
  readonly name: string;
  /** `VALUE`, `LIST`, `MAP`, `REDUCING`, `AGGREGATING`; null of timers. */
  readonly type: string | null;
  readonly hasTtl: boolean;
}

const KEYED = marker([0, 0, 0, 1], 'KEYED_STATE_TYPE');
const TIMERS = marker([0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1], 'VALUE_SERIALIZER');
/** Before the first marker: the kind of a keyed state, four bytes. */
const KEYED_KIND_BYTES = 4;
const TTL = Buffer.from('org.apache.flink.runtime.state.ttl.TtlStateFactory$TtlSerializerSnapshot', 'latin1');

/** Descriptions are some kilobytes; more than this is none. */
export const LONGEST_DESCRIPTION = 1024 * 1024;

interface Beginning {
  readonly at: number;
  readonly name: string;
  readonly type: string | null;
}

/** Total: of bytes that are no description, no states. @param bytes from the beginning of the description on. */
export function describedStates(bytes: Uint8Array): readonly DescribedState[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, LONGEST_DESCRIPTION));
  const beginnings = [...beginningsOf(text)].toSorted((one, other) => one.at - other.at);
  return beginnings.map(({ at, name, type }, index) => ({
    name,
    type,
    hasTtl: text.subarray(at, beginnings[index + 1]?.at).includes(TTL),
  }));
}

function* beginningsOf(text: Buffer): Generator<Beginning> {
  for (const at of occurrences(text, KEYED)) {
    const name = nameBefore(text, at - KEYED_KIND_BYTES);
    const type = textAt(text, at + KEYED.length);
    if (name !== null && type !== null) yield { at, name, type };
  }
  for (const at of occurrences(text, TIMERS)) {
    const name = nameBefore(text, at);
    if (name !== null) yield { at, name, type: null };
  }
}

function* occurrences(text: Buffer, sought: Buffer): Generator<number> {
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length)) yield at;
}

/** A name that ends here. No byte of one is zero, and the upper byte of its length is: of a longer name nothing is known. */
function nameBefore(text: Buffer, end: number): string | null {
  const zero = end < 2 ? -1 : text.lastIndexOf(0, end - 2);
  const length = zero < 0 ? -1 : text.readUInt8(zero + 1);
  return length > 0 && zero + 2 + length === end ? text.toString('utf8', zero + 2, end) : null;
}

function textAt(text: Buffer, at: number): string | null {
  if (at + 2 > text.length) return null;
  const length = text.readUInt16BE(at);
  return at + 2 + length > text.length ? null : text.toString('latin1', at + 2, at + 2 + length);
}

function marker(before: readonly number[], option: string): Buffer {
  return Buffer.concat([Buffer.from([...before, 0, option.length]), Buffer.from(option, 'latin1')]);
}
