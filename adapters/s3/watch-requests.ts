import type { S3Client } from '@aws-sdk/client-s3';

/** A request as it was sent: each attempt is one. */
export interface SentRequest {
  /** As S3 names it: `GetObject`. */
  readonly operation: string;
  readonly method: string;
  /** Without what signs it, which the SDK sends in headers. */
  readonly url: string;
  /** Null where no answer came. */
  readonly status: number | null;
  readonly milliseconds: number;
}

/** The part of the SDK's requests that is told. */
interface HttpRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
}

/** What only the SDK or the store wants to know. */
const UNTOLD = new Set(['x-id', 'continuation-token', 'encoding-type']);

const watchers = new WeakMap<S3Client, (request: SentRequest) => void>();

/** Tells of each request of a client, when its answer has begun or has failed to come. */
export function watchRequests(client: S3Client, onRequest: (request: SentRequest) => void): void {
  watchers.set(client, onRequest);
  client.middlewareStack.add(
    (next, context) => async (args) =>
      await watched(client, (context.commandName ?? '').replace(/Command$/, ''), args.request, () => next(args)),
    // Next to the network: what reads the body of an answer comes later, and retries send anew.
    { step: 'deserialize', priority: 'low', name: 'watchRequests' },
  );
}

/** Sends a request, and tells of it where its client is watched. Requests of commands are watched without it. */
export async function watched<T extends { readonly response: unknown }>(
  client: S3Client,
  operation: string,
  request: unknown,
  send: () => Promise<T>,
): Promise<T> {
  const tell = watchers.get(client);
  if (tell === undefined) return await send();
  const began = performance.now();
  let status: number | null = null;
  try {
    const result = await send();
    status = statusOf(result.response);
    return result;
  } finally {
    const milliseconds = Math.round(performance.now() - began);
    const { method } = request as HttpRequest;
    tell({ operation, method, url: urlOf(request as HttpRequest), status, milliseconds });
  }
}

function statusOf(response: unknown): number | null {
  const known = typeof response === 'object' && response !== null && 'statusCode' in response;
  return known && typeof response.statusCode === 'number' ? response.statusCode : null;
}

function urlOf({ protocol, hostname, port, path, query = {} }: HttpRequest): string {
  const asked = Object.entries(query).flatMap(([name, value]) => {
    if (UNTOLD.has(name)) return [];
    return [value === null || value === '' ? name : `${name}=${String(value)}`];
  });
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  return `${protocol}//${host}${path}${asked.length === 0 ? '' : `?${asked.join('&')}`}`;
}
