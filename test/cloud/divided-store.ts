import { Agent, createServer, request as plainRequest, type Server } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';

/** One S3 of two: one bucket lies in one of them, all others in the other. Both are asked by paths. */
export class DividedStore {
  readonly url: string;
  readonly #server: Server;
  readonly #agents: readonly { destroy(): void }[];

  private constructor(server: Server, agents: readonly { destroy(): void }[]) {
    this.#server = server;
    this.#agents = agents;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** @param others where all other buckets are; an URL of HTTPS, as `bucketAt` is one of HTTP. */
  static async start(bucket: string, bucketAt: string, others: string): Promise<DividedStore> {
    const plain = new Agent({ keepAlive: true });
    const secure = new SecureAgent({ keepAlive: true });
    const isOfBucket = new RegExp(`^/${bucket}([/?]|$)`);
    const server = createServer((incoming, outgoing) => {
      const isThere = isOfBucket.test(incoming.url ?? '');
      const url = new URL(incoming.url ?? '', isThere ? bucketAt : others);
      const { method, headers } = incoming;
      // The signature covers the host, which neither of the two looks at.
      const sent = isThere
        ? plainRequest(url, { method, headers, agent: plain })
        : secureRequest(url, { method, headers, agent: secure });
      sent.on('response', (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      sent.on('error', () => outgoing.destroy());
      incoming.pipe(sent);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new DividedStore(server, [plain, secure]);
  }

  async stop(): Promise<void> {
    for (const agent of this.#agents) agent.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
