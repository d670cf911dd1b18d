/**
 * Run as a process of its own, to be killed at any moment: counts in the document of the ledger in the folder that the
 * first argument names, under the name that the second one gives, and prints each count once it is written.
 */
import { writeSync } from 'node:fs';
import { LedgerFolder } from '#adapters/ledger/ledger-folder.ts';
import { countOne } from './counter-document.ts';

const [path = '', writer = ''] = process.argv.slice(2);
const store = new LedgerFolder(path);
for (;;) {
  await countOne(store, writer);
  writeSync(1, '+');
}
