import type { CertifiedException, CertifiedJob, CertifiedRoot } from '#operations/ledger/certificate-lines.ts';
import type { Certificate } from '#operations/ledger/certificates.ts';
import { NameSet } from './name-set.ts';
import { pathFacts } from './path-facts.ts';

/** A certificate, in the order in which the judge asks. */
export class CertifiedGrounds {
  readonly certificate: Certificate;
  readonly start: number;
  readonly names: NameSet;
  readonly #jobs: ReadonlyMap<string, CertifiedJob>;
  readonly #exceptions = new Map<string, CertifiedException[]>();
  readonly #roots: ReadonlyMap<string, CertifiedRoot>;
  /** When the newest checkpoint of a directory was complete, by the owner and the directory. */
  readonly #newest = new Map<string, Map<string, number>>();
  readonly #rootsAt = new Set<string>();
  readonly #withRoots = new Set<string>();
  readonly #withCheckpoints = new Set<string>();

  constructor(certificate: Certificate) {
    this.certificate = certificate;
    this.start = Date.parse(certificate.head.start);
    this.names = new NameSet(certificate.names);
    this.#jobs = new Map(certificate.jobs.map((job) => [job.id, job]));
    this.#roots = new Map(certificate.roots.map((root) => [`${root.url}\n${root.etag}`, root]));
    for (const exception of certificate.exceptions) {
      this.#exceptions.set(exception.url, [...(this.#exceptions.get(exception.url) ?? []), exception]);
    }
    for (const root of certificate.roots) this.#add(root);
  }

  job(owner: string): CertifiedJob | null {
    return this.#jobs.get(owner) ?? null;
  }

  exceptions(url: string): readonly CertifiedException[] {
    return this.#exceptions.get(url) ?? [];
  }

  root(url: string, etag: string): CertifiedRoot | null {
    return this.#roots.get(`${url}\n${etag}`) ?? null;
  }

  /** Whether a root lies in a folder whose files are judged together. */
  holdsRoot(base: string): boolean {
    return this.#withRoots.has(base);
  }

  /** Whether a root lies in this very folder. */
  holdsRootIn(folder: string): boolean {
    return this.#rootsAt.has(`${folder}_metadata`);
  }

  /**
   * When the last checkpoint of a job was complete; where several directories hold roots, the oldest of their last ones, since
   * two clusters may share a job id. -Infinity where one of them holds none; null where no directory does.
   */
  lastCheckpoint(owner: string): number | null {
    const times = this.#withCheckpoints.has(owner) ? this.#newest.get(owner) : undefined;
    return times === undefined ? null : Math.min(...times.values());
  }

  /** What was completed after the objects were judged has changed nothing of how they were judged. */
  #add({ url, state, kind, completed, late }: CertifiedRoot): void {
    if (late || !url.endsWith('/_metadata')) return;
    const { base, owner, folder } = pathFacts(url);
    const isCheckpoint = folder === 'checkpoint';
    if (state !== 'vanished') {
      this.#rootsAt.add(url);
      this.#withRoots.add(base);
    }
    if (isCheckpoint) this.#withCheckpoints.add(owner);
    const isProper = state !== 'unreadable' && kind === 'checkpoint' && isCheckpoint;
    const time = isProper ? Date.parse(completed) : Number.NEGATIVE_INFINITY;
    const times = this.#newest.get(owner) ?? new Map<string, number>();
    this.#newest.set(owner, times.set(base, Math.max(times.get(base) ?? Number.NEGATIVE_INFINITY, time)));
  }
}
