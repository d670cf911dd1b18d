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
    // What is refused, as while a schedule holds the lease, is no document, and equals none.
    if (local.out === '' || remote.out === '') return { local: { refused: local.err }, remote: { asked: remote.err } };
    return {
      local: { status: local.status, ...timeless(local, words) },
      remote: { status: remote.status, ...timeless(remote, words) },
    };
  }

  async #run(words: readonly string[]): Promise<Ran> {
    return await runCaptured(words, { cwd: this.#cwd, clock: Date.now, columns: 100 });
  }
}

/** What changes from second to second, though nothing else does. */
const OF_THE_MOMENT = ['start', 'outlook', 'because', 'staying', 'notes', 'ageSeconds', 'undo'];
/** Commands that are runs themselves: each has a name, a beginning and an end of its own. */
const RUNS = ['plan', 'retire'];

function timeless({ out }: Ran, [command = '']: readonly string[]): Anything {
  const own = RUNS.includes(command) ? ['began', 'ended'] : [];
  const left = new Set([...OF_THE_MOMENT, ...own]);
  return JSON.parse(out, (key, value) => {
    const isName = own.length > 0 && key === 'run' && typeof value === 'string';
    return left.has(key) || isName ? undefined : value;
  });
}
