import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultConfig } from '#config/steward-config.ts';
import { BREAKERS } from '#core/collect/breakers.ts';
import { AuditLog, type Deletion } from '#operations/ledger/audit-log.ts';
import { COLLECTION_PHASES } from '#operations/shards/collection-phases.ts';
import { shardContext } from '#operations/shards/context.ts';
import { decideRun } from '#operations/shards/decide-run.ts';
import { ShardFiles } from '#operations/shards/shard-files.ts';
import { shardsOfSweep } from '#operations/shards/sweep-groups.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { openSteward } from '#steward/steward.ts';
import { startBenchServer } from '../bench/bench-server.ts';

/**
 * Measures each phase of a collection in shards: processor time and requests of its items, to the bucket (LIST) and to the
 * ledger (GET, PUT), and the bytes that they leave.
 * One item runs at a time, so the peak of memory is that of one item.
 *
 * usage: tsx tools/scale/measure-phases.ts [OBJECTS] [SHARDS] [JOBS]
 */

const [objects = 400_000, shards = 4, jobs = 160] = process.argv.slice(2).map(Number);

interface Counted {
  reads: number;
  writes: number;
  readBytes: number;
  writtenBytes: number;
}

const counted: Counted = { reads: 0, writes: 0, readBytes: 0, writtenBytes: 0 };

/** The same ledger, of which the requests are counted. */
function counting(ledger: LedgerStore): LedgerStore {
  return {
    name: ledger.name,
    readDocument: (path) => ledger.readDocument(path),
    writeDocument: (path, text, tag) => ledger.writeDocument(path, text, tag),
    listFiles: (folder) => ledger.listFiles(folder),
    readFile: async (path) => {
      counted.reads++;
      const chunks = await ledger.readFile(path);
      return chunks === null ? null : countingBytes(chunks);
    },
    writeFile: async (path, content) => {
      counted.writes++;
      counted.writtenBytes += content.length;
      await ledger.writeFile(path, content);
    },
  };
}

async function* countingBytes(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    counted.readBytes += chunk.length;
    yield chunk;
  }
}

const server = await startBenchServer({ objects, jobs });
const folder = mkdtempSync(join(tmpdir(), 'flink-steward-scale-'));
try {
  const steward = await openSteward({
    config: defaultConfig(),
    entries: [{ kind: 's3', url: `s3://${server.bucket}` }],
    ledger: join(folder, 'ledger'),
    cwd: folder,
    clock: Date.now,
    connection: { endpoint: server.url, region: 'us-east-1', pathStyle: true },
  });
  const ledger = counting(steward.ledger);
  const files = new ShardFiles(ledger, 'run');
  const input = { ...steward.input, assumeQuarantined: true };
  const context = shardContext({ input, ledger, files, shards, verdicts: false });
  const stores = steward.input.locations.map(({ store }) => store);
  const listsSoFar = async (): Promise<number> => {
    const usages = await Promise.all(stores.map((store) => store.usage?.()));
    return usages.reduce((sum, usage) => sum + (usage?.listRequests ?? 0), 0);
  };
  const recordSweep = async (item: string): Promise<void> => {
    for (const shard of await shardsOfSweep(item, context)) {
      const { log } = await AuditLog.ofShard(ledger, 'run', Number(shard));
      let due: Deletion[] = [];
      const put = async (): Promise<void> => {
        const number = await log.plan(due);
        await log.conclude(
          number,
          due.map(({ url }) => ({ url, outcome: 'deleted' })),
        );
        deletions += due.length;
        due = [];
      };
      for await (const line of (await files.read('judge', shard)).lines('plan')) {
        if (due.push(line as Deletion) === 1_000) await put();
      }
      if (due.length > 0) await put();
    }
  };
  let deletions = 0;
  const rows: Record<string, Record<string, number>> = {};
  for (const phase of COLLECTION_PHASES) {
    if (phase.name === 'remember')
      await decideRun(context, { execute: true, accept: new Set(BREAKERS), refusal: null });
    const items = await phase.items(context);
    if (phase.deletes === true) {
      // Nothing is deleted; it is only put on record, for what certifies it.
      if (phase.name === 'sweep') for (const item of items) await recordSweep(item);
      for (const item of items) await files.write(phase.name, item, { facts: {}, lists: {} });
      await files.close(phase.name, items);
      continue;
    }
    const before = { ...counted, cpu: process.cpuUsage(), lists: await listsSoFar() };
    for (const item of items) {
      await files.write(phase.name, item, await phase.run(item, context, { run: 'run', sweep: null }));
    }
    const { user, system } = process.cpuUsage(before.cpu);
    const per = Math.max(1, items.length);
    rows[phase.name] = {
      items: items.length,
      'CPU s an item': Number(((user + system) / 1e6 / per).toFixed(2)),
      'LIST an item': Math.round(((await listsSoFar()) - before.lists) / per),
      'GET an item': Math.round((counted.reads - before.reads) / per),
      'PUT an item': Math.round((counted.writes - before.writes) / per),
      'MB read an item': Number(((counted.readBytes - before.readBytes) / 1e6 / per).toFixed(1)),
      'MB left an item': Number(((counted.writtenBytes - before.writtenBytes) / 1e6 / per).toFixed(1)),
      'peak MiB so far': Math.round(process.resourceUsage().maxRSS / 1_024),
    };
    await files.close(phase.name, items);
  }
  console.log(`${objects} objects of ${jobs} jobs in ${shards} shards, ${deletions} of them garbage`);
  console.table(rows);
} finally {
  server.stop();
  rmSync(folder, { recursive: true });
}
