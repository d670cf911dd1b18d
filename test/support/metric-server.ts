import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, vi } from 'vitest';

/** What CloudWatch takes and gives of PutMetricData, over HTTP on the loopback interface. */
export interface MetricServer {
  readonly url: string;
  /** The bodies of all requests that were taken. */
  readonly taken: PutMetricData[];
  /** Statuses of the next answers; 200 when there are no more. */
  readonly statuses: number[];
}

export interface PutMetricData {
  readonly Namespace: string;
  readonly MetricData: readonly {
    readonly MetricName: string;
    readonly Value: number;
    readonly Unit: string;
    /** Epoch seconds. */
    readonly Timestamp: number;
    readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  }[];
}

/** Call it once, outside the tests. */
export function useMetricServer(): () => Promise<MetricServer> {
  const closing: (() => Promise<void>)[] = [];
  beforeEach(() => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
    vi.stubEnv('AWS_REGION', 'us-east-1');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await Promise.all(closing.splice(0).map(async (close) => await close()));
  });
  return async () => {
    const taken: PutMetricData[] = [];
    const statuses: number[] = [];
    const server = createServer(async (asked, answer) => {
      const body = await bodyOf(asked);
      const status = statuses.shift() ?? 200;
      if (status === 200) taken.push(JSON.parse(body) as PutMetricData);
      answer.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      answer.end(status === 200 ? '{}' : JSON.stringify({ __type: status === 400 ? 'ThrottlingException' : 'Denied' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(
      async () =>
        await new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, taken, statuses };
  };
}

async function bodyOf(asked: IncomingMessage): Promise<string> {
  const body = await buffer(asked);
  return (asked.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
}
