import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll } from 'vitest';

/** A channel of Slack. */
export interface SlackChannel {
  /** Its address is known once the tests have begun. */
  readonly webhook: string;
  /** In order. */
  readonly posted: { readonly text: string }[];
}

/** A webhook on this machine. Call it once, outside the tests. */
export function useSlack(): SlackChannel {
  const posted: { text: string }[] = [];
  let server: Server;
  let port = 0;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      posted.push((await json(request)) as { text: string });
      response.end('ok');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    posted,
    get webhook() {
      return `http://127.0.0.1:${port}/services/T000/B000/${'s'.repeat(24)}`;
    },
  };
}
