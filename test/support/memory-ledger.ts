import { Buffer } from 'node:buffer';
import type { LedgerDocument, LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';
import type { Gate } from '#test/support/gate.ts';

const PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\w.-]+(?:\/[\w.-]+)*$/;
const FOLDER = /^(?:(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?:[\w.-]+\/)+)?$/;

/** What a ledger holds, with no port before it. */
export class LedgerContent {
  readonly documents = new Map<string, LedgerDocument>();
  readonly files = new Map<string, Buffer>();
  writes = 0;
}

/** A ledger in memory: each request waits at a gate. */
export class MemoryLedger implements LedgerStore {
  readonly name: string;
  readonly #content: LedgerContent;
  readonly #gate: Gate;

  constructor(content: LedgerContent, gate: Gate, name = 'the ledger in memory') {
    this.name = name;
    this.#content = content;
    this.#gate = gate;
  }

  async readDocument(path: string): Promise<LedgerDocument | null> {
    checkPath(path);
    return await this.#pass(`read ${path}`, ({ documents }) => documents.get(path) ?? null);
  }

  async writeDocument(path: string, text: string, tag: string | null): Promise<string | null> {
    checkPath(path);
    return await this.#pass(`write ${path}`, (content) => {
      if ((content.documents.get(path)?.tag ?? null) !== tag) {
        return null;
      }
      content.writes++;
      const written = { text, tag: `tag ${content.writes}` };
      content.documents.set(path, written);
      return written.tag;
    });
  }

  async readFile(path: string): Promise<AsyncIterable<Uint8Array> | null> {
    checkPath(path);
    const file = await this.#pass(`read file ${path}`, ({ files }) => files.get(path) ?? null);
    return file === null ? null : chunksOf(file);
  }

  async writeFile(path: string, content: Uint8Array): Promise<void> {
    checkPath(path);
    const file = Buffer.from(content);
    await this.#pass(`write file ${path}`, ({ files }) => void files.set(path, file));
  }

  async *listFiles(folder: string): AsyncGenerator<string> {
    if (!FOLDER.test(folder)) {
      throw new RangeError(`${JSON.stringify(folder)} is not a folder of a ledger.`);
    }
    const paths = await this.#pass(`list files of ${folder}`, ({ files }) =>
      [...files.keys()].filter((path) => path.startsWith(folder)).sort(),
    );
    yield* paths;
  }

  async #pass<T>(call: string, effect: (content: LedgerContent) => T): Promise<T> {
    return await this.#gate.pass(
      `ledger: ${call}`,
      () => effect(this.#content),
      (why) => new StoreError('unavailable', why),
    );
  }
}

async function* chunksOf(file: Buffer): AsyncGenerator<Uint8Array> {
  yield file;
}

function checkPath(path: string): void {
  if (!PATH.test(path)) {
    throw new RangeError(`${JSON.stringify(path)} is no path of a ledger.`);
  }
}
