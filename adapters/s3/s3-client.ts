import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { requestHandler } from '#adapters/network/request-handler.ts';
import { type SentRequest, watchRequests } from './watch-requests.ts';

/** How to reach a store. What is left out comes from the environment and the profile, as the SDK finds it. */
export interface S3Connection {
  /** `https://host:port` of an S3-compatible store. */
  readonly endpoint?: string;
  readonly region?: string;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. @default false */
  readonly pathStyle?: boolean;
  /** Told of each request that is sent. */
  readonly onRequest?: (request: SentRequest) => void;
}

export interface S3Clients {
  readonly client: S3Client;
  readonly clientFor: (region: string) => S3Client;
}

/** More than the requests that a listing and the reading of roots have under way together. */
const SOCKETS = 64;
const CONNECTION_TIMEOUT = 5_000;
/** Without a byte. */
const SOCKET_TIMEOUT = 30_000;
/** Until the answer begins. */
const REQUEST_TIMEOUT = 60_000;
const ATTEMPTS = 5;
/** Buckets elsewhere are found from there. */
const FIRST_REGION = 'us-east-1';

/**
 * Clients for a store: keep-alive connections, timeouts and retries for a program that sends thousands of requests.
 * Credentials and profile are the SDK's business.
 */
export async function createS3Clients(connection: S3Connection = {}): Promise<S3Clients> {
  // The SDK tells users of Node 20, which this project supports, at every start that it will not go on doing so.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const clientFor = (region: string | undefined): S3Client => {
    const client = new S3Client(configOf(connection, region));
    if (connection.onRequest !== undefined) watchRequests(client, connection.onRequest);
    return client;
  };
  const given = connection.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  const client = clientFor(given || undefined);
  try {
    // The profile may name it; the SDK throws where nobody does.
    await client.config.region();
    return { client, clientFor };
  } catch {
    client.destroy();
    return { client: clientFor(FIRST_REGION), clientFor };
  }
}

function configOf({ endpoint, pathStyle }: S3Connection, region: string | undefined): S3ClientConfig {
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    forcePathStyle: pathStyle ?? false,
    maxAttempts: ATTEMPTS,
    // TLS guards the way, and what is read here is parsed to its last byte; a second look at each costs time.
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Region redirects are followed by BucketClient, which says why.
    followRegionRedirects: false,
    requestHandler: requestHandler({
      connectionTimeout: CONNECTION_TIMEOUT,
      socketTimeout: SOCKET_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      agent: { keepAlive: true, maxSockets: SOCKETS },
    }),
  };
}
