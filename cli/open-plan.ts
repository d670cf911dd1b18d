import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { shellWord } from '#core/shell-word.ts';
import { type PlanHead, readPlanHead } from '#steward/plans.ts';
import { UsageError } from './errors.ts';
import { systemCode, systemFailure } from './system-failure.ts';

/** A plan file: its first line, and its entries, which can be read several times. */
export class OpenPlan {
  readonly head: PlanHead;
  readonly #path: string;
  readonly #file: string;

  private constructor(head: PlanHead, path: string, file: string) {
    this.head = head;
    this.#path = path;
    this.#file = file;
  }

  /** @throws UsageError if the file can't be read, PlanError if it is not a plan. */
  static async open(file: string, cwd: string): Promise<OpenPlan> {
    const path = resolve(cwd, file);
    for await (const line of linesOf(path, file)) {
      return new OpenPlan(readPlanHead(line, file), path, file);
    }
    throw new UsageError(
      `${file} is empty, so it is not a plan. Nothing was deleted. To write a plan: steward plan --out ${shellWord(file)}`,
    );
  }

  async *entries(): AsyncGenerator<string> {
    let isHead = true;
    for await (const line of linesOf(this.#path, this.#file)) {
      if (!isHead && line !== '') {
        yield line;
      }
      isHead = false;
    }
  }
}

async function* linesOf(path: string, file: string): AsyncGenerator<string> {
  const stream = createReadStream(path, 'utf8');
  try {
    // Opened before lines are read, because readline does not report a stream that can't be opened.
    await new Promise<void>((open, fail) => {
      stream.once('open', () => open());
      stream.once('error', fail);
    });
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    if (systemCode(error) === undefined) {
      throw error;
    }
    throw new UsageError(
      `${file} can't be read: ${systemFailure(error, 'no such file')}. To write a plan: steward plan --out ${shellWord(file)}`,
      { cause: error },
    );
  } finally {
    stream.destroy();
  }
}
