import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from '#cli/io.ts';
import { parseConfigAsWritten, type StewardJson } from '#config/steward-config.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { NOW } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { useCredentials } from './rules-bucket.ts';
import { type Ran, runCaptured } from './steward.ts';

export interface Opened {
  readonly s3: EmbeddedS3;
  /** Where the command runs. */
  readonly cwd: string;
  /** How the buckets of the embedded S3 are reached. */
  readonly reach: readonly string[];
  run(args: readonly string[], io?: Partial<Pick<Io, 'columns' | 'ask' | 'environment'>>): Promise<Ran>;
  /** `steward init` with the options that reach the buckets. */
  init(...args: readonly string[]): Promise<Ran>;
  /** What the file says that was written. */
  written(file?: string): Promise<StewardJson>;
}

/** Buckets to be looked into, credentials, and an empty folder. Call it once, outside the tests. */
export function useInit(): (buckets?: readonly string[]) => Promise<Opened> {
  const serve = useEmbeddedS3();
  const makeDirectory = useTempDirectories();
  useCredentials();
  return async (buckets = ['state']) => {
    const { s3 } = await serve({ buckets: [...buckets], clock: () => NOW });
    const cwd = await makeDirectory();
    const reach = ['--endpoint', s3.url, '--region', 'us-east-1', '--path-style'];
    const run: Opened['run'] = async (args, io = {}) =>
      await runCaptured(args, { cwd, clock: () => NOW, columns: 100, errorColumns: undefined, ...io });
    return {
      s3,
      cwd,
      reach,
      run,
      init: async (...args) => await run(['init', ...args, ...reach]),
      written: async (file = 'steward.json') => {
        return parseConfigAsWritten(await readFile(join(cwd, file), 'utf8'), file);
      },
    };
  };
}

/** The URLs of the area, without how they are reached. */
export function areaOf({ area = [] }: StewardJson): readonly unknown[] {
  return area.map((entry) => (typeof entry === 'object' && 'bucket' in entry ? entry.bucket : entry));
}
