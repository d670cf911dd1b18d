/**
 * Who may ask what of a bucket. Signatures are not checked; only what a client may have set up wrongly is.
 */
import type { Bucket } from '#tools/embedded-s3/bucket.ts';
import { headerOf, type S3Request } from '#tools/embedded-s3/request.ts';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';

/** @throws S3Error `PermanentRedirect`, `AccessDenied` */
export function requireAccess(bucket: Bucket, request: S3Request): void {
  const signedFor = regionOf(request);
  // Where a bucket lies can be asked from anywhere.
  const isMisdirected = bucket.region !== null && signedFor !== null && signedFor !== bucket.region;
  if (isMisdirected && request.operation !== 'GetBucketLocation') {
    throw new S3Error('PermanentRedirect', {
      elements: { Bucket: bucket.name, Endpoint: `s3.${bucket.region}.amazonaws.com` },
      headers: { 'x-amz-bucket-region': bucket.region ?? undefined },
    });
  }
  if (bucket.requesterPays && headerOf(request, 'x-amz-request-payer') !== 'requester') {
    throw new S3Error('AccessDenied');
  }
  const expected = headerOf(request, 'x-amz-expected-bucket-owner');
  if (bucket.owner !== null && expected !== undefined && expected !== bucket.owner) {
    throw new S3Error('AccessDenied');
  }
}

/** The region in the scope of the credential; null where there is none. */
function regionOf(request: S3Request): string | null {
  const credential =
    request.query.get('X-Amz-Credential') ?? /Credential=([^,\s]+)/.exec(headerOf(request, 'authorization') ?? '')?.[1];
  return credential?.split('/')[2] ?? null;
}
