import type { S3Client } from '@aws-sdk/client-s3';
import { isoTime } from '#core/iso-time.ts';
import { moment } from '#core/quantity.ts';
import type { Steward } from '../steward.ts';
import { asStoreError, type Finding, failureFinding, finding } from './finding.ts';

/**
 * The credentials for the buckets of an area. They come from the environment of the process, so one row tells of all
 * buckets. None where there is no bucket.
 */
export async function checkCredentials({
  locations,
  clock,
}: Pick<Steward, 'locations' | 'clock'>): Promise<readonly Finding[]> {
  const client = locations.flatMap(({ reach }) => (reach.kind === 'bucket' ? [reach.client] : []))[0];
  return client === undefined ? [] : [await credentialsFinding(client, clock())];
}

async function credentialsFinding(client: S3Client, now: number): Promise<Finding> {
  const { credentialsOf } = await import('#adapters/s3/s3-credentials.ts');
  try {
    const { key, account, expires } = await credentialsOf(client);
    const profile = process.env.AWS_PROFILE;
    const parts = [
      `The access key ${key}`,
      ...(profile === undefined || profile === '' ? [] : [`by the profile ${profile}`]),
      ...(account === null ? [] : [`of the account ${account}`]),
    ];
    const found = `${parts.join(', ')}.`;
    if (expires === null) return finding('credentials', null, 'ok', found);
    const until = moment(isoTime(expires));
    return expires <= now
      ? finding('credentials', null, 'wrong', `${found} It expired on ${until}.`, {
          advice: 'Renew it (aws sso login, or a new session token), then run again.',
        })
      : finding('credentials', null, 'ok', `${found} It is valid until ${until}.`);
  } catch (error) {
    const failed = failureFinding('credentials', null, asStoreError(error, undefined), null);
    const profile = process.env.AWS_PROFILE;
    return profile === undefined || profile === ''
      ? failed
      : {
          ...failed,
          found: `${failed.found} AWS_PROFILE is "${profile}".`,
          advice: `Check that this profile exists (aws configure list-profiles) and is signed in (aws sso login). ${failed.advice}`,
        };
  }
}
