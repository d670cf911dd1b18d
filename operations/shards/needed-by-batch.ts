import { baseName } from '#core/flink/state-path.ts';
import { askedPlaces } from '#core/shards/asked-places.ts';
import type { CertifiedRoot } from '#operations/ledger/certificate-lines.ts';
import { writePart } from '#operations/ledger/certificate-parts.ts';
import type { CertificatePart } from '#operations/ledger/certificates.ts';
import type { BegunReading } from '#operations/look/read-root.ts';
import { certifiedRoot } from '#operations/run/certified-facts.ts';
import type { ShardContext } from './context.ts';
import { HashesByPart, partBits } from './hash-parts.ts';
import { type ReplayedRoot, replay } from './recorded-roots.ts';
import { ledgerOf } from './remember-shard.ts';
import { readingsOf } from './replay-batch.ts';
import type { RenamedLine, RootLine } from './resolved-lines.ts';
import { fromPlain } from './rich-json.ts';
import type { ItemOutput } from './shard-files.ts';

/** What a batch of roots adds to a certificate. */
export interface BatchCertified {
  /** How many names its roots need. */
  readonly names: number;
  /** Its roots; null where it has none. */
  readonly roots: CertificatePart | null;
}

/**
 * Writes the roots of a batch as a part of the certificate. Lists: the hashes of all names that they reference, by part. They
 * are taken from what the roots say, whatever was found at those places.
 *
 * @throws LostPartError, StoreError
 */
export async function neededByBatch(
  item: string,
  context: ShardContext,
  { run }: { readonly run: string },
): Promise<ItemOutput> {
  const names = new HashesByPart(await partBits(context));
  for (const { lines } of await readingsOf(item, context)) {
    await replay(lines('recorded'), () => -1, { begin: ({ root }) => naming(names, root, context) });
  }
  const roots = await rootsOf(item, context);
  const part = { name: item, covers: item, lines: { roots } };
  const { lists, count } = names.end();
  const facts: BatchCertified = {
    names: count,
    roots: roots.length === 0 ? null : await writePart(ledgerOf(context), run, part),
  };
  return { facts, lists };
}

function naming(names: HashesByPart, root: ReplayedRoot['root'], { area }: ShardContext): BegunReading {
  return {
    reference: (reference) => {
      const name = baseName(reference.path);
      names.add(name);
      // A path may be written in another way than the key that it leads to.
      for (const { key } of askedPlaces(area, root, reference)) if (baseName(key) !== name) names.add(baseName(key));
    },
    complete: () => {},
    fail: () => {},
    vanish: () => {},
  };
}

async function rootsOf(item: string, { area, files }: ShardContext): Promise<readonly CertifiedRoot[]> {
  const { lines } = await files.read('resolve', item);
  const roots: CertifiedRoot[] = [];
  for await (const line of lines('roots')) roots.push(certifiedRoot(area, fromPlain<RootLine>(line).root, false));
  for await (const line of lines('others')) roots.push(certifiedRoot(area, fromPlain<RenamedLine>(line), false));
  return roots;
}
