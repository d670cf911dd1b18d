import pMap from 'p-map';
import { type DescribedState, describedStates, LONGEST_DESCRIPTION } from '#core/flink/described-states.ts';
import type { PartReader } from './part-reader.ts';
import type { TableFile } from './root-tables.ts';

const AT_ONCE = 8;

/**
 * Reads the descriptions of keyed backends that stand in files of their own. One that can't be read is left out.
 *
 * @throws StoreError where the store refuses all such reads.
 */
export async function readDescriptions(
  files: readonly TableFile[],
  reader: PartReader,
): Promise<ReadonlyMap<TableFile, readonly DescribedState[]>> {
  const described = new Map<TableFile, readonly DescribedState[]>();
  await pMap(
    files,
    async (file) => {
      const size = reader.sizeOf(file);
      const bytes = size === null ? null : await reader.read(file, 0, Math.min(size, LONGEST_DESCRIPTION));
      if (bytes instanceof Uint8Array) described.set(file, describedStates(bytes));
    },
    { concurrency: AT_ONCE },
  );
  return described;
}
