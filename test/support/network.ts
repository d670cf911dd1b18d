import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Server as NetServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

/** A network between a client and a store: TLS of a private authority, and a proxy that asks who is there. */

const CERTIFICATES = new URL('../fixtures/certificates/', import.meta.url);
/** The certificate of the private authority. */
export const AUTHORITY = fileURLToPath(new URL('authority.pem', CERTIFICATES));
/** What the certificate of the store is for. Only the proxy knows the way there. */
export const STORE_HOST = 'store.example';

export interface ForwardProxy {
  readonly port: number;
  /** `CONNECT store.example:443` and `GET http://store.example/…`, in order, without the query. */
  readonly asked: readonly string[];
}

export interface Network {
  /** TLS in front of a server of this machine. @returns its port. */
  secure(port: number): Promise<number>;
  /**
   * A proxy for HTTP, and for tunnels, that answers 407 to whoever does not log in.
   *
   * @param login `user:password`, or null for everybody. @param port where every host is.
   */
  proxy(login: string | null, port: number): Promise<ForwardProxy>;
}

/** Closed after each test. Call it once, outside the tests. */
export function useNetwork(): Network {
  const servers: NetServer[] = [];
  const sockets = new Set<Socket>();
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    for (const server of servers.splice(0)) server.close();
  });
  const listen = async (server: NetServer): Promise<number> => {
    servers.push(server);
    server.on('connection', (socket: Socket) => sockets.add(socket));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return (server.address() as AddressInfo).port;
  };
  return {
    secure: async (port) => {
      const [key, cert] = ['store.key', 'store.pem'].map((name) => readFileSync(new URL(name, CERTIFICATES)));
      return await listen(createTlsServer({ key, cert }, (socket) => joined(socket, port)));
    },
    proxy: async (login, port) => {
      const asked: string[] = [];
      return { port: await listen(proxyServer(login, port, asked)), asked };
    },
  };
}

function proxyServer(login: string | null, port: number, asked: string[]): Server {
  const mayPass = ({ headers }: IncomingMessage): boolean =>
    login === null || headers['proxy-authorization'] === `Basic ${Buffer.from(login).toString('base64')}`;
  const server = createHttpServer((message, response) => {
    const { method, url = '', headers } = message;
    asked.push(`${method} ${url.replace(/\?.*/, '')}`);
    if (!mayPass(message)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end('who is there?');
      return;
    }
    const { pathname, search } = new URL(url);
    const forwarded = request({ port, method, path: `${pathname}${search}`, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    message.pipe(forwarded);
  });
  server.on('connect', (message: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${message.url}`);
    if (mayPass(message)) {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      joined(socket, port);
    } else {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n');
    }
  });
  return server;
}

/** Whatever one side says the other hears; when one of them goes, so does the other. */
function joined(socket: Socket, port: number): void {
  const onward = connect(port, '127.0.0.1');
  socket.pipe(onward).pipe(socket);
  for (const [one, other] of [
    [socket, onward],
    [onward, socket],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}
