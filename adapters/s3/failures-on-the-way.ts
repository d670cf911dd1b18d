import { AuthoritiesError } from '#adapters/network/authorities.ts';
import { hasProxies, ProxyError } from '#adapters/network/proxies.ts';
import { isAwsEndpoint } from './endpoint-of.ts';
import { afterAttempts, type KnownFailure } from './known-failure.ts';

const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'RequestExpired']);
const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError']);
const REFUSED_CREDENTIALS = new Set(['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidToken', 'NotSignedUp']);
const UNREACHABLE = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH']);
/** What Node calls a certificate that it does not trust. */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);
const TIMEOUTS = new Set(['TimeoutError', 'RequestTimeout', 'RequestTimeoutException']);

/** Nothing in the bucket is the cause, but the way to it: its name, credentials, network, TLS, proxies. */
export const FAILURES_ON_THE_WAY: readonly KnownFailure[] = [
  {
    fits: ({ name }) => name === 'NoSuchBucket',
    say: (_facts, { bucket }) => ({
      code: 'no-such-place',
      why: `there is no bucket ${bucket}`,
      advice: 'Check the name of the bucket, and whether --endpoint and the credentials are those of its store.',
      isOfTheWay: true,
    }),
  },
  {
    fits: ({ name }) => EXPIRED.has(name),
    say: () => ({
      code: 'denied',
      why: 'the credentials have expired',
      advice: 'Renew them (aws sso login, or a new session token), then run again.',
      isOfTheWay: true,
    }),
  },
  {
    fits: ({ name }) => NO_CREDENTIALS.has(name),
    say: ({ message }) => ({
      code: 'denied',
      why: `no credentials were found (${message.replace(/\.$/, '')})`,
      advice: adviceOnCredentials(),
      isOfTheWay: true,
    }),
  },
  {
    fits: ({ name }) => REFUSED_CREDENTIALS.has(name),
    say: ({ name }) => ({
      code: 'denied',
      why: `the store does not accept these credentials (${name})`,
      advice: 'Check AWS_PROFILE and the AWS_ variables, and whether these credentials belong to this store.',
      isOfTheWay: true,
    }),
  },
  {
    fits: ({ name }) => name === 'RequestTimeTooSkewed',
    say: () => ({
      code: 'unavailable',
      why: "this machine's clock differs too much from the store's",
      advice: 'Correct the clock of this machine, then run again.',
      isOfTheWay: true,
    }),
  },
  {
    fits: ({ status, name, region }) =>
      name === 'PermanentRedirect' ||
      name === 'AuthorizationHeaderMalformed' ||
      (status === 301 && region !== undefined),
    say: ({ region }) => ({
      code: 'unavailable',
      why: `the bucket is in ${region === undefined ? 'another region' : `the region ${region}`}`,
      advice: `Set it with --region${region === undefined ? '' : ` ${region}`}.`,
      isOfTheWay: true,
    }),
  },
  {
    fits: ({ name }) => name === AuthoritiesError.name,
    say: ({ message }) => ({
      code: 'unavailable',
      why: message,
      advice: 'Give a file with the certificates of the authorities to trust, in PEM format, then run again.',
      isOfTheWay: true,
    }),
  },
  {
    fits: ({ name }) => name === ProxyError.name,
    say: ({ message }) => ({
      code: 'unavailable',
      why: message,
      advice:
        'Write http://host:port in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY. To reach a host without the proxy, add it to NO_PROXY.',
      isOfTheWay: true,
    }),
  },
  {
    fits: ({ errno = '' }) => UNTRUSTED.has(errno),
    say: ({ errno, message }) => ({
      code: 'unavailable',
      why: `the certificate of the store is not trusted (${errno}: ${message})`,
      advice:
        'If a private authority or a proxy has signed it, set AWS_CA_BUNDLE, or ca_bundle in the AWS profile, to a file with the certificate of that authority.',
      isOfTheWay: true,
    }),
  },
  {
    fits: ({ errno, message }) => errno === 'EPROTO' && /wrong version number|packet length/.test(message),
    say: () => ({
      code: 'unavailable',
      why: 'the store does not use TLS on this port',
      advice: 'Check the port of --endpoint, or write http:// instead of https://.',
      isOfTheWay: true,
    }),
  },
  {
    fits: ({ status }) => status === 407,
    say: () => ({
      code: 'unavailable',
      why: 'the proxy requires a login (407)',
      advice:
        'Write user and password before the host in HTTPS_PROXY or HTTP_PROXY. To reach a host without the proxy, add it to NO_PROXY.',
      isOfTheWay: true,
    }),
  },
  {
    fits: (facts) => UNREACHABLE.has(facts.errno ?? ''),
    say: ({ message }, { bucket }) => ({
      code: 'unavailable',
      why: `the store can't be reached (${message})`,
      advice: adviceOnReaching(message, bucket),
      isOfTheWay: true,
    }),
  },
  {
    // The SDK calls it a timeout.
    fits: ({ errno = '' }) => BROKEN.has(errno),
    say: ({ attempts }) => ({
      code: 'unavailable',
      why: `the store closed the connection${afterAttempts(attempts)}`,
      advice: 'Check the network, and whether --endpoint needs https://, then try again.',
    }),
  },
  {
    fits: ({ name, errno }) => TIMEOUTS.has(name) || errno === 'ETIMEDOUT',
    say: ({ attempts }) => ({
      code: 'unavailable',
      why: `the store did not answer in time${afterAttempts(attempts)}`,
      advice: 'Check the network, then try again.',
    }),
  },
];

function adviceOnCredentials(): string {
  const { AWS_PROFILE: profile = '' } = process.env;
  return profile === ''
    ? 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then run again.'
    : `Check that the profile "${profile}", which AWS_PROFILE names, exists (aws configure list-profiles) and is signed in (aws sso login), then run again.`;
}

function adviceOnReaching(message: string, bucket: string): string {
  const host = /(?:ENOTFOUND|EAI_AGAIN) (\S+)/.exec(message)?.[1] ?? '';
  if (host.startsWith(`${bucket}.`) && !isAwsEndpoint(`https://${host}`)) {
    return 'If this store does not give each bucket its own host name, add --path-style, or "pathStyle": true to the bucket in steward.json. Otherwise check --endpoint and the network.';
  }
  return hasProxies(process.env)
    ? 'Check --endpoint, --region, the network, and the proxy that HTTPS_PROXY or HTTP_PROXY names.'
    : 'Check --endpoint, --region and the network.';
}
