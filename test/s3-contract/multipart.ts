import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type Check, failureOf, type Place } from '#test/s3-contract/describe-s3.ts';

const SMALLEST_PART = 5 * 1024 * 1024;

async function begin({ client, bucket }: Place, Key = 'a'): Promise<string> {
  const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
  return UploadId;
}

async function uploadPart({ client, bucket }: Place, UploadId: string, PartNumber: number, Body: Uint8Array) {
  const { ETag } = await client.send(new UploadPartCommand({ Bucket: bucket, Key: 'a', UploadId, PartNumber, Body }));
  return { PartNumber, ETag };
}

function complete(
  { client, bucket }: Place,
  UploadId: string,
  Parts: { PartNumber: number; ETag: string | undefined }[],
  conditions: { IfNoneMatch?: string } = {},
) {
  const input = { Bucket: bucket, Key: 'a', UploadId, MultipartUpload: { Parts }, ...conditions };
  return client.send(new CompleteMultipartUploadCommand(input));
}

function md5(content: Uint8Array): Buffer {
  return createHash('md5').update(content).digest();
}

export function multipartContract(check: Check): void {
  check('puts parts together, with an ETag that counts them', async (place) => {
    // Prepare
    const [first, second] = [Buffer.alloc(SMALLEST_PART, 'a'), Buffer.from('end')];
    const upload = await begin(place);

    // Act
    const later = await uploadPart(place, upload, 7, second);
    const earlier = await uploadPart(place, upload, 2, first);
    const { ETag } = await complete(place, upload, [earlier, later]);

    // Assess
    expect(ETag).toBe(`"${md5(Buffer.concat([md5(first), md5(second)])).toString('hex')}-2"`);
    const { Body } = await place.client.send(new GetObjectCommand({ Bucket: place.bucket, Key: 'a' }));
    const content = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expect(content.equals(Buffer.concat([first, second]))).toBe(true);
  });

  check('shows no object before the upload is complete', async (place) => {
    const upload = await begin(place);
    await uploadPart(place, upload, 1, Buffer.from('a'));

    const head = place.client.send(new HeadObjectCommand({ Bucket: place.bucket, Key: 'a' }));

    expect((await failureOf(head)).code).toBe('NotFound');
  });

  check('lists the parts of an upload', async (place) => {
    // Prepare
    const { client, bucket: Bucket } = place;
    const UploadId = await begin(place);
    await uploadPart(place, UploadId, 3, Buffer.from('ccc'));
    await uploadPart(place, UploadId, 1, Buffer.from('a'));

    // Act
    const first = await client.send(new ListPartsCommand({ Bucket, Key: 'a', UploadId, MaxParts: 1 }));
    const rest = await client.send(
      new ListPartsCommand({ Bucket, Key: 'a', UploadId, PartNumberMarker: first.NextPartNumberMarker }),
    );

    // Assess
    expect(first).toMatchObject({ IsTruncated: true, Parts: [{ PartNumber: 1, Size: 1 }] });
    const ETag = `"${md5(Buffer.from('ccc')).toString('hex')}"`;
    expect(rest).toMatchObject({ IsTruncated: false, Parts: [{ PartNumber: 3, Size: 3, ETag }] });
  });

  check('lists uploads until they are aborted', async (place) => {
    // Prepare
    const { client, bucket: Bucket } = place;
    const UploadId = await begin(place, 'j/shared/a');
    const other = await begin(place, 'k');

    // Act
    const { Uploads: all } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
    const { Uploads: some } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'j/shared/' }));
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'j/shared/a', UploadId }));
    const { Uploads: left } = await client.send(new ListMultipartUploadsCommand({ Bucket }));

    // Assess
    expect(all?.map((upload) => upload.Key)).toEqual(['j/shared/a', 'k']);
    expect(some?.map((upload) => upload.UploadId)).toEqual([UploadId]);
    expect(left?.map((upload) => upload.UploadId)).toEqual([other]);
  });

  check('lists uploads page by page', async (place) => {
    const { client, bucket: Bucket } = place;
    await begin(place, 'a');
    await begin(place, 'b');

    const first = await client.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 1 }));
    const second = await client.send(
      new ListMultipartUploadsCommand({
        Bucket,
        KeyMarker: first.NextKeyMarker,
        UploadIdMarker: first.NextUploadIdMarker,
      }),
    );

    expect(first).toMatchObject({ IsTruncated: true, Uploads: [{ Key: 'a' }] });
    expect(second).toMatchObject({ IsTruncated: false, Uploads: [{ Key: 'b' }] });
  });

  check('knows no upload that was aborted', async (place) => {
    const { client, bucket: Bucket } = place;
    const UploadId = await begin(place);
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'a', UploadId }));

    const request = uploadPart(place, UploadId, 1, Buffer.from('a'));

    expect(await failureOf(request)).toEqual({ code: 'NoSuchUpload', status: 404 });
  });

  check('refuses parts in the wrong order', async (place) => {
    const upload = await begin(place);
    const one = await uploadPart(place, upload, 1, Buffer.alloc(SMALLEST_PART));
    const two = await uploadPart(place, upload, 2, Buffer.alloc(SMALLEST_PART));

    expect(await failureOf(complete(place, upload, [two, one]))).toEqual({ code: 'InvalidPartOrder', status: 400 });
  });

  check('refuses a part with another ETag', async (place) => {
    const upload = await begin(place);
    const part = await uploadPart(place, upload, 1, Buffer.from('a'));

    const request = complete(place, upload, [{ ...part, ETag: '"00000000000000000000000000000000"' }]);

    expect(await failureOf(request)).toEqual({ code: 'InvalidPart', status: 400 });
  });

  check('refuses small parts before the last', async (place) => {
    const upload = await begin(place);
    const one = await uploadPart(place, upload, 1, Buffer.from('a'));
    const two = await uploadPart(place, upload, 2, Buffer.from('b'));

    expect(await failureOf(complete(place, upload, [one, two]))).toEqual({ code: 'EntityTooSmall', status: 400 });
  });

  check('completes only where nothing is', async (place) => {
    const first = await begin(place);
    await complete(place, first, [await uploadPart(place, first, 1, Buffer.from('old'))], { IfNoneMatch: '*' });
    const second = await begin(place);
    const part = await uploadPart(place, second, 1, Buffer.from('new'));

    const request = complete(place, second, [part], { IfNoneMatch: '*' });

    expect(await failureOf(request)).toEqual({ code: 'PreconditionFailed', status: 412 });
  });
}
