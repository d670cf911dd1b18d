import type { CertifiedException, CertifiedJob } from '#operations/ledger/certificate-lines.ts';
import { writePart } from '#operations/ledger/certificate-parts.ts';
import type { CertificatePart } from '#operations/ledger/certificates.ts';
import type { Part } from '#operations/ledger/line-parts.ts';
import { base64Hashes, hashesOf } from '#operations/ledger/name-hashes.ts';
import type { ShardContext } from './context.ts';
import type { Logged } from './logged-deletions.ts';
import { nearList } from './near-names.ts';
import { ledgerOf } from './remember-shard.ts';
import type { ItemOutput } from './shard-files.ts';

/** The part of a certificate for one item that deleted or retired; null where nothing is on record of it. */
export interface DeletionsCertified {
  readonly part: CertificatePart | null;
}

/** Puts together what the certificate says of one item that deleted or retired. @throws LostPartError, StoreError */
export async function certifyDeletions(
  item: string,
  context: ShardContext,
  { run }: { readonly run: string },
): Promise<ItemOutput> {
  const { facts, lines } = await context.files.read('logged', item);
  const { files, covers } = facts as Logged;
  if (files === 0) return outputOf(null);
  const log = (await all(lines('log'))) as Part[];
  const jobs = (await all(lines('jobs'))) as CertifiedJob[];
  const exceptions = (await all(lines('exceptions'))) as CertifiedException[];
  const names: Buffer[] = [];
  // Ascending over all parts, since the first bits of a hash tell its part.
  for await (const near of context.files.readAll('near')) {
    for (const line of await all(near.lines(nearList(item)))) names.push(base64Hashes(line as string));
  }
  const certified = { log, jobs, exceptions, names: hashesOf(names) };
  return outputOf(await writePart(ledgerOf(context), run, { name: `deletions-${item}`, covers, lines: certified }));
}

function outputOf(part: CertificatePart | null): ItemOutput {
  const facts: DeletionsCertified = { part };
  return { facts, lists: {} };
}

async function all(lines: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const line of lines) found.push(line);
  return found;
}
