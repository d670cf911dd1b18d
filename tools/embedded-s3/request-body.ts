/**
 * The body of a request as it was meant: out of its chunks, and checked against what the client says of it.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { crc32 } from 'node:zlib';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';

/** @throws whatever the connection fails with. */
export async function receive(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @throws S3Error `IncompleteBody`, `BadDigest`, `InvalidDigest` */
export function decodeBody(received: Buffer, headers: IncomingHttpHeaders): Buffer {
  const isChunked = String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  const { content, trailers } = isChunked ? decodeChunks(received) : { content: received, trailers: {} };
  const length = headers['x-amz-decoded-content-length'];
  if (isChunked && length !== undefined && Number(length) !== content.length) throw new S3Error('IncompleteBody');
  verify(content, { ...headers, ...trailers });
  return content;
}

/** True where the client vouches for the body in any of the ways that S3 accepts. */
export function hasChecksum(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => /^content-md5$|^x-amz-checksum-|^x-amz-trailer$/.test(name));
}

/** `aws-chunked`: hexadecimal sizes, signatures that nobody checks here, and perhaps headers at the end. */
function decodeChunks(received: Buffer): { content: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = received.indexOf('\r\n', at);
    const size = /^([0-9a-f]+)(?:;.*)?$/i.exec(received.toString('latin1', at, lineEnd))?.[1];
    if (lineEnd < 0 || size === undefined) throw new S3Error('IncompleteBody');
    const start = lineEnd + 2;
    const end = start + Number.parseInt(size, 16);
    if (end === start)
      return { content: Buffer.concat(chunks), trailers: trailersOf(received.toString('latin1', start)) };
    if (received.toString('latin1', end, end + 2) !== '\r\n') throw new S3Error('IncompleteBody');
    chunks.push(received.subarray(start, end));
    at = end + 2;
  }
}

function trailersOf(text: string): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}

type Digest = (content: Buffer) => string;

const CHECKED: Readonly<Record<string, Digest>> = {
  'content-md5': hash('md5'),
  'x-amz-checksum-crc32': base64Crc32,
  'x-amz-checksum-sha1': hash('sha1'),
  'x-amz-checksum-sha256': hash('sha256'),
};

function verify(content: Buffer, headers: IncomingHttpHeaders): void {
  for (const [name, digest] of Object.entries(CHECKED)) {
    const stated = headers[name];
    if (stated === undefined || stated === digest(content)) continue;
    const isMd5 = name === 'content-md5' && Buffer.from(String(stated), 'base64').length === 16;
    throw new S3Error(name === 'content-md5' && !isMd5 ? 'InvalidDigest' : 'BadDigest');
  }
}

export function base64Crc32(content: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(content));
  return bytes.toString('base64');
}

function hash(algorithm: string): Digest {
  return (content) => createHash(algorithm).update(content).digest('base64');
}
