import { buffer } from 'node:stream/consumers';
import { BitColumn } from '#core/inventory/columns.ts';
import { isoTime } from '#core/iso-time.ts';
import { type Deletion, type LogFile, logFilesOfShards } from '#operations/ledger/audit-log.ts';
import type { CertifiedException, CertifiedJob } from '#operations/ledger/certificate-lines.ts';
import { checksum, LostPartError, type Part, parseLines } from '#operations/ledger/line-parts.ts';
import { declaredDeadAt } from '#operations/ledger/state.ts';
import { certifiedExceptions, certifiedJobs } from '#operations/run/certified-facts.ts';
import { plannedRun, type ShardContext } from './context.ts';
import type { DuplicateLine } from './find-copies.ts';
import { HashesByPart, partBits } from './hash-parts.ts';
import { groundsOfShard } from './judge-shard.ts';
import { ledgerOf } from './remember-shard.ts';
import type { ItemOutput } from './shard-files.ts';
import { shardsOfSweep } from './sweep-groups.ts';

/** The item of what was retired, beside those of what was swept. */
export const RETIRED = 'retired';

/** What is on record of an item that deleted or retired. */
export interface Logged {
  /** Files of the audit log. */
  readonly files: number;
  /** Objects that were to be deleted, by how many attempts ever. */
  readonly deletions: number;
  /** Of which shards, in words. */
  readonly covers: string;
}

type Grounds = Awaited<ReturnType<typeof groundsOfShard>>['grounds'];

/**
 * Reads what the attempts at an item of the sweep have put on record, and what that rests on. It goes by the log: an attempt
 * that died has left nothing else. Lists: `log`, its files; `jobs` of which something was deleted; `exceptions`; the hashes of
 * the names by part.
 *
 * @throws LostPartError, StoreError
 */
export async function loggedDeletions(
  item: string,
  context: ShardContext,
  { run }: { readonly run: string },
): Promise<ItemOutput> {
  const { shards: all, state } = await plannedRun(context);
  const declaredDead = (job: string): number | null => (state === null ? null : declaredDeadAt(state, job));
  // The log of what was retired lies behind those of the shards.
  const shards = item === RETIRED ? [all.length] : (await shardsOfSweep(item, context)).map(Number);
  const files = await logFilesOfShards(ledgerOf(context), run, new Set(shards));
  const names = new HashesByPart(await partBits(context));
  const log: Part[] = [];
  const jobs = new Map<string, CertifiedJob>();
  const exceptions: CertifiedException[] = [];
  let deletions = 0;
  for (const shard of shards) {
    const ofShard = files.filter((file) => file.shard === shard);
    // Of what was retired the objects are those of other shards, and nothing rests on them.
    const isSwept = item !== RETIRED && ofShard.some(({ isPlan }) => isPlan);
    const grounds = isSwept ? (await groundsOfShard(String(shard), context)).grounds : null;
    const planned = new BitColumn();
    for (const file of ofShard) {
      for (const { url } of await readLog(context, file, log)) {
        const place = context.area.placeOfUrl(url);
        if (grounds === null || place === null) continue;
        names.add(url.slice(url.lastIndexOf('/') + 1));
        planned.add(grounds.objects.find(place.location, place.key));
        deletions++;
      }
    }
    if (grounds === null) continue;
    const known = { area: context.area, declaredDead, ...grounds };
    for (const job of certifiedJobs(known, planned)) jobs.set(job.id, job);
    exceptions.push(...certifiedExceptions(known, planned));
    exceptions.push(...(await duplicatesOf(String(shard), context, grounds, planned)));
  }
  const covers = item === RETIRED ? RETIRED : `shards ${shards.join(', ')}`;
  const facts: Logged = { files: log.length, deletions, covers };
  return { facts, lists: { log, jobs: jobs.values(), exceptions, ...names.end().lists } };
}

/** @returns what was to be deleted by a file of the log, nothing of one that says what became of it. */
async function readLog(context: ShardContext, { file, isPlan }: LogFile, log: Part[]): Promise<Iterable<Deletion>> {
  const ledger = ledgerOf(context);
  const chunks = await ledger.readFile(file);
  if (chunks === null) throw new LostPartError(`${file} of the ledger ${ledger.name} is missing.`);
  const content = await buffer(chunks);
  log.push({ file, sha256: checksum(content) });
  return isPlan ? (parseLines(content) as Iterable<Deletion>) : [];
}

async function duplicatesOf(
  shard: string,
  { area, files }: ShardContext,
  { objects }: Grounds,
  planned: BitColumn,
): Promise<readonly CertifiedException[]> {
  const found: CertifiedException[] = [];
  for await (const { lines } of files.readAll('copies')) {
    for await (const line of lines(`duplicates-${shard}`)) {
      const [object, location, key, bytes, modified] = line as DuplicateLine;
      if (!planned.has(object)) continue;
      const url = area.url(objects.location(object), objects.key(object));
      const of = { url: area.url(location, key), bytes, modified: isoTime(Number(modified)) };
      found.push({ line: 'exception', url, why: 'duplicate', of });
    }
  }
  return found;
}
