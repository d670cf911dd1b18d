import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import { decodeText } from './decode-text.ts';
import { ANY_URL } from './field-schemas.ts';
import {
  defaultConfig,
  parseConfig,
  parseConfigAsWritten,
  type StewardConfig,
  type StewardJson,
} from './steward-config.ts';

const DEFAULT_FILE = 'steward.json';

/**
 * Reads the configuration. Directories of its area and its ledger come out absolute, resolved against the file's
 * own directory.
 * @param path the value of `--config`; without it, `steward.json` in `cwd` if there is one, else the defaults hold
 * @throws ConfigError where the file can't be read or used
 */
export async function loadConfig(path: string | undefined, cwd: string): Promise<StewardConfig> {
  const source = path ?? DEFAULT_FILE;
  const file = resolve(cwd, source);
  const bytes = await readBytes(file, source, path !== undefined);
  return bytes === undefined
    ? defaultConfig()
    : fromFolder(parseConfig(decodeText(bytes, source), source), dirname(file));
}

/** As {@link loadConfig}, but gives what is written there, once it has been found good; nothing where there is no file. */
export async function loadConfigAsWritten(path: string | undefined, cwd: string): Promise<StewardJson> {
  const source = path ?? DEFAULT_FILE;
  const bytes = await readBytes(resolve(cwd, source), source, path !== undefined);
  return bytes === undefined ? {} : parseConfigAsWritten(decodeText(bytes, source), source);
}

async function readBytes(file: string, source: string, asked: boolean): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') {
      if (!asked) {
        return undefined;
      }
      throw new ConfigError(`${source}: there is no such file, so nothing is done. Check the path after --config.`);
    }
    const why =
      code === 'EISDIR' ? 'it is a directory' : code === 'EACCES' ? 'its permissions forbid it' : String(error);
    throw new ConfigError(
      `${source}: the configuration can't be read (${why}), so nothing is done. Give the path of a readable file to --config.`,
      { cause: error },
    );
  }
}

function fromFolder({ ledger, ...config }: StewardConfig, folder: string): StewardConfig {
  return {
    ...config,
    ...(ledger === undefined ? {} : { ledger: ANY_URL.test(ledger) ? ledger : resolve(folder, ledger) }),
    area: config.area.map((entry) =>
      entry.kind === 'directory' ? { ...entry, path: resolve(folder, entry.path) } : entry,
    ),
  };
}
