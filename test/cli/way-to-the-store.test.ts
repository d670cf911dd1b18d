import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { AUTHORITY, STORE_HOST, useNetwork } from '#test/support/network.ts';
import { NOW } from '#test/support/played-job.ts';
import { serveJob } from '#test/support/served-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { useCredentials } from './rules-bucket.ts';
import { type Ran, steward } from './steward.ts';

const BUCKET = 'state';
const LOGIN = 'ops:s3cret pass';
const PROXIES = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
];

useCredentials();
useMachineClock(NOW);
const serve = useEmbeddedS3();
const network = useNetwork();
const makeDirectory = useTempDirectories();

beforeEach(() => {
  for (const name of [...PROXIES, 'AWS_CA_BUNDLE', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A store with a job, its port, and the port of TLS before it. */
async function store(): Promise<{ readonly port: number; readonly secure: number }> {
  const { s3 } = await serve({ buckets: [BUCKET] });
  s3.clock = () => NOW;
  serveJob(s3, BUCKET);
  const port = Number(new URL(s3.url).port);
  return { port, secure: await network.secure(port) };
}

async function audit(endpoint: string, ...options: readonly string[]): Promise<Ran> {
  return await steward('/', [
    'audit',
    `s3://${BUCKET}/flink`,
    '--endpoint',
    endpoint,
    '--region',
    'us-east-1',
    ...options,
  ]);
}

async function auditByPath(endpoint: string): Promise<Ran> {
  return await audit(endpoint, '--path-style');
}

function proxyUrl(port: number, login = ''): string {
  const [user = '', password = ''] = login.split(':').map(encodeURIComponent);
  return `http://${login === '' ? '' : `${user}:${password}@`}127.0.0.1:${port}`;
}

describe('A store behind a proxy', () => {
  it('is asked through a tunnel, with a login and the private authority of the store', async () => {
    const { secure } = await store();
    const proxy = await network.proxy(LOGIN, secure);
    vi.stubEnv('HTTPS_PROXY', proxyUrl(proxy.port, LOGIN));
    vi.stubEnv('AWS_CA_BUNDLE', AUTHORITY);

    const { status, out, err } = await auditByPath(`https://${STORE_HOST}`);

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('chk-7');
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${STORE_HOST}:443`]));
  });

  it.each([
    ['http_proxy', (port: number) => proxyUrl(port)],
    ['HTTP_PROXY', (port: number) => `127.0.0.1:${port}`],
    ['ALL_PROXY', (port: number) => proxyUrl(port)],
  ])('is asked in plain HTTP as %s says', async (variable, url) => {
    const { port } = await store();
    const proxy = await network.proxy(null, port);
    vi.stubEnv(variable, url(proxy.port));

    const { status } = await auditByPath(`http://${STORE_HOST}`);

    expect(status).toBe(0);
    expect(proxy.asked).toContain(
      `GET http://${STORE_HOST}/${BUCKET}/flink/9468946f38e9d60efc7468a374aec04f/chk-7/_metadata`,
    );
  });

  it('is asked directly where NO_PROXY names it, and on this machine', async () => {
    const { port } = await store();
    const proxy = await network.proxy(null, port);
    vi.stubEnv('HTTP_PROXY', proxyUrl(proxy.port));

    const here = await auditByPath(`http://127.0.0.1:${port}`);
    vi.stubEnv('NO_PROXY', 'internal,.example');
    const named = await auditByPath(`http://${STORE_HOST}:${port}`);

    expect(here.status).toBe(0);
    expect(named).toMatchObject({ status: 3, err: expect.stringContaining(`ENOTFOUND ${STORE_HOST}`) });
    expect(proxy.asked).toEqual([]);
  });

  it.each(['http', 'https'])('is not reached by %s without a login, and the sentence says so', async (scheme) => {
    const { port, secure } = await store();
    const proxy = await network.proxy(LOGIN, scheme === 'http' ? port : secure);
    vi.stubEnv('ALL_PROXY', proxyUrl(proxy.port, 'ops:wrong'));
    vi.stubEnv('AWS_CA_BUNDLE', AUTHORITY);

    const { status, err } = await auditByPath(`${scheme}://${STORE_HOST}`);

    expect(status).toBe(3);
    expect(err).toBe(
      "The proxy requires a login (407): s3://state's clock can't be read, and no age can be computed. Write user and password before the host in HTTPS_PROXY or HTTP_PROXY. To reach a host without the proxy, add it to NO_PROXY.\n",
    );
  });

  it.each([
    ['socks5://ops:s3cret@127.0.0.1:1080', 'The proxy socks5://127.0.0.1:1080 uses neither http:// nor https://'],
    ['http://', 'The URL of the proxy has no host, or a wrong port'],
  ])('is none that can be used: %s', async (url, why) => {
    vi.stubEnv('ALL_PROXY', url);

    const { status, err } = await auditByPath(`https://${STORE_HOST}`);

    expect({ status, err }).toEqual({
      status: 3,
      err: `${why}: s3://state's clock can't be read, and no age can be computed. Write http://host:port in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY. To reach a host without the proxy, add it to NO_PROXY.\n`,
    });
  });

  it('is not reached where nobody answers as a proxy, and the sentence names the variable', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://ops:s3cret@127.0.0.1:1');

    const { status, err } = await auditByPath(`https://${STORE_HOST}`);

    expect(status).toBe(3);
    expect(err).not.toContain('s3cret');
    expect(err).toBe(
      "The store can't be reached (connect ECONNREFUSED 127.0.0.1:1): s3://state's clock can't be read, and no age can be computed. Check --endpoint, --region, the network, and the proxy that HTTPS_PROXY or HTTP_PROXY names.\n",
    );
  });
});

describe('A store with a certificate of a private authority', () => {
  it('is trusted where ca_bundle of the profile names the authority', async () => {
    const { secure } = await store();
    const folder = await makeDirectory({
      config: `[profile lab]\nca_bundle = ${AUTHORITY}\naws_access_key_id = a\naws_secret_access_key = b\n`,
    });
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    vi.stubEnv('AWS_PROFILE', 'lab');

    const { status, err } = await auditByPath(`https://127.0.0.1:${secure}`);

    expect({ status, err }).toEqual({ status: 0, err: '' });
  });

  it('is not trusted otherwise, and the sentence says how', async () => {
    const { secure } = await store();

    const { status, err } = await auditByPath(`https://127.0.0.1:${secure}`);

    expect(status).toBe(3);
    expect(err).toBe(
      "The certificate of the store is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE: unable to verify the first certificate): s3://state's clock can't be read, and no age can be computed. If a private authority or a proxy has signed it, set AWS_CA_BUNDLE, or ca_bundle in the AWS profile, to a file with the certificate of that authority.\n",
    );
  });

  it.each([
    ['that is not there', '/nowhere/authorities.pem', "which can't be read (ENOENT)"],
    ['that has no certificate', '/dev/null', 'which contains no certificate in PEM format'],
  ])('can not be asked with a file of authorities %s', async (_, file, why) => {
    vi.stubEnv('AWS_CA_BUNDLE', file);

    const { status, err } = await auditByPath('https://127.0.0.1:1');

    expect(status).toBe(3);
    expect(err).toBe(
      `AWS_CA_BUNDLE names ${file}, ${why}: s3://state's clock can't be read, and no age can be computed. Give a file with the certificates of the authorities to trust, in PEM format, then run again.\n`,
    );
  });
});

describe('An endpoint', () => {
  it('that speaks no TLS is told by a sentence', async () => {
    const { port } = await store();

    const { status, err } = await auditByPath(`https://127.0.0.1:${port}`);

    expect(status).toBe(3);
    expect(err).toBe(
      "The store does not use TLS on this port: s3://state's clock can't be read, and no age can be computed. Check the port of --endpoint, or write http:// instead of https://.\n",
    );
  });

  it('that speaks nothing but TLS is told by a sentence', async () => {
    const { secure } = await store();

    const { status, err } = await auditByPath(`http://127.0.0.1:${secure}`);

    expect(status).toBe(3);
    expect(err).toBe(
      "s3://state's clock can't be read: the store closed the connection (5 attempts); no age can be computed. Check the network, and whether --endpoint needs https://, then try again.\n",
    );
  });

  it('without names for buckets is told, with the option for it', async () => {
    const { err } = await audit('http://store.invalid:9000');

    expect(err).toBe(
      `The store can't be reached (getaddrinfo ENOTFOUND state.store.invalid): s3://state's clock can't be read, and no age can be computed. If this store does not give each bucket its own host name, add --path-style, or "pathStyle": true to the bucket in steward.json. Otherwise check --endpoint and the network.\n`,
    );
  });

  it('without credentials says so first', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');

    const { err } = await auditByPath('http://127.0.0.1:1');

    expect(err).toBe(
      "No credentials were found (Could not load credentials from any providers): s3://state's clock can't be read, and no age can be computed. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then run again.\n",
    );
  });

  it('without credentials of the profile names the profile', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_PROFILE', 'nosuch');

    const { err } = await auditByPath('http://127.0.0.1:1');

    expect(err).toContain(
      'Check that the profile "nosuch", which AWS_PROFILE names, exists (aws configure list-profiles) and is signed in (aws sso login), then run again.\n',
    );
  });

  it('without the bucket says so first', async () => {
    const { port } = await store();

    const { err } = await steward('/', [
      'audit',
      's3://nope/flink',
      '--endpoint',
      `http://127.0.0.1:${port}`,
      '--region',
      'us-east-1',
      '--path-style',
    ]);

    expect(err).toBe(
      "There is no bucket nope: s3://nope's clock can't be read, and no age can be computed. Check the name of the bucket, and whether --endpoint and the credentials are those of its store.\n",
    );
  });
});
