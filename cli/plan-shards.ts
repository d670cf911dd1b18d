import { resolve } from 'node:path';
import { csvLine, csvRow } from '#core/csv.ts';
import { planInShards } from '#steward/plan-in-shards.ts';
import type { PlanOrigin } from '#steward/plans.ts';
import type { VerdictLine } from '#steward/run-document.ts';
import type { AreaOptions } from './area-options.ts';
import { refuseEmpty } from './empty-area.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { noteLeftOut } from './part-of-area.ts';
import type { PreparedArea } from './prepare-area.ts';
import { note } from './print/stderr.ts';
import { VERDICT_COLUMNS } from './tables/verdicts.ts';
import { writeLines } from './write-lines.ts';

/** Plans that are made in shards. */

/** What was ordered of one. */
export interface ShardOptions extends AreaOptions {
  readonly shards: number;
  readonly atOnce?: number;
  readonly verdicts?: string;
  readonly out?: string;
}

const AT_ONCE = 2;

/** @throws UsageError for options that can't be given together. */
export function refuseMixed({ shards, atOnce, job }: Partial<ShardOptions> & { readonly job?: string }): void {
  if (atOnce !== undefined && shards === undefined) {
    throw new UsageError('--at-once is for plans in shards. Add --shards NUMBER, or leave it out.');
  }
  if (job !== undefined && shards !== undefined) {
    throw new UsageError(
      '--job and --shards cannot be used together: a plan in shards counts the whole area. Leave one of them out.',
    );
  }
}

/** @param files receives what was written. */
export async function planShards(prepared: PreparedArea, options: ShardOptions, io: Io, files: string[]) {
  const { steward, ledger } = prepared;
  const { shards, atOnce = AT_ONCE, verdicts, out } = options;
  noteLeftOut(prepared);
  const isThere = ledger !== null && (ledger.named || ledger.exists);
  const order = { shards, atOnce, verdicts: verdicts !== undefined };
  return await planInShards(steward, order, async (planned) => {
    prepared.endProgress();
    if (isThere) {
      note('A plan in shards does not count as a run: it records nothing in the ledger, and no quarantine begins.', io);
    }
    if (verdicts !== undefined) {
      const lines = planned.verdicts();
      const written = options.format === 'csv' ? csvOf(lines) : jsonOf(lines);
      await writeLines(resolve(io.cwd, verdicts), written, io.signal);
      files.push(`${verdicts} (all verdicts)`);
    }
    if (out !== undefined) {
      await writeLines(resolve(io.cwd, out), jsonOf(planned.lines(openedLocations(prepared, io))), io.signal);
      files.push(`${out} (the plan)`);
    }
    refuseEmpty(planned.empty);
    return { report: planned.report, remembered: isThere };
  }).finally(prepared.endProgress);
}

/** The locations as they were opened, for a plan that is executed later. */
export function openedLocations({ entries }: PreparedArea, io: Io): PlanOrigin['locations'] {
  return entries.map((entry) =>
    entry.kind === 's3' ? { bucket: entry.url } : { path: resolve(io.cwd, entry.path), as: entry.as ?? null },
  );
}

async function* jsonOf(documents: AsyncIterable<object>): AsyncGenerator<string, void, undefined> {
  for await (const document of documents) yield `${JSON.stringify(document)}\n`;
}

async function* csvOf(rows: AsyncIterable<VerdictLine>): AsyncGenerator<string, void, undefined> {
  yield csvLine(Object.keys(VERDICT_COLUMNS));
  for await (const row of rows) yield csvLine(csvRow(VERDICT_COLUMNS, row));
}
