import { describeObjectStore } from '#test/support/object-store-contract.ts';
import { BUCKET, useS3Places } from './s3-place.ts';

const makePlace = useS3Places();

describeObjectStore('S3Bucket', {
  place: async (objects) => {
    const { s3, bucket } = await makePlace();
    for (const [key, content] of Object.entries(objects)) s3.put(BUCKET, key, content);
    return { store: bucket(), put: async (key, content) => void s3.put(BUCKET, key, content) };
  },
  noPlace: async () => (await makePlace()).bucket({ bucket: 'none' }),
});
