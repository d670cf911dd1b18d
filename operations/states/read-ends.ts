import pMap from 'p-map';
import { readSstTail, type SstTail, USUAL_TAIL } from '#core/states/sst-tail.ts';
import type { PartMissed, PartReader } from './part-reader.ts';
import type { TableFile } from './root-tables.ts';

/** Reads the ends of state files: the last bytes of each, and more where those do not tell all. */

const AT_ONCE = 32;

/** What the end of a file shows, or why it could not be read. */
export type FileEnd = Exclude<SstTail, { readonly outcome: 'need-more' }> | PartMissed;

/**
 * Reads the ends of files that are listed, in no order.
 *
 * @param onRead told of each.
 * @throws StoreError where the store refuses all such reads.
 */
export async function readEnds<Wanted extends { readonly file: TableFile }>(
  files: Iterable<Wanted>,
  reader: PartReader,
  onRead: (wanted: Wanted, end: FileEnd) => void,
): Promise<void> {
  await pMap(files, async (wanted) => onRead(wanted, await endOf(wanted.file, reader)), { concurrency: AT_ONCE });
}

async function endOf(file: TableFile, reader: PartReader): Promise<FileEnd> {
  const size = reader.sizeOf(file);
  if (size === null) return { outcome: 'torn', why: 'the file into which it was merged ends before it does' };
  let known: Uint8Array = new Uint8Array();
  let from = Math.max(0, size - USUAL_TAIL);
  for (;;) {
    const more = await reader.read(file, from, size - known.length);
    if (!(more instanceof Uint8Array)) return more;
    known = Buffer.concat([more, known]);
    const found = readSstTail(known, size);
    if (found.outcome !== 'need-more') return found;
    from = found.from;
  }
}
