import { Buffer } from 'node:buffer';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

/** Files by their path below the folder; a path that ends in `/` is an empty folder. */
export type Tree = Readonly<Record<string, string | Uint8Array | TreeFile>>;

export interface TreeFile {
  readonly content: string | Uint8Array;
  /** In epoch milliseconds. */
  readonly modified: number;
}

/**
 * Folders of their own for the tests of a file, removed after each test. Call it once, outside the tests.
 *
 * @returns a function that makes a folder, writes a tree into it, and gives its path.
 */
export function useTempDirectories(): (tree?: Tree) => Promise<string> {
  const made: string[] = [];
  afterEach(async () => {
    await Promise.all(made.splice(0).map((path) => rm(path, { recursive: true, force: true })));
  });
  return async (tree = {}) => {
    const path = await mkdtemp(join(tmpdir(), 'flink-steward-'));
    made.push(path);
    await writeTree(path, tree);
    return path;
  };
}

export async function writeTree(root: string, tree: Tree): Promise<void> {
  for (const [below, file] of Object.entries(tree)) {
    const path = join(root, below);
    await mkdir(below.endsWith('/') ? path : dirname(path), { recursive: true });
    if (below.endsWith('/')) continue;
    if (typeof file === 'string' || file instanceof Uint8Array) {
      await writeFile(path, file);
    } else {
      await writeFile(path, file.content);
      await utimes(path, file.modified / 1_000, file.modified / 1_000);
    }
  }
}

/** A path whose last name is bytes that need not be UTF-8. */
export function pathWithName(folder: string, name: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(join(folder, '/')), name]);
}
