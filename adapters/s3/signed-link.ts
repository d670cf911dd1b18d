import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createS3Clients, type S3Connection } from './s3-client.ts';

/**
 * Seconds. A link ends where the credentials that signed it do, whatever it says. Those of a function are renewed some
 * hours before they end, so an hour is a time that a message can promise.
 */
export const LINK_LASTS = 3_600;

/**
 * An address that opens one object of HTML in a browser, for anyone who has it and for {@link LINK_LASTS}.
 *
 * @param bucket with `key` the object; that it is there is not checked.
 */
export async function signedHtmlLink(bucket: string, key: string, connection: S3Connection = {}): Promise<string> {
  const { client } = await createS3Clients(connection);
  const object = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    // The ledger's files are stored as bytes; a browser shows a page only where it is told that it is one.
    ResponseContentType: 'text/html; charset=utf-8',
  });
  return await getSignedUrl(client, object, { expiresIn: LINK_LASTS });
}
