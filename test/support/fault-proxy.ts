import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What may befall a request on its way to a store and back. */
export type ProxyFault =
  | 'slow-down'
  | 'internal-error'
  | 'denied'
  | 'reset-before'
  | 'reset-after'
  | 'cut-body'
  | 'delay';

/** Those after which the same request may succeed. */
export const PASSING_FAULTS: readonly ProxyFault[] = [
  'slow-down',
  'internal-error',
  'reset-before',
  'reset-after',
  'cut-body',
  'delay',
];

export interface FaultProxyOptions {
  /** `http://host:port` of the store behind. */
  readonly target: string;
  /** What befalls the nth request, counted from 1; null for nothing. */
  readonly faultOf: (nth: number, request: { readonly method: string; readonly url: string }) => ProxyFault | null;
}

export interface FaultProxy {
  readonly url: string;
  /** How often each fault was committed. */
  readonly committed: ReadonlyMap<ProxyFault, number>;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const DELAY_MILLISECONDS = 40;

/**
 * A proxy on the loopback interface in front of any S3 endpoint, which commits faults. The `Host` header goes on as the
 * client signed it.
 */
export async function startFaultProxy({ target, faultOf }: FaultProxyOptions): Promise<FaultProxy> {
  const committed = new Map<ProxyFault, number>();
  let seen = 0;
  const server = createServer((asked, answer) => {
    const { method = 'GET', url = '/' } = asked;
    const fault = faultOf(++seen, { method, url });
    if (fault !== null) committed.set(fault, (committed.get(fault) ?? 0) + 1);
    void commit(fault, asked, answer, new URL(url, target));
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://${LOOPBACK}:${port}`, committed, close: () => close(server) };
}

/** Numbers from 0 to 1 that are the same for the same seed. Mulberry32, of the public domain. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

async function commit(fault: ProxyFault | null, asked: IncomingMessage, answer: ServerResponse, target: URL) {
  switch (fault) {
    case 'slow-down':
      return refuse(answer, 503, 'SlowDown');
    case 'internal-error':
      return refuse(answer, 500, 'InternalError');
    case 'denied':
      return refuse(answer, 403, 'AccessDenied');
    case 'reset-before':
      return asked.socket.resetAndDestroy();
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, DELAY_MILLISECONDS));
      return passOn(asked, answer, target, null);
    case 'reset-after':
    case 'cut-body':
    case null:
      return passOn(asked, answer, target, fault);
  }
}

function refuse(answer: ServerResponse, status: number, code: string): void {
  answer.writeHead(status, { 'content-type': 'application/xml', date: new Date().toUTCString() });
  answer.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>by the proxy</Message></Error>`,
  );
}

function passOn(
  asked: IncomingMessage,
  answer: ServerResponse,
  target: URL,
  fault: 'reset-after' | 'cut-body' | null,
): void {
  const onward = request(
    { host: target.hostname, port: target.port, method: asked.method, path: asked.url, headers: asked.headers },
    (found) => {
      if (fault === 'reset-after') {
        found.resume();
        asked.socket.resetAndDestroy();
        return;
      }
      answer.writeHead(found.statusCode ?? 502, found.headers);
      if (fault === 'cut-body') {
        cut(found, answer);
      } else {
        found.pipe(answer);
      }
    },
  );
  onward.once('error', () => answer.destroy());
  asked.pipe(onward);
}

/** Sends half of the first piece of a body, then breaks the connection. */
function cut(found: IncomingMessage, answer: ServerResponse): void {
  found.once('data', (chunk: Buffer) => {
    found.destroy();
    answer.write(chunk.subarray(0, chunk.length >> 1), () => answer.destroy());
  });
  found.once('end', () => answer.end());
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
