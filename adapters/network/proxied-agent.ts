import { type AgentOptions, type ClientRequest, Agent as HttpAgent } from 'node:http';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { proxyFor } from './proxies.ts';

/** How Node hands a request to an agent: the type definitions leave this method out. */
interface Requests {
  addRequest(request: ClientRequest, options: Destination): void;
}

interface Destination {
  readonly host?: string | undefined;
  readonly port?: number | string | null | undefined;
  /** Tells the agents of proxies what they guess from the call stack otherwise. */
  readonly secureEndpoint?: boolean;
}

/**
 * Sends each request through the proxy that the environment names for its host, or by a direct connection.
 *
 * It decides at once, and not when a connection is made: an agent for plain HTTP writes the address of the store into the
 * head of the request, which is too late once the head is written.
 */
export class ProxiedAgent extends HttpAgent {
  readonly #direct: HttpAgent;
  readonly #isSecure: boolean;
  readonly #options: AgentOptions;
  readonly #proxied = new Map<string, HttpAgent>();

  /** @param options of all connections. @param direct where there is no proxy for a host. */
  constructor(scheme: 'http:' | 'https:', options: AgentOptions, direct: HttpAgent) {
    super(options);
    this.#isSecure = scheme === 'https:';
    // Node refuses an agent of another protocol than that of the request, and takes the port from it.
    Object.assign(this, { protocol: scheme, defaultPort: this.#isSecure ? 443 : 80 });
    this.#options = options;
    this.#direct = direct;
  }

  addRequest(request: ClientRequest, destination: Destination): void {
    const { host = 'localhost', port = this.#isSecure ? 443 : 80 } = destination;
    const name = host.includes(':') ? `[${host}]` : host;
    const proxy = proxyFor(new URL(`${this.#isSecure ? 'https' : 'http'}://${name}:${port}`));
    const agent = proxy === null ? this.#direct : this.#through(proxy);
    const options = { ...this.#options, ...destination, secureEndpoint: this.#isSecure };
    (agent as HttpAgent & Requests).addRequest(request, options);
  }

  override destroy(): void {
    for (const agent of [this.#direct, ...this.#proxied.values()]) agent.destroy();
    super.destroy();
  }

  #through(proxy: URL): HttpAgent {
    const known = this.#proxied.get(proxy.href);
    if (known !== undefined) return known;
    const made = this.#isSecure ? new HttpsProxyAgent(proxy, this.#options) : new HttpProxyAgent(proxy, this.#options);
    this.#proxied.set(proxy.href, made);
    return made;
  }
}
