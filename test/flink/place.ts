import { copyFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Options } from './lab.ts';

export interface StoredObject {
  /** Relative to the place. */
  readonly key: string;
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly modified: number;
}

/** Where jobs keep their state, as Flink, the steward and this suite see it. */
export interface Place {
  /** What Flink is told, without a slash at the end. */
  readonly url: string;
  /** How Flink gets there. */
  readonly flinkOptions: Options;
  /** What the steward is told. */
  readonly location: string;
  readonly stewardFlags: readonly string[];
  /** The steward's credentials. */
  readonly environment: Readonly<Record<string, string>>;
  list(): Promise<readonly StoredObject[]>;
  read(key: string): Promise<Uint8Array>;
  /** As a copy from bucket to bucket: it is as old as the copying, not as its original. Nothing if that has vanished. */
  copy(key: string, to: string): Promise<void>;
  /** For the age rule, which asks nobody. */
  remove(key: string): Promise<void>;
}

/** The key of what Flink names; null if it lies elsewhere. Flink writes `file:/x`, `s3://bucket/x`. */
export function keyIn(place: Place, path: string): string | null {
  const canonical = (url: string): string => url.replace(/^file:\/*/, 'file:/').replace(/^s3[anp]?:/, 's3:');
  const base = `${canonical(place.url)}/`;
  return canonical(path).startsWith(base) ? canonical(path).slice(base.length) : null;
}

export class LocalPlace implements Place {
  readonly url: string;
  readonly flinkOptions = {};
  readonly location: string;
  readonly stewardFlags = [];
  readonly environment = {};

  constructor(directory: string) {
    this.location = directory;
    this.url = `file://${directory}`;
  }

  async list(): Promise<readonly StoredObject[]> {
    return this.#below('');
  }

  /** Flink deletes files and directories while they are listed: those are left out. */
  async #below(prefix: string): Promise<readonly StoredObject[]> {
    const objects: StoredObject[] = [];
    const directory = join(this.location, prefix);
    for (const entry of await readdir(directory, { withFileTypes: true }).catch(() => [])) {
      const key = `${prefix}${entry.name}`;
      if (entry.isDirectory()) {
        objects.push(...(await this.#below(`${key}/`)));
      } else {
        const found = await stat(join(this.location, key)).catch(() => null);
        if (found !== null) objects.push({ key, bytes: found.size, modified: found.mtimeMs });
      }
    }
    return objects;
  }

  async read(key: string): Promise<Uint8Array> {
    return await readFile(join(this.location, key));
  }

  async copy(key: string, to: string): Promise<void> {
    await mkdir(dirname(join(this.location, to)), { recursive: true });
    await copyFile(join(this.location, key), join(this.location, to)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }

  async remove(key: string): Promise<void> {
    await rm(join(this.location, key));
  }
}
