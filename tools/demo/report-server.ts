import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Io } from '#cli/io.ts';
import { run } from '#cli/program.ts';
import { DAY, letPass } from './moving-clock.ts';

/** The report of the demo: a file, and with `--serve` a page that is made again for each request. */

const FOLDER = new URL('../../dist/', import.meta.url);

/** Where the demo writes its report. */
export const REPORT_FILE = fileURLToPath(new URL('demo-report.html', FOLDER));

export async function makeReportFolder(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
}

export interface ServedReport {
  readonly url: string;
  /** A POST to it moves the clock of the demo by a day. */
  readonly dayLaterUrl: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: 'html' | 'plain';
  readonly body: string | Uint8Array;
}

/** Serves the report on the loopback interface, and moves the clock when it is told to. */
export async function serveReport(io: Io): Promise<ServedReport> {
  await makeReportFolder();
  const silent: Io = { ...io, redraws: false, out: () => {}, err: () => {} };
  let turn: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    // One request after the other, because all of them write the same file.
    turn = turn
      .then(() => answerTo(request, silent))
      .catch((error: unknown): Answer => ({ status: 500, type: 'plain', body: `${error}\n` }))
      .then(({ status, type, body }) => response.writeHead(status, headersOf(type)).end(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, dayLaterUrl: `${url}${DAY_LATER}`, close: () => closed(server) };
}

const DAY_LATER = 'a-day-later';

async function answerTo({ method, url }: IncomingMessage, io: Io): Promise<Answer> {
  switch (`${method} ${url?.split('?')[0]}`) {
    case 'GET /':
      await run(['audit', '--html', REPORT_FILE], io);
      return { status: 200, type: 'html', body: await readFile(REPORT_FILE) };
    case `POST /${DAY_LATER}`:
      letPass(DAY);
      return { status: 200, type: 'plain', body: `The bucket's clock shows ${new Date(Date.now()).toISOString()}.\n` };
    default:
      return { status: 404, type: 'plain', body: 'The report is at /\n' };
  }
}

function headersOf(type: Answer['type']): Readonly<Record<string, string>> {
  return { 'content-type': `text/${type}; charset=utf-8`, 'cache-control': 'no-store' };
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
