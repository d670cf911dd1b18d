import { bucketHandlers } from '#tools/embedded-s3/bucket-requests.ts';
import { deletingHandlers } from '#tools/embedded-s3/deleting.ts';
import { listingHandlers } from '#tools/embedded-s3/listing.ts';
import { multipartHandlers } from '#tools/embedded-s3/multipart.ts';
import type { Operation } from '#tools/embedded-s3/operation.ts';
import { readingHandlers } from '#tools/embedded-s3/reading.ts';
import type { Handler } from '#tools/embedded-s3/request.ts';
import { uploadListingHandlers } from '#tools/embedded-s3/upload-listing.ts';
import { versionListingHandlers } from '#tools/embedded-s3/version-listing.ts';
import { writingHandlers } from '#tools/embedded-s3/writing.ts';

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
