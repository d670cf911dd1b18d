import type { StewardConfig } from '#config/steward-config.ts';
import { ENV, type Environment, requireEnv } from './environment.ts';

/**
 * The configuration of the deployment: the text in the environment, else the file that a layer brings. What parses it is
 * loaded here, so that a function starts without it.
 *
 * @throws DeploymentError where there is neither, ConfigError
 */
export async function deployedConfig(environment: Environment): Promise<StewardConfig> {
  const text = environment[ENV.json];
  if (text === undefined || text === '') {
    const file = requireEnv(environment, ENV.config);
    const { loadConfig } = await import('#config/load-config.ts');
    return await loadConfig(file, '/');
  }
  const { parseConfig } = await import('#config/steward-config.ts');
  return parseConfig(text, ENV.json);
}
