import { join } from 'node:path';
import type { FlinkBuild } from './flink-build.ts';
import { differences } from './flinks-reader.ts';
import { Lab, LabError, type Options } from './lab.ts';
import type { Place } from './place.ts';

const INTERVAL = 'execution.checkpointing.interval';
/** Places of their own where jobs write, beside that of their checkpoints. */
const OTHER_DIRECTORIES = ['state.changelog.dstl.dfs.base-path', 'state.backend.forst.primary-dir'];
const [CHANGELOG_DIRECTORY = ''] = OTHER_DIRECTORIES;

/** What became of an attempt to restore. */
export interface Restored {
  /** Keys that were asked for and hold what they must; null if the restore failed. */
  readonly keys: number | null;
  /** Flink's words if it failed. */
  readonly why: string;
}

/** Restores checkpoints and savepoints with real Flink, one after the other in one JVM, and asks for every key. */
export class Verifier {
  readonly #lab: Lab;
  readonly #scratch: string;

  private constructor(lab: Lab, scratch: string) {
    this.#lab = lab;
    this.#scratch = scratch;
  }

  /** @param folder takes what restoring jobs write, and the log */
  static async open(build: FlinkBuild, flinkOptions: Options, folder: string): Promise<Verifier> {
    const scratch = `file://${join(folder, 'scratch')}`;
    const options = { ...flinkOptions, 'state.changelog.storage': 'filesystem', [CHANGELOG_DIRECTORY]: scratch };
    return new Verifier(await Lab.open(build, options, join(folder, 'verifier.log')), scratch);
  }

  /** @param root key of a `_metadata` */
  async restore(place: Place, root: string, options: Options): Promise<Restored> {
    const { [INTERVAL]: interval = '', ...rest } = { ...options, ...away(options, this.#scratch) };
    try {
      const [keys = '0'] = await this.#lab.ask('verify', {
        ...rest,
        // Only a completed checkpoint makes a write-ahead sink read its files.
        ...(options['lab.write-ahead'] === 'true' ? { [INTERVAL]: interval } : {}),
        'restart-strategy.type': 'none',
        'execution.savepoint.path': pointer(place, root),
        // Leaves all files to whoever owns them. The changelog backend refuses NO_CLAIM; CLAIM would delete them at
        // the end.
        'execution.savepoint-restore-mode': 'LEGACY',
      });
      return { keys: Number(keys), why: '' };
    } catch (error) {
      if (error instanceof LabError) return { keys: null, why: error.message };
      throw error;
    }
  }

  /** The files that a root names, by Flink's own reader; null if that can't read it. */
  async references(place: Place, root: string): Promise<readonly string[] | null> {
    try {
      return await this.#lab.ask('references', { path: pointer(place, root) });
    } catch (error) {
      if (error instanceof LabError) return null;
      throw error;
    }
  }

  /** In what our reader differs from Flink's about a root. */
  async differences(place: Place, root: string): Promise<readonly string[]> {
    const directory = pointer(place, root);
    const bytes = await place.read(root);
    try {
      const words = await this.#lab.ask('metadata', { path: directory });
      return await differences({ file: root, ...JSON.parse(words.join('\t')) }, bytes, directory);
    } catch (error) {
      if (error instanceof LabError) return await differences({ file: root, error: error.message }, bytes, directory);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#lab.kill();
  }
}

/** The directory of the `_metadata`, as one gives it to `flink run -s`. */
export function pointer(place: Place, root: string): string {
  return `${place.url}/${root.slice(0, root.lastIndexOf('/'))}`;
}

/** A restoring job must write nothing beside what it reads. */
function away(options: Options, scratch: string): Options {
  return {
    'execution.checkpointing.dir': scratch,
    ...Object.fromEntries(OTHER_DIRECTORIES.filter((key) => key in options).map((key) => [key, scratch])),
    // A job id of its own: one can't be given twice in one cluster.
    'lab.job-id': '',
  };
}
