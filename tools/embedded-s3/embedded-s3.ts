import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createServer, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from '#tools/embedded-s3/answering.ts';
import { Bucket, type BucketOptions } from '#tools/embedded-s3/bucket.ts';
import { addBucket } from '#tools/embedded-s3/bucket-requests.ts';
import { Faults } from '#tools/embedded-s3/faults.ts';
import { GeneratedObjects, type ObjectSource } from '#tools/embedded-s3/generated-objects.ts';
import { lessThan } from '#tools/embedded-s3/key-bounds.ts';
import { bucketOf, type World } from '#tools/embedded-s3/request.ts';
import { RequestLog } from '#tools/embedded-s3/request-log.ts';
import type { Content, StoredVersion } from '#tools/embedded-s3/stored-version.ts';

const LOOPBACK = '127.0.0.1';
const KEEP_ALIVE_MILLISECONDS = 60_000;
const USUAL_MINIMUM_PART_BYTES = 5 * 1024 * 1024;

export interface EmbeddedS3Options {
  /** @default any free one */
  readonly port?: number;
  /** Buckets to begin with. */
  readonly buckets?: readonly string[];
  /** The server's time in epoch milliseconds. @default the machine's */
  readonly clock?: () => number;
  /** Least size of every part of a multipart upload but the last. @default 5 MiB, as in S3 */
  readonly minimumPartBytes?: number;
}

export interface PutOptions {
  /** Epoch milliseconds; kept in whole seconds. @default the server's time */
  readonly lastModified?: number;
  readonly storageClass?: string;
  /** Without quotes. @default the MD5 of the content; for a mere size, something made of key, size and time */
  readonly etag?: string;
  /** Given back with every read: `content-type`, `x-amz-meta-…`. */
  readonly headers?: OutgoingHttpHeaders;
}

/**
 * An S3 in this process's memory, for tests, benches and the demo, to be spoken to over HTTP on the loopback interface
 * with path-style addresses. It believes every signature. Beside the requests of S3 it has methods of its own that act
 * at once and know no faults.
 */
export class EmbeddedS3 {
  /** Where clients find it, without a slash at the end. */
  readonly url: string;
  /** What is to go wrong. */
  readonly faults: Faults;
  /** What was asked. */
  readonly log: RequestLog;
  /** The server's time in epoch milliseconds, for the Date header and for every write. May be replaced. */
  clock: () => number;
  readonly #world: World;
  readonly #server: Server;

  private constructor(
    server: Server,
    { world, faults, log, clock }: { world: World; faults: Faults; log: RequestLog; clock: () => number },
  ) {
    const { port } = server.address() as AddressInfo;
    this.url = `http://${LOOPBACK}:${port}`;
    this.#server = server;
    this.#world = world;
    this.faults = faults;
    this.log = log;
    this.clock = clock;
  }

  static async start(options: EmbeddedS3Options = {}): Promise<EmbeddedS3> {
    const { port = 0, buckets = [], clock = Date.now, minimumPartBytes = USUAL_MINIMUM_PART_BYTES } = options;
    let ids = 0;
    const started: { s3?: EmbeddedS3 } = {};
    const world: World = {
      buckets: new Map(),
      minimumPartBytes,
      now: () => (started.s3?.clock ?? clock)(),
      newId: () => createHash('md5').update(String(ids++)).digest('hex'),
    };
    const faults = new Faults();
    const log = new RequestLog();
    const server = createServer((message, response) => {
      void answer({ world, faults, log }, message, response);
    });
    server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, LOOPBACK, resolve);
    });
    const s3 = new EmbeddedS3(server, { world, faults, log, clock });
    started.s3 = s3;
    for (const name of buckets) s3.createBucket(name);
    return s3;
  }

  /** Ends all connections, those of hanging requests too. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  createBucket(name: string, options: BucketOptions = {}): Bucket {
    return addBucket(this.#world, name, options);
  }

  /** A bucket that can only be read, with objects that take no memory. */
  generateBucket(name: string, source: ObjectSource, options: BucketOptions = {}): Bucket {
    const bucket = new Bucket(name, this.#world.now(), new GeneratedObjects(source), null, options);
    this.#world.buckets.set(name, bucket);
    return bucket;
  }

  /** With its settings. @throws S3Error `NoSuchBucket` */
  bucket(name: string): Bucket {
    return bucketOf(this.#world, name);
  }

  /**
   * Writes an object as versioning has it, without conditions.
   *
   * @param body a size stands for that many zero bytes, which take no memory.
   */
  put(
    bucket: string,
    key: string,
    body: string | Uint8Array | { readonly size: number },
    { lastModified = this.#world.now(), storageClass, etag, headers }: PutOptions = {},
  ): StoredVersion {
    return this.bucket(bucket).put(
      {
        key,
        content: contentOf(body),
        modified: lastModified,
        ...(storageClass === undefined ? {} : { storageClass }),
        ...(etag === undefined ? {} : { etag }),
        ...(headers === undefined ? {} : { headers }),
      },
      this.#world.newId,
    );
  }

  /** Ends objects with all their versions. */
  erase(bucket: string, ...keys: readonly string[]): void {
    for (const key of keys) this.bucket(bucket).erase(key);
  }

  /** The object as a GET would find it. */
  object(bucket: string, key: string): StoredVersion | undefined {
    return this.bucket(bucket).current(key);
  }

  /** All keys that a listing would show, in order. */
  keys(bucket: string, prefix = ''): readonly string[] {
    const { objects } = this.bucket(bucket);
    const next = objects.seek(lessThan(prefix, objects.allPlain));
    const keys: string[] = [];
    for (let object = next(); object?.key.startsWith(prefix); object = next()) {
      if (!object.deleteMarker) keys.push(object.key);
    }
    return keys;
  }
}

function contentOf(body: string | Uint8Array | { readonly size: number }): Content {
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  return body.size;
}
