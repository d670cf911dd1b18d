import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Io } from '#cli/io.ts';
import { run } from '#cli/program.ts';

/** The report of the demo: a file, and with `--serve` a page that is made again for each request. */

const FOLDER = new URL('../../dist/', import.meta.url);

/** Where the demo writes its report. */
export const REPORT_FILE = fileURLToPath(new URL('demo-report.html', FOLDER));

export async function makeReportFolder(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
}

export interface ServedReport {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the report on the loopback interface.
 *
 * @param audit the command that writes it, without the option for it.
 */
export async function serveReport(audit: readonly string[], io: Io): Promise<ServedReport> {
  await makeReportFolder();
  const silent: Io = { ...io, redraws: false, out: () => {}, err: () => {} };
  let turn: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || new URL(request.url ?? '/', 'http://localhost').pathname !== '/') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('The report is at /\n');
      return;
    }
    // One request after the other, because all of them write the same file.
    turn = turn
      .then(() => run([...audit, '--html', REPORT_FILE], silent))
      .then(() => readFile(REPORT_FILE))
      .then((page) => response.writeHead(200, HEADERS).end(page))
      .catch((error: unknown) => response.writeHead(500, { 'content-type': 'text/plain' }).end(`${error}\n`));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => closed(server) };
}

const HEADERS = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };

async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
