import { type CertifiedRoot, NO_LINES } from '#operations/ledger/certificate-lines.ts';
import { writePart } from '#operations/ledger/certificate-parts.ts';
import { type CertificatePart, writeCertificate } from '#operations/ledger/certificates.ts';
import { certifiedRun } from '#operations/run/certified-facts.ts';
import { type Certified, uncertified } from '#operations/run/certify.ts';
import type { DeletionsCertified } from './certify-deletions.ts';
import { ONE, plannedRun, type ShardContext } from './context.ts';
import type { GatheredEvidence } from './gather-evidence.ts';
import { LATE } from './late-findings.ts';
import { groupingOf } from './near-names.ts';
import type { BatchCertified } from './needed-by-batch.ts';
import { ledgerOf } from './remember-shard.ts';
import { fromPlain } from './rich-json.ts';

/** The certificate of a collection in shards: its first line, which names the parts that the items before have written. */

/**
 * Certifies what a collection in shards has put on record. As of one process, a certificate that can't be written is a note. A
 * second time it finds the one that it has written.
 */
export async function certifyCollection(context: ShardContext, run: string): Promise<Certified> {
  try {
    const deletions = await deletionParts(context);
    if (deletions.length === 0) return { notes: [] };
    return { certificate: await certify(context, run, deletions), notes: [] };
  } catch (error) {
    return uncertified(error instanceof Error ? error.message : String(error));
  }
}

async function certify(context: ShardContext, run: string, deletions: readonly CertificatePart[]): Promise<string> {
  const { area, files, input, protect = [] } = context;
  const { start, state } = await plannedRun(context);
  const { undecidable } = fromPlain<GatheredEvidence>((await files.read('gather', ONE)).facts);
  const { count, groupBits } = await groupingOf(context);
  const { log: _, ...none } = NO_LINES;
  return await writeCertificate(ledgerOf(context), {
    head: {
      ...certifiedRun({ run, start, area, settings: input.settings, protect, pins: state?.pins ?? [], undecidable }),
      log: [],
      names: { count, groupBits },
      parts: { roots: [...(await rootParts(context, run))], deletions: [...deletions] },
    },
    ...none,
  });
}

async function deletionParts({ files }: ShardContext): Promise<readonly CertificatePart[]> {
  const parts: CertificatePart[] = [];
  for await (const { facts } of files.readAll('certify')) {
    const { part } = facts as DeletionsCertified;
    if (part !== null) parts.push(part);
  }
  return parts;
}

async function rootParts(context: ShardContext, run: string): Promise<readonly CertificatePart[]> {
  const parts: CertificatePart[] = [];
  for await (const { facts } of context.files.readAll('needed')) {
    const { roots } = facts as BatchCertified;
    if (roots !== null) parts.push(roots);
  }
  const late = await lateRoots(context);
  return late.length === 0
    ? parts
    : [...parts, await writePart(ledgerOf(context), run, { name: LATE, covers: LATE, lines: { roots: late } })];
}

/** Each once, though several items have found it. One that any of them could read was read. */
async function lateRoots({ files }: ShardContext): Promise<readonly CertifiedRoot[]> {
  const found = new Map<string, CertifiedRoot>();
  for (const phase of ['retire', 'sweep']) {
    for await (const { lines } of files.readAll(phase)) {
      for await (const line of lines(LATE)) {
        const root = fromPlain<CertifiedRoot>(line);
        const id = `${root.url}\n${root.etag}`;
        if (found.get(id)?.state !== 'read') found.set(id, root);
      }
    }
  }
  return [...found.values()];
}
