import { isIP } from 'node:net';
import { getProxyForUrl } from 'proxy-from-env';

/** The variables that name a proxy, in both spellings. */
const VARIABLES = ['https_proxy', 'http_proxy', 'all_proxy'];

/** A variable names a proxy that can't be used. The message says which one, and what follows. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** Whether the environment names any proxy. */
export function hasProxies(environment: NodeJS.ProcessEnv): boolean {
  return VARIABLES.some((name) => (environment[name] ?? environment[name.toUpperCase()] ?? '') !== '');
}

/**
 * The proxy for a URL, by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY of this process; null where it is reached
 * directly. This machine is never reached through a proxy, as in Go's clients.
 *
 * @throws ProxyError
 */
export function proxyFor(url: URL): URL | null {
  if (isThisMachine(url.hostname)) return null;
  const proxy = getProxyForUrl(url.href);
  if (proxy === '') return null;
  // Without a scheme it is plain HTTP, as for curl and the AWS CLI, and not the scheme of what is asked for.
  const text = isWithoutScheme(proxy) ? proxy.replace(/^\w+:/, 'http:') : proxy;
  if (!URL.canParse(text)) throw new ProxyError('the URL of the proxy has no host, or a wrong port');
  const found = new URL(text);
  if (!/^https?:$/.test(found.protocol)) {
    throw new ProxyError(`the proxy ${found.protocol}//${found.host} uses neither http:// nor https://`);
  }
  return found;
}

function isThisMachine(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

/** `proxy-from-env` has put the scheme of what is asked for before such a proxy. */
function isWithoutScheme(proxy: string): boolean {
  const written = VARIABLES.flatMap((name) => [process.env[name], process.env[name.toUpperCase()]]);
  return !written.includes(proxy) && written.some((text) => text !== undefined && proxy.endsWith(`://${text}`));
}
