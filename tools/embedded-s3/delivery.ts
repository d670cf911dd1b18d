/**
 * Sends an answer, or as much of it as its faults allow.
 */
import { Buffer } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '#tools/embedded-s3/faults.ts';
import type { S3Answer } from '#tools/embedded-s3/request.ts';

/** @returns when all is sent or the connection is gone. */
export async function deliver(response: ServerResponse, answer: S3Answer, faults: readonly Fault[]): Promise<void> {
  const { status, headers = {} } = answer;
  const isBodiless = response.req.method === 'HEAD' || status === 204 || status === 304;
  const body = isBodiless ? '' : rewritten(answer.body ?? '', faults);
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const length = isBodiless ? {} : { 'content-length': bytes.length };
    response.writeHead(status, { ...headers, ...length });
    if (!isBodiless && faults.some(isTransport)) await sendDamaged(response, [bytes], faults);
    else response.end(bytes);
    return;
  }
  response.writeHead(status, headers);
  await sendDamaged(response, body instanceof Uint8Array ? [body] : body, faults);
}

function isTransport({ kind }: Fault): boolean {
  return kind === 'cut-body' || kind === 'slow-body';
}

type Body = NonNullable<S3Answer['body']>;

function rewritten(body: Body, faults: readonly Fault[]): Body {
  let text = body;
  for (const fault of faults) {
    if (fault.kind !== 'rewrite-body') continue;
    if (typeof text === 'string' || Buffer.isBuffer(text)) text = fault.rewrite(text.toString());
  }
  return text;
}

/** The headers have gone out with the full length, so a body that ends early is seen to be cut. */
async function sendDamaged(
  response: ServerResponse,
  body: Iterable<Uint8Array>,
  faults: readonly Fault[],
): Promise<void> {
  const cut = faults.find((fault) => fault.kind === 'cut-body');
  const slow = faults.find((fault) => fault.kind === 'slow-body');
  let left = cut?.afterBytes ?? Number.POSITIVE_INFINITY;
  for (const piece of pieces(body, slow?.bytesAtOnce)) {
    if (response.destroyed) return;
    await write(response, piece.subarray(0, left));
    left -= piece.length;
    if (left <= 0) break;
    if (slow !== undefined) await pause(slow.pauseMilliseconds, undefined, { ref: false });
  }
  if (cut === undefined) response.end();
  else response.destroy();
}

function* pieces(body: Iterable<Uint8Array>, bytesAtOnce = Number.POSITIVE_INFINITY): Generator<Uint8Array> {
  for (const chunk of body) {
    for (let at = 0; at < chunk.length; at += bytesAtOnce) {
      yield chunk.subarray(at, at + bytesAtOnce);
    }
  }
}

/** Waits until the piece has left this process; a connection that breaks is no error of ours. */
function write(response: ServerResponse, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    response.write(piece, () => resolve());
  });
}
