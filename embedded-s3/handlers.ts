import { bucketHandlers } from '#embedded-s3/bucket-requests.ts';
import { deletingHandlers } from '#embedded-s3/deleting.ts';
import { listingHandlers } from '#embedded-s3/listing.ts';
import { multipartHandlers } from '#embedded-s3/multipart.ts';
import type { Operation } from '#embedded-s3/operation.ts';
import { readingHandlers } from '#embedded-s3/reading.ts';
import type { Handler } from '#embedded-s3/request.ts';
import { uploadListingHandlers } from '#embedded-s3/upload-listing.ts';
import { versionListingHandlers } from '#embedded-s3/version-listing.ts';
import { writingHandlers } from '#embedded-s3/writing.ts';

/** What answers each operation. */
export const HANDLERS: Readonly<Record<Operation, Handler>> = {
  ...bucketHandlers,
  ...deletingHandlers,
  ...listingHandlers,
  ...multipartHandlers,
  ...readingHandlers,
  ...uploadListingHandlers,
  ...versionListingHandlers,
  ...writingHandlers,
};
