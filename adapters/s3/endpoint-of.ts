import { ListBucketsCommand, type S3Client } from '@aws-sdk/client-s3';

/** AWS's own domains, in all its partitions. */
const AWS_DOMAINS =
  /(?:^|\.)(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws|amazonwebservices\.(?:com\.cn|eu)|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

/** Whether an endpoint is one of Amazon S3's own. */
export function isAwsEndpoint(endpoint: string): boolean {
  return AWS_DOMAINS.test(new URL(endpoint).hostname);
}

/**
 * Where a client sends its requests, `https://host:port`, by whatever way that was configured. The request by which the
 * SDK tells it is never sent.
 *
 * @throws as the SDK does where it can't make a request.
 */
export async function endpointOf(client: S3Client): Promise<string> {
  const command = new ListBucketsCommand({});
  command.middlewareStack.add(
    () => (args) => {
      throw new NotSent(urlOf(args.request));
    },
    { step: 'build', priority: 'high', name: 'endpointOf' },
  );
  try {
    await client.send(command);
  } catch (error) {
    if (error instanceof NotSent) return error.endpoint;
    throw error;
  }
  throw new TypeError('The SDK has sent a request without building it.');
}

/** Carries what was asked for out of the SDK. */
class NotSent extends Error {
  constructor(readonly endpoint: string) {
    super('This request is not sent.');
  }
}

function urlOf(request: unknown): string {
  const { protocol, hostname, port } = request as {
    readonly protocol: string;
    readonly hostname: string;
    readonly port?: number;
  };
  return new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`).origin;
}
