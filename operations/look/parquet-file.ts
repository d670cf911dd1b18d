import { Buffer } from 'node:buffer';

/**
 * Parquet datasets have a file called `_metadata` too. Flink refuses it at its first four bytes, so it references
 * nothing, and an area with a dataset in it must not stay undecidable for ever.
 */

const MAGIC = Buffer.from('PAR1');
/** Magic, length of the footer, magic. */
const LEAST_BYTES = 12;

/**
 * Looks whether a content is a Parquet file: it begins and ends with Parquet's magic number. One that only begins with
 * it is no whole file of any kind, and stays what it was listed as.
 *
 * @returns null for a Parquet file, else the content to be parsed; of one that begins like Parquet its first bytes only.
 * @throws whatever `chunks` throws
 */
export async function unlessParquet(chunks: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array> | null> {
  const rest = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let isOver = false;
  while (!isOver && head.length < MAGIC.length) {
    const next = await rest.next();
    isOver = next.done === true;
    // Copied, because a chunk may be used again.
    head = next.done ? head : Buffer.concat([head, next.value]);
  }
  if (!head.subarray(0, MAGIC.length).equals(MAGIC)) {
    return continued(head, rest);
  }
  let total = head.length;
  let tail = head.subarray(-MAGIC.length);
  for await (const chunk of continued(Buffer.alloc(0), rest)) {
    total += chunk.length;
    tail = Buffer.concat([tail, chunk.subarray(-MAGIC.length)]).subarray(-MAGIC.length);
  }
  return total >= LEAST_BYTES && tail.equals(MAGIC) ? null : continued(head);
}

async function* continued(
  head: Uint8Array,
  rest?: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield head;
    for (let next = await rest?.next(); next !== undefined && !next.done; next = await rest?.next()) {
      yield next.value;
    }
  } finally {
    await rest?.return?.();
  }
}
