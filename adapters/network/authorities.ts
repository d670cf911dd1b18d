import { readFile } from 'node:fs/promises';
import { loadSharedConfigFiles } from '@smithy/core/config';

/** A file of certificates can't be used. The message says which one, who names it, and why. */
export class AuthoritiesError extends Error {
  override readonly name = 'AuthoritiesError';
}

/**
 * The certificates of the authorities to trust, in PEM: the file that AWS_CA_BUNDLE names, or `ca_bundle` of the AWS
 * profile, as the AWS CLI takes them: in place of those that Node brings. Undefined where there is neither.
 *
 * @throws AuthoritiesError for a file that can't be read or has no certificate.
 */
export async function trustedAuthorities(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const named = await bundleOf(environment);
  if (named === undefined) return undefined;
  const { file, by } = named;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new AuthoritiesError(`${by} names ${file}, which can't be read (${error.code})`, { cause: error });
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new AuthoritiesError(`${by} names ${file}, which contains no certificate in PEM format`);
  }
  return text;
}

interface NamedFile {
  readonly file: string;
  readonly by: string;
}

async function bundleOf(environment: NodeJS.ProcessEnv): Promise<NamedFile | undefined> {
  const { AWS_CA_BUNDLE, AWS_PROFILE = 'default' } = environment;
  if (AWS_CA_BUNDLE !== undefined && AWS_CA_BUNDLE !== '') return { file: AWS_CA_BUNDLE, by: 'AWS_CA_BUNDLE' };
  const { configFile } = await loadSharedConfigFiles();
  const file = configFile[AWS_PROFILE]?.ca_bundle;
  return file === undefined ? undefined : { file, by: `ca_bundle of the AWS profile "${AWS_PROFILE}"` };
}
