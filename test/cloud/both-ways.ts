import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ran, runCaptured } from '#test/cli/steward.ts';
import type { Anything } from './aws.ts';
import { STACK } from './stack.ts';

/** The same question by the command line: to the deployment, and on this machine with the same configuration and ledger. */
export class BothWays {
  readonly #cwd: string;
  readonly #local: readonly string[];

  /**
   * @param folder for a `steward.json`.
   * @param asked the bucket of the area, and the ledger.
   */
  constructor(
    folder: string,
    configuration: object,
    asked: { readonly bucket: string; readonly ledger: string; readonly endpoint: string },
  ) {
    this.#cwd = mkdtempSync(join(folder, 'both-ways-'));
    writeFileSync(join(this.#cwd, 'steward.json'), JSON.stringify(configuration));
    const { bucket, ledger, endpoint } = asked;
    this.#local = [`s3://${bucket}`, '--ledger', `s3://${ledger}`, '--endpoint', endpoint, '--path-style'];
  }

  /** Both documents, without what tells the time at which each of them was asked. */
  async documents(words: readonly string[]): Promise<{ readonly local: Anything; readonly remote: Anything }> {
    const local = await this.#run([...words, ...this.#local, '--json']);
    const remote = await this.#run(['--stack', STACK, ...words, '--json']);
    if (local.status !== remote.status) throw new Error(`${words.join(' ')}: ${local.err}${remote.err}`);
    return { local: timeless(local), remote: timeless(remote) };
  }

  async #run(words: readonly string[]): Promise<Ran> {
    return await runCaptured(words, { cwd: this.#cwd, clock: Date.now, columns: 100 });
  }
}

/** What changes from second to second, though nothing else does. */
const OF_THE_MOMENT = new Set(['start', 'outlook', 'because', 'staying', 'notes', 'ageSeconds', 'undo']);

function timeless({ out }: Ran): Anything {
  return JSON.parse(out, (key, value) => (OF_THE_MOMENT.has(key) ? undefined : value));
}
