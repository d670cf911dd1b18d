import type { StewardConfig } from '#config/steward-config.ts';
import { shellWord } from '#core/shell-word.ts';
import { knownBucket } from './area-entries.ts';
import type { AreaOptions } from './area-options.ts';

/**
 * The options by which a command of the AWS CLI finds the store in which this command found a bucket: without them it would
 * go to a bucket of that name at AWS. With a space before each.
 *
 * @param url of the bucket, or of something in it.
 * @param config null where it is not known, as that of a deployment.
 */
export function awsReach(url: string, options: AreaOptions, config: StewardConfig | null): string {
  const known = config === null ? undefined : knownBucket(url, config);
  const settings = known?.kind === 's3' ? known : {};
  const { endpoint, region } = { ...settings, ...options };
  return [
    ...(endpoint === undefined ? [] : [` --endpoint-url ${shellWord(endpoint)}`]),
    ...(region === undefined ? [] : [` --region ${shellWord(region)}`]),
  ].join('');
}
