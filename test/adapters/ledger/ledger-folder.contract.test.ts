import { join } from 'node:path';
import { LedgerFolder } from '#adapters/ledger/ledger-folder.ts';
import { describeLedgerStore } from '#test/support/ledger-store-contract.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();

describeLedgerStore('LedgerFolder', async () => {
  const path = join(await makeDirectory(), 'not', 'there', 'yet');
  return () => new LedgerFolder(path);
});
