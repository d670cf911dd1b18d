import { compareWith } from '#test/s3-conformance/compare.ts';

/** Whatever server it is: where it differs from S3, the failures say how. */
compareWith('given', {});
