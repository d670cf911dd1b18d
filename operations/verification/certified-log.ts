import type { Part } from '#operations/ledger/line-parts.ts';
import type { Finding } from './finding.ts';
import { logFinding } from './verify-deletions.ts';

/** Which files of the log a certificate names. It grows with the files, and each has up to a thousand deletions. */
export class CertifiedLog {
  readonly #run: string;
  readonly #files = new Set<string>();
  readonly #wrong: string[] = [];

  constructor(run: string) {
    this.#run = run;
  }

  /** The files of one part of the certificate. */
  add(log: readonly Part[]): void {
    for (const { file } of log) {
      if (this.#files.has(file)) this.#wrong.push(`The certificate of run ${this.#run} names ${file} twice.`);
      if (!file.startsWith(`runs/${this.#run}/`)) this.#wrong.push(`${file} is not of run ${this.#run}.`);
      this.#files.add(file);
    }
  }

  /** @param there the files of the log that there are. */
  findings(there: readonly string[]): readonly Finding[] {
    const added = there.filter((file) => !this.#files.has(file)).map((file) => `${file} was added after the run.`);
    return [...this.#wrong, ...added].map(logFinding);
  }
}
