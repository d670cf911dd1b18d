import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { S3Bucket } from '#adapters/s3/s3-bucket.ts';
import { S3Deleter } from '#adapters/s3/s3-deleter.ts';
import { StoreError } from '#ports/object-store.ts';
import type { Adapters } from '#test/model/charge.ts';
import type { Gate } from '#test/support/gate.ts';
import type { MemoryDeleterOptions } from '#test/support/memory-area.ts';
import type { MemoryBucket, StoredObject } from '#test/support/memory-bucket.ts';
import { childText, parseXml } from '#tools/embedded-s3/xml-reader.ts';
import { element, optionalElement, s3Document, xmlDocument } from '#tools/embedded-s3/xml-writer.ts';

/** In what a store behaves as no other does. */
export interface Oddities {
  /** Whether each page of a listing is empty and leads to itself. */
  readonly repeatsPages: () => boolean;
  /** Whether the store can't read the name of a key where it stands in a request of many. */
  readonly cannotRead: (key: string) => boolean;
}

/** What becomes of deletions. */
type Deletions = Pick<MemoryDeleterOptions, 'deleting' | 'refuses'>;

/** What S3's own adapters send, answered from a bucket in memory: each request waits at a gate, as a call of a port does. */
export class ScriptedS3 implements Adapters {
  readonly #bucket: MemoryBucket;
  readonly #oddities: Oddities;

  constructor(bucket: MemoryBucket, oddities: Oddities) {
    this.#bucket = bucket;
    this.#oddities = oddities;
  }

  store(gate: Gate): S3Bucket {
    return new S3Bucket({ bucket: this.#name, client: this.#client(gate, {}) });
  }

  deleter(gate: Gate, options: Deletions): S3Deleter {
    return new S3Deleter({ bucket: this.#name, client: this.#client(gate, options) });
  }

  get #name(): string {
    return this.#bucket.name.slice('s3://'.length);
  }

  #client(gate: Gate, options: Deletions): S3Client {
    const handle = async (request: HttpRequest): Promise<{ response: HttpResponse }> => {
      const [call, answer] = this.#asked(request, gate, options);
      return { response: await gate.pass(call, answer, (why) => new StoreError('unavailable', why)) };
    };
    return new S3Client({
      endpoint: 'http://s3',
      region: 'us-east-1',
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { handle },
    });
  }

  /** How a request is called at the gate, and its answer. */
  #asked(
    { method, path, query, headers, body }: HttpRequest,
    gate: Gate,
    options: Deletions,
  ): readonly [call: string, answer: () => HttpResponse] {
    const key = decodeURIComponent(path).slice(`/${this.#name}/`.length);
    if (query['list-type'] !== undefined) {
      const prefix = textOf(query.prefix) ?? '';
      const isOfFolders = query.delimiter !== undefined;
      const call = query['max-keys'] === '1' ? 'now' : `${isOfFolders ? 'children' : 'list'} ${prefix}`;
      return [call, () => this.#page(query, prefix, isOfFolders, gate.pageSize())];
    }
    if (method === 'GET') return [`read ${key}`, () => this.#read(key, headers.range)];
    if (method === 'DELETE') {
      return [`delete ${key}`, () => this.#one(key, unquoted(headers['if-match']), options)];
    }
    return ['send DeleteObjects', () => this.#many(String(Buffer.from(body)), options)];
  }

  #page(query: HttpRequest['query'], prefix: string, isOfFolders: boolean, size: number): HttpResponse {
    const most = Math.min(size, Number(query['max-keys'] ?? size));
    const after = textOf(query['continuation-token']) ?? textOf(query['start-after']);
    const shown = new Map<string, string>();
    let next: string | undefined;
    for (const key of this.#oddities.repeatsPages() ? [] : this.#bucket.keysAfter(prefix, after)) {
      const slash = isOfFolders ? key.indexOf('/', prefix.length) : -1;
      const name = slash === -1 ? key : key.slice(0, slash + 1);
      // Of a folder with which a page ended.
      if (shown.has(name) || (after?.endsWith('/') && key.startsWith(after))) continue;
      if (shown.size === most) {
        next = [...shown.keys()].at(-1);
        break;
      }
      shown.set(name, slash === -1 ? contentsOf(this.#bucket.get(key)) : folderOf(name));
    }
    next = this.#oddities.repeatsPages() ? 'again' : next;
    const told = element('KeyCount', shown.size) + element('IsTruncated', String(next !== undefined));
    const token = optionalElement('NextContinuationToken', next);
    return this.#answer(200, s3Document('ListBucketResult', told + token + [...shown.values()].join('')));
  }

  #read(key: string, range: string | undefined): HttpResponse {
    const object = this.#bucket.get(key);
    if (object === undefined) return this.#failure(404, 'NoSuchKey');
    if (object.archived !== undefined) return this.#failure(403, 'InvalidObjectState');
    const { content, etag, modified } = object;
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    const part = content.subarray(Number(from), to === '' ? undefined : Number(to) + 1);
    const whole = `bytes ${from}-${Number(from) + part.length - 1}/${content.length}`;
    return this.#answer(range === undefined ? 200 : 206, part, {
      'content-length': String(part.length),
      'last-modified': new Date(modified).toUTCString(),
      etag: `"${etag}"`,
      ...(range === undefined ? {} : { 'content-range': whole }),
    });
  }

  #one(key: string, etag: string, options: Deletions): HttpResponse {
    const why = this.#whyNot(key, etag, options);
    return why === null ? this.#answer(204, '') : this.#failure(...why);
  }

  #many(xml: string, options: Deletions): HttpResponse {
    const asked = parseXml(xml, 'Delete')
      .children.filter(({ name }) => name === 'Object')
      .map((each) => ({ key: childText(each, 'Key') ?? '', etag: unquoted(childText(each, 'ETag')) }));
    if (asked.some(({ key }) => this.#oddities.cannotRead(key))) return this.#failure(400, 'MalformedXML');
    const done = asked.map(({ key, etag }) => {
      const why = this.#whyNot(key, etag, options);
      return why === null
        ? `<Deleted>${element('Key', key)}</Deleted>`
        : `<Error>${element('Key', key)}${element('Code', why[1])}</Error>`;
    });
    return this.#answer(200, s3Document('DeleteResult', done.join('')));
  }

  /** Deletes an object. @returns why it did not, or null. */
  #whyNot(key: string, etag: string, { deleting, refuses }: Deletions): readonly [status: number, code: string] | null {
    const object = this.#bucket.get(key);
    if (object === undefined) return [404, 'NoSuchKey'];
    if (object.etag !== etag) return [412, 'PreconditionFailed'];
    if ((refuses?.(key) ?? null) !== null) return [403, 'AccessDenied'];
    deleting?.(object);
    this.#bucket.delete(key);
    return null;
  }

  #failure(status: number, code: string): HttpResponse {
    return this.#answer(status, xmlDocument(`<Error>${element('Code', code)}</Error>`));
  }

  #answer(statusCode: number, body: string | Uint8Array, headers: Record<string, string> = {}): HttpResponse {
    const date = new Date(this.#bucket.now()).toUTCString();
    return new HttpResponse({ statusCode, headers: { date, ...headers }, body: Readable.from([Buffer.from(body)]) });
  }
}

function contentsOf(object: StoredObject | undefined): string {
  if (object === undefined) return '';
  const { key, content, modified, etag, archived } = object;
  const time = new Date(Math.floor(modified / 1_000) * 1_000).toISOString();
  const storage = archived === undefined ? 'STANDARD' : 'GLACIER';
  return `<Contents>${element('Key', key)}${element('LastModified', time)}${element('ETag', `"${etag}"`)}${element('Size', content.length)}${element('StorageClass', storage)}</Contents>`;
}

function folderOf(name: string): string {
  return `<CommonPrefixes>${element('Prefix', name)}</CommonPrefixes>`;
}

function textOf(value: HttpRequest['query'][string] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function unquoted(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}
