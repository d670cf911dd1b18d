/**
 * Which other S3 servers there are to compare with, and how each is started on the loopback interface.
 */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export type ServerKind = 'given' | 'minio' | 'moto';

export interface RunningServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const MOST_TRIES = 300;
const TRY_EVERY_MILLISECONDS = 100;

/** What `S3_CONFORMANCE_ENDPOINT` names, and what is installed. */
export function foundServers(env: Readonly<Record<string, string | undefined>>): readonly ServerKind[] {
  const isGiven = (env.S3_CONFORMANCE_ENDPOINT ?? '') !== '';
  return [
    ...(isGiven ? (['given'] as const) : []),
    ...(isOnPath('minio', env.PATH) ? (['minio'] as const) : []),
    ...(hasMoto() ? (['moto'] as const) : []),
  ];
}

export async function start(kind: ServerKind): Promise<RunningServer> {
  if (kind === 'given') {
    return { endpoint: process.env.S3_CONFORMANCE_ENDPOINT ?? '', stop: async () => {} };
  }
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'flink-steward-s3-'));
  const [command, ...args] =
    kind === 'minio'
      ? ['minio', 'server', directory, '--address', `${LOOPBACK}:${port}`, '--quiet']
      : ['python3', '-m', 'moto.server', '-H', LOOPBACK, '-p', String(port)];
  const child = spawn(command ?? '', args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  const endpoint = `http://${LOOPBACK}:${port}`;
  for (let tries = 0; tries < MOST_TRIES && child.exitCode === null; tries++) {
    if (await answers(endpoint)) return { endpoint, stop };
    await pause(TRY_EVERY_MILLISECONDS);
  }
  await stop();
  throw new Error(`The server ${kind} did not come up on port ${port}: start it by hand to see why.`);
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    const { status } = await fetch(endpoint);
    return status !== 503;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function isOnPath(command: string, path = ''): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function hasMoto(): boolean {
  return spawnSync('python3', ['-c', 'import moto.server, flask'], { stdio: 'ignore' }).status === 0;
}
