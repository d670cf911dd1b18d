import type { CertifiedLines, CertifiedRoot } from '#operations/ledger/certificate-lines.ts';
import { certificatePartsPath, readPart } from '#operations/ledger/certificate-parts.ts';
import type { Certificate, CertificatePart } from '#operations/ledger/certificates.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { Finding } from './finding.ts';

/**
 * What a certificate says, a part at a time: that of a run in shards is too long to be read as a whole. One without parts is
 * its own only part.
 */

/** Deletions, and what they rest on besides the roots. */
export type CertifiedDeletions = Omit<CertifiedLines, 'roots'>;

/** The parts of one certificate. */
export class CertifiedParts {
  readonly #store: LedgerStore;
  readonly #certificate: Certificate;
  /** By part, what is wrong with it. */
  readonly #broken = new Map<string, string>();

  constructor(store: LedgerStore, certificate: Certificate) {
    this.#store = store;
    this.#certificate = certificate;
  }

  /** All roots, anew at each call. @throws StoreError */
  async *roots(): AsyncGenerator<CertifiedRoot, void, undefined> {
    const { head, roots } = this.#certificate;
    yield* roots;
    for (const part of head.parts?.roots ?? []) yield* (await this.#read(part))?.roots ?? [];
  }

  /** @throws StoreError */
  async *deletions(): AsyncGenerator<CertifiedDeletions, void, undefined> {
    const { head, jobs, exceptions, names } = this.#certificate;
    if (head.parts === undefined) yield { log: head.log, jobs, exceptions, names };
    for (const part of head.parts?.deletions ?? []) {
      const lines = await this.#read(part);
      if (lines !== null) yield lines;
    }
  }

  /** What is wrong with the parts that were read, and how they are listed. */
  findings(): readonly Finding[] {
    const { run, parts } = this.#certificate.head;
    const listed = [...(parts?.roots ?? []), ...(parts?.deletions ?? [])].map(({ file }) => file);
    const wrong = new Map(this.#broken);
    for (const [at, file] of listed.entries()) {
      if (listed.indexOf(file) < at) wrong.set(file, 'is listed twice');
      if (!file.startsWith(certificatePartsPath(run))) wrong.set(file, 'is of another run');
    }
    return [...wrong].map(([file, why]) => {
      const sentence = `${file}, a part of the certificate of run ${run}, ${why}.`;
      return { rule: 'certificate', url: null, sentence };
    });
  }

  async #read(part: CertificatePart): Promise<CertifiedLines | null> {
    const read = await readPart(this.#store, part);
    if ('lines' in read) return read.lines;
    this.#broken.set(part.file, read.broken);
    return null;
  }
}
