import { Buffer } from 'node:buffer';
import type { OutgoingHttpHeaders } from 'node:http';
import { compareKeys } from '#core/key-order.ts';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';
import { md5 } from '#tools/embedded-s3/stored-version.ts';

export interface Part {
  readonly number: number;
  readonly content: Buffer;
  readonly etag: string;
  /** Epoch milliseconds. */
  readonly modified: number;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  /** Epoch milliseconds. S3 gives this time to the object that the upload becomes. */
  readonly initiated: number;
  readonly storageClass: string;
  readonly headers: OutgoingHttpHeaders;
  readonly parts: Map<number, Part>;
}

/** What a client says of a part when it completes an upload. */
export interface NamedPart {
  readonly number: number;
  readonly etag: string;
}

/** The multipart uploads of a bucket that are neither completed nor aborted. */
export class Uploads {
  readonly #byId = new Map<string, Upload>();

  get size(): number {
    return this.#byId.size;
  }

  add(upload: Upload): void {
    this.#byId.set(upload.id, upload);
  }

  /** @throws S3Error `NoSuchUpload` */
  get(id: string, key: string): Upload {
    const upload = this.#byId.get(id);
    if (upload?.key !== key) throw new S3Error('NoSuchUpload', { elements: { UploadId: id } });
    return upload;
  }

  end(upload: Upload): void {
    this.#byId.delete(upload.id);
  }

  /** By key, then by the time of their beginning. */
  inOrder(): readonly Upload[] {
    return [...this.#byId.values()].sort((a, b) => compareKeys(a.key, b.key) || a.initiated - b.initiated);
  }
}

export function partsInOrder({ parts }: Upload): readonly Part[] {
  return [...parts.values()].sort((a, b) => a.number - b.number);
}

/**
 * Puts an upload's parts together.
 *
 * @throws S3Error `InvalidPartOrder`, `InvalidPart`, `EntityTooSmall`
 */
export function assemble(
  { parts }: Upload,
  named: readonly NamedPart[],
  minimumPartBytes: number,
): { readonly content: Buffer; readonly etag: string } {
  if (named.some(({ number }, at) => at > 0 && number <= (named[at - 1]?.number ?? 0))) {
    throw new S3Error('InvalidPartOrder');
  }
  const chosen = named.map(({ number, etag }) => {
    const part = parts.get(number);
    if (part?.etag !== etag) throw new S3Error('InvalidPart', { elements: { PartNumber: String(number), ETag: etag } });
    return part;
  });
  if (chosen.slice(0, -1).some(({ content }) => content.length < minimumPartBytes)) throw new S3Error('EntityTooSmall');
  const digests = Buffer.concat(chosen.map(({ etag }) => Buffer.from(etag, 'hex')));
  return {
    content: Buffer.concat(chosen.map(({ content }) => content)),
    etag: `${md5(digests)}-${chosen.length}`,
  };
}
