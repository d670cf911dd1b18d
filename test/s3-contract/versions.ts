import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type Check, failureOf, type Place } from '#test/s3-contract/describe-s3.ts';

async function setVersioning({ client, bucket }: Place, Status: 'Enabled' | 'Suspended'): Promise<void> {
  const input = { Bucket: bucket, VersioningConfiguration: { Status } };
  await client.send(new PutBucketVersioningCommand(input));
}

async function put({ client, bucket }: Place, Key: string, Body: string): Promise<string | undefined> {
  const { VersionId } = await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  return VersionId;
}

async function read({ client, bucket }: Place, Key: string, VersionId?: string): Promise<string | undefined> {
  const version = VersionId === undefined ? {} : { VersionId };
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key, ...version }));
  return Body?.transformToString();
}

function remove({ client, bucket }: Place, Key: string, VersionId?: string) {
  const version = VersionId === undefined ? {} : { VersionId };
  return client.send(new DeleteObjectCommand({ Bucket: bucket, Key, ...version }));
}

export function versionContract(check: Check): void {
  check('says whether versioning is on', async (place) => {
    const status = async () =>
      (await place.client.send(new GetBucketVersioningCommand({ Bucket: place.bucket }))).Status;

    const before = await status();
    await setVersioning(place, 'Enabled');
    const on = await status();
    await setVersioning(place, 'Suspended');

    expect([before, on, await status()]).toEqual([undefined, 'Enabled', 'Suspended']);
  });

  check('keeps every version readable', async (place) => {
    await setVersioning(place, 'Enabled');
    const first = await put(place, 'a', 'one');
    const second = await put(place, 'a', 'two');

    expect(first).not.toBe(second);
    expect(await read(place, 'a')).toBe('two');
    expect(await read(place, 'a', first)).toBe('one');
  });

  check('hides a deleted object behind a marker that can be taken away', async (place) => {
    // Prepare
    const { client, bucket: Bucket } = place;
    await setVersioning(place, 'Enabled');
    const version = await put(place, 'a', 'one');

    // Act
    const marker = await remove(place, 'a');
    const hidden = await failureOf(client.send(new GetObjectCommand({ Bucket, Key: 'a' })));
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));
    const old = await read(place, 'a', version);
    await remove(place, 'a', marker.VersionId);

    // Assess
    expect(marker.DeleteMarker).toBe(true);
    expect(hidden).toEqual({ code: 'NoSuchKey', status: 404 });
    expect(Contents).toBeUndefined();
    expect(old).toBe('one');
    expect(await read(place, 'a')).toBe('one');
  });

  check('refuses to read a delete marker by its id', async (place) => {
    await setVersioning(place, 'Enabled');
    await put(place, 'a', 'one');
    const { VersionId } = await remove(place, 'a');

    expect(await failureOf(read(place, 'a', VersionId))).toEqual({ code: 'MethodNotAllowed', status: 405 });
  });

  check('lists versions and markers, newest first', async (place) => {
    // Prepare
    await setVersioning(place, 'Enabled');
    const one = await put(place, 'a', 'one');
    const two = await put(place, 'a', 'two2');
    const { VersionId: marker } = await remove(place, 'a');
    const other = await put(place, 'b', 'b');

    // Act
    const { Versions, DeleteMarkers } = await place.client.send(
      new ListObjectVersionsCommand({ Bucket: place.bucket }),
    );

    // Assess
    expect(Versions).toMatchObject([
      { Key: 'a', VersionId: two, IsLatest: false, Size: 4 },
      { Key: 'a', VersionId: one, IsLatest: false, Size: 3 },
      { Key: 'b', VersionId: other, IsLatest: true, Size: 1 },
    ]);
    expect(DeleteMarkers).toMatchObject([{ Key: 'a', VersionId: marker, IsLatest: true }]);
  });

  check('lists versions page by page', async (place) => {
    // Prepare
    const { client, bucket: Bucket } = place;
    await setVersioning(place, 'Enabled');
    const written = [await put(place, 'a', '1'), await put(place, 'a', '2'), await put(place, 'b', '3')];

    // Act
    const seen: (string | undefined)[] = [];
    let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (let isTruncated = true; isTruncated; ) {
      const page = await client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1, ...marker }));
      seen.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId));
      marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      isTruncated = page.IsTruncated ?? false;
    }

    // Assess
    expect(seen).toEqual([written[1], written[0], written[2]]);
  });

  check('folds versions at a delimiter', async (place) => {
    await setVersioning(place, 'Enabled');
    await put(place, 'j/a', '1');
    await put(place, 'j/a', '2');
    await put(place, 'k', '3');

    const { Versions, CommonPrefixes } = await place.client.send(
      new ListObjectVersionsCommand({ Bucket: place.bucket, Delimiter: '/' }),
    );

    expect(Versions).toMatchObject([{ Key: 'k' }]);
    expect(CommonPrefixes).toEqual([{ Prefix: 'j/' }]);
  });

  check('has one version without a name while versioning is suspended', async (place) => {
    // Prepare
    await setVersioning(place, 'Enabled');
    const named = await put(place, 'a', 'one');
    await setVersioning(place, 'Suspended');

    // Act
    await put(place, 'a', 'two');
    await put(place, 'a', 'three');

    // Assess
    const { Versions } = await place.client.send(new ListObjectVersionsCommand({ Bucket: place.bucket }));
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['null', named]);
    expect(await read(place, 'a', 'null')).toBe('three');
  });

  check('gives what was there before versioning the name null', async (place) => {
    await put(place, 'a', 'before');
    await setVersioning(place, 'Enabled');
    await put(place, 'a', 'after');

    expect(await read(place, 'a', 'null')).toBe('before');
  });
}
