import { loadConfig } from '#config/load-config.ts';
import { parseConfig, type StewardConfig } from '#config/steward-config.ts';
import { ENV, type Environment, requireEnv } from './environment.ts';

/**
 * The configuration of the deployment: the text in the environment, else the file that a layer brings.
 *
 * @throws DeploymentError where there is neither, ConfigError
 */
export async function deployedConfig(environment: Environment): Promise<StewardConfig> {
  const text = environment[ENV.json];
  return text === undefined || text === ''
    ? await loadConfig(requireEnv(environment, ENV.config), '/')
    : parseConfig(text, ENV.json);
}
