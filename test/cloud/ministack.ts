import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LAMBDAS_NODE, MINISTACK } from './install.ts';

/** MiniStack as a process of this machine, over TLS and with its roles enforced. */

export const REGION = 'eu-central-1';
export const ACCOUNT = '123456789012';
const LAYERS = fileURLToPath(new URL('layers-at-opt.cjs', import.meta.url));

export interface MiniStack {
  readonly url: string;
  /** What clients of it need: this process's and the CDK's. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** @returns the path of the certificate; its key lies beside it. */
export function makeCertificate(folder: string): string {
  const certificate = join(folder, 'certificate.pem');
  const names = 'subjectAltName=DNS:localhost,DNS:*.localhost,IP:127.0.0.1';
  const about = ['-subj', '/CN=localhost', '-addext', names, '-days', '2', '-nodes'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', certificate];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...about, ...files], { stdio: 'ignore' });
  return certificate;
}

/** @param folder which holds the certificate and takes the log. */
export async function startMiniStack(folder: string): Promise<MiniStack> {
  const port = await freePort();
  const certificate = join(folder, 'certificate.pem');
  const url = `https://127.0.0.1:${port}`;
  const state = join(folder, 'state');
  mkdirSync(state);
  const common = {
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_S3: url,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_CA_BUNDLE: certificate,
    NODE_EXTRA_CA_CERTS: certificate,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const log = openSync(join(folder, 'ministack.log'), 'a');
  const child = spawn(MINISTACK, [], {
    cwd: state,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      ...common,
      PATH: `${nodeOfLambda(folder)}:${process.env.PATH}`,
      AUTH: 'true',
      USE_SSL: '1',
      MINISTACK_SSL_CERT: certificate,
      MINISTACK_SSL_KEY: join(folder, 'key.pem'),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_REGION: REGION,
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      TMPDIR: state,
      // Vitest's own would make the functions' processes something else.
      NODE_OPTIONS: '',
    },
  });
  await answering(url, child);
  return {
    url,
    environment: {
      ...common,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      // The command line of the CDK keeps account ids by key in the home folder, also those of other emulators.
      CDK_HOME: join(folder, 'cdk-home'),
      CDK_DISABLE_CLI_TELEMETRY: '1',
      CDK_DISABLE_VERSION_CHECK: '1',
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** MiniStack runs functions with the `node` of its PATH: Lambda's, which finds what layers bring. */
function nodeOfLambda(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'node'), `#!/bin/sh\nexec "${LAMBDAS_NODE}" --require "${LAYERS}" "$@"\n`);
  chmodSync(join(bin, 'node'), 0o755);
  return bin;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt++) {
    if (child.exitCode !== null) throw new Error(`MiniStack ended with status ${child.exitCode} before it answered.`);
    const isThere = await fetch(`${url}/_ministack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    await sleep(500);
  }
  throw new Error('MiniStack did not begin to answer within two minutes.');
}
