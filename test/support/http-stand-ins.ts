import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach } from 'vitest';

/** What a server says to a request. */
export type HttpAnswer = (request: IncomingMessage, response: ServerResponse, body: string) => void | Promise<void>;

/** Servers on this machine that stand for services, closed after each test. Call it once, outside the tests. */
export function useHttpStandIns(): (answer: HttpAnswer) => Promise<string> {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  return async (answer) => {
    const server = createServer(async (request, response) => await answer(request, response, await text(request)));
    servers.push(server);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
}
