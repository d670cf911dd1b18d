import type { Root } from '#core/collect/roots.ts';
import type { BitColumn } from '#core/inventory/columns.ts';
import { isoTime } from '#core/iso-time.ts';
import type { AuditLog } from '#operations/ledger/audit-log.ts';
import type { CertifiedException, CertifiedRoot } from '#operations/ledger/certificate-lines.ts';
import { writeCertificate } from '#operations/ledger/certificates.ts';
import type { Lease } from '#operations/ledger/lease.ts';
import { nameHash } from '#operations/ledger/name-hashes.ts';
import { declaredDeadAt, type LedgerState } from '#operations/ledger/state.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { Acted } from './act.ts';
import { certifiedExceptions, certifiedJobs, certifiedRoot, certifiedRun } from './certified-facts.ts';
import { NeededNames } from './needed-names.ts';

/** Writes down what the deletions of a run rest on, for a judge that knows nothing but that. */

/** What a run has deleted, and on what grounds. */
export interface CertifyInput {
  readonly ledger: LedgerStore;
  readonly run: string;
  readonly survey: Survey;
  /** What operators have declared. */
  readonly state: LedgerState;
  readonly protect: readonly string[];
  readonly lease: Pick<Lease, 'hold'>;
  readonly log: Pick<AuditLog, 'written'>;
  /** The objects whose deletion is on record; retired roots are not among them. */
  readonly planned: BitColumn;
}

/** What became of a certificate. */
export interface Certified {
  /** As the record of the run has it: its hash, null where it could not be written, absent where none was due. */
  readonly certificate?: string | null;
  readonly notes: readonly string[];
}

/**
 * Certifies what a run has put on record. What was deleted must be recorded in any case, so a certificate that can't be
 * written is a note, whatever kept it from being written: an error here would also keep the run from its record.
 */
export async function certifyLogged(
  logged: Acted['logged'],
  grounds: Omit<CertifyInput, 'log' | 'planned'>,
): Promise<Certified> {
  if (logged === null) return { notes: [] };
  try {
    return { certificate: await certify({ ...grounds, ...logged }), notes: [] };
  } catch (error) {
    return uncertified(error instanceof Error ? error.message : String(error));
  }
}

/** @param why it could not be certified, in sentences. */
export function uncertified(why: string): Certified {
  const note = `No certificate of this run could be written, so "verify-run" can't prove its deletions later: ${why}`;
  return { certificate: null, notes: [note] };
}

/** @returns the hash of the certificate. @throws StoreError, LedgerError, RangeError */
async function certify(input: CertifyInput): Promise<string> {
  const { ledger, run, survey, state, protect, lease, log, planned } = input;
  const { objects, owners, foreignJobs } = survey;
  const declaredDead = (job: string): number | null => declaredDeadAt(state, job);
  const names = await NeededNames.of(survey, planned);
  // Hashing the names of a large area takes a while, and only who holds the lease may add to the list.
  await lease.hold();
  return await writeCertificate(ledger, {
    head: {
      ...certifiedRun({ ...survey, run, protect, pins: state.pins }),
      log: [...log.written],
      names: { count: names.count, groupBits: names.groupBits },
    },
    roots: certifiedRoots(survey),
    jobs: certifiedJobs({ area: survey.area, objects, owners, foreignJobs, declaredDead }, planned),
    exceptions: [...certifiedExceptions(survey, planned), ...duplicates(survey, planned, names)],
    names: names.hashes,
  });
}

function certifiedRoots({ area, reachability, owners }: Survey): readonly CertifiedRoot[] {
  // Roots are read again while the run deletes, and owners are what they were.
  const judged = new Set(owners.all.flatMap(({ roots }) => roots));
  const renamed = new Set(reachability.renamedRoots);
  return [...reachability.roots, ...reachability.renamedRoots].map((root: Root) =>
    certifiedRoot(area, root, !judged.has(root) && !renamed.has(root)),
  );
}

/** What was deleted although a needed file has its name, which Flink made of it. */
function* duplicates({ area, objects }: Survey, planned: BitColumn, names: NeededNames): Generator<CertifiedException> {
  const urlOf = (object: number): string => area.url(objects.location(object), objects.key(object));
  const duplicated = new Map<string, number[]>();
  for (let object = 0; object < objects.size; object++) {
    if (!planned.has(object)) continue;
    const name = objects.name(object);
    if (names.has(nameHash(name))) duplicated.set(name, [...(duplicated.get(name) ?? []), object]);
  }
  for (const needed of objects.withBaseName(new Set(duplicated.keys()))) {
    if (!names.isNeeded(needed)) continue;
    const of = { url: urlOf(needed), bytes: objects.bytes(needed), modified: isoTime(objects.modified(needed)) };
    for (const object of duplicated.get(objects.name(needed)) ?? []) {
      // One that is needed itself is no exception, and was not to be deleted.
      if (object !== needed) yield { line: 'exception', url: urlOf(object), why: 'duplicate', of };
    }
  }
}
