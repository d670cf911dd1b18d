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

/** Tells of each request of a client, when its answer has begun or has failed to come. */
export function watchRequests(client: S3Client, onRequest: (request: SentRequest) => void): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const began = performance.now();
      let status: number | null = null;
      try {
        const result = await next(args);
        status = statusOf(result.response);
        return result;
      } finally {
        const operation = (context.commandName ?? '').replace(/Command$/, '');
        const milliseconds = Math.round(performance.now() - began);
        const request = args.request as HttpRequest;
        onRequest({ operation, method: request.method, url: urlOf(request), status, milliseconds });
      }
    },
    // Next to the network: what reads the body of an answer comes later, and retries send anew.
    { step: 'deserialize', priority: 'low', name: 'watchRequests' },
  );
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
