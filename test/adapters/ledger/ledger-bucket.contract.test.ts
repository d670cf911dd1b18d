import { LedgerBucket } from '#adapters/ledger/ledger-bucket.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { describeLedgerStore } from '#test/support/ledger-store-contract.ts';

const serve = useEmbeddedS3();

describeLedgerStore('LedgerBucket', async () => {
  const { s3, client } = await serve();
  // What others keep beside it is none of its business.
  for (const key of ['steward', 'steward-2/runs/a', 'runs/a', 'state.json@']) s3.put(BUCKET, key, 'foreign');
  return () => new LedgerBucket({ bucket: BUCKET, prefix: 'steward/', client });
});
