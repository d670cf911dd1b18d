import type { S3Client } from '@aws-sdk/client-s3';
import { StoreError } from '#ports/object-store.ts';

/** The credentials that the SDK finds, as far as they tell who they are. */
export interface FoundCredentials {
  /** The id of the key, shortened. It is no secret, but nobody needs the whole of it. */
  readonly key: string;
  /** The account, where the credentials name it. */
  readonly account: string | null;
  /** When they expire, epoch milliseconds; null where they do not say it. */
  readonly expires: number | null;
}

/** A key of which so much is left that its owner knows it again. */
const SHOWN = 4;

/** @throws StoreError where none are found. */
export async function credentialsOf(client: S3Client): Promise<FoundCredentials> {
  try {
    const { accessKeyId, accountId, expiration } = await client.config.credentials();
    return {
      key:
        accessKeyId.length <= 2 * SHOWN ? accessKeyId : `${accessKeyId.slice(0, SHOWN)}…${accessKeyId.slice(-SHOWN)}`,
      account: accountId ?? null,
      expires: expiration?.getTime() ?? null,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    const advice = 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then run again.';
    throw new StoreError('denied', `No credentials were found (${why}). ${advice}`, { cause: error, advice });
  }
}
