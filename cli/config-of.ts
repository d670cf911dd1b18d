import { loadConfig } from '#config/load-config.ts';
import type { StewardConfig } from '#config/steward-config.ts';
import type { Io } from './io.ts';

/** Reads each file once, however often it is asked for: of a pipe, as in `--config <(…)`, nothing would be left. */
export function readingOnce(cwd: string): NonNullable<Io['config']> {
  const read = new Map<string | undefined, Promise<StewardConfig>>();
  return (path) => {
    const config = read.get(path) ?? loadConfig(path, cwd);
    read.set(path, config);
    return config;
  };
}

/** The configuration that a command was given. @throws ConfigError as {@link loadConfig} */
export async function configOf(path: string | undefined, io: Pick<Io, 'cwd' | 'config'>): Promise<StewardConfig> {
  return await (io.config?.(path) ?? loadConfig(path, io.cwd));
}
