import { Buffer } from 'node:buffer';
import { text as readText } from 'node:stream/consumers';
import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';

/** Where each job can be restored from, as the last survey verified it, for those who ask between two surveys. */

/** Where the ledger keeps them. */
export const RESTORE_POINTS_FILE = 'restore-points.json';

const pointSchema = z.object({
  /** URL of the directory that holds the `_metadata`. */
  path: z.string(),
  completed: z.iso.datetime(),
});
/** Where one job can be restored from. */
export type NewestRestorePoint = z.output<typeof pointSchema>;

const documentSchema = z.object({
  /** Start of the survey. */
  surveyed: z.iso.datetime(),
  jobs: z.array(z.tuple([z.string(), pointSchema])),
});

/** @param points by label of the job. @throws StoreError */
export async function writeNewestRestorePoints(
  store: LedgerStore,
  surveyed: string,
  points: ReadonlyMap<string, NewestRestorePoint>,
): Promise<void> {
  const document: z.input<typeof documentSchema> = { surveyed, jobs: [...points] };
  await store.writeFile(RESTORE_POINTS_FILE, Buffer.from(`${JSON.stringify(document)}\n`));
}

/** By label; of none where no survey has left them, or left something else. @throws StoreError */
export async function readNewestRestorePoints(store: LedgerStore): Promise<ReadonlyMap<string, NewestRestorePoint>> {
  const chunks = await store.readFile(RESTORE_POINTS_FILE);
  if (chunks === null) {
    return new Map();
  }
  try {
    return new Map(documentSchema.parse(JSON.parse(await readText(chunks))).jobs);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      return new Map();
    }
    throw error;
  }
}
