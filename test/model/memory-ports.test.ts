import { describeAreaWriter } from '#test/support/area-writer-contract.ts';
import { OPEN } from '#test/support/gate.ts';
import { describeLedgerStore } from '#test/support/ledger-store-contract.ts';
import { MemoryStore, MemoryWriter } from '#test/support/memory-area.ts';
import { MemoryBucket } from '#test/support/memory-bucket.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';

describeLedgerStore('The ledger in memory', async () => {
  const content = new LedgerContent();
  return () => new MemoryLedger(content, OPEN);
});

describeAreaWriter('The writer in memory', async (objects) => {
  const bucket = new MemoryBucket();
  for (const [key, content] of Object.entries(objects)) {
    bucket.put(key, content);
  }
  return { writer: new MemoryWriter(bucket, OPEN), store: new MemoryStore(bucket, OPEN) };
});
