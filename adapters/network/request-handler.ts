import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { trustedAuthorities } from './authorities.ts';
import { hasProxies } from './proxies.ts';

export interface RequestLimits {
  /** Milliseconds until there is a connection. */
  readonly connectionTimeout: number;
  /** Milliseconds until the answer begins. */
  readonly requestTimeout: number;
  /** Milliseconds without a byte. @default no limit */
  readonly socketTimeout?: number;
  /** Of the connections. @default those of the SDK */
  readonly agent?: AgentOptions;
}

/** What the SDK takes by itself. */
const USUAL: AgentOptions = { keepAlive: true, maxSockets: 50 };

/**
 * How a client of the SDK sends its requests: in time or not at all, through the proxies that the environment names, and
 * trusting the authorities that it names. By itself, the SDK knows neither.
 */
export function requestHandler(limits: RequestLimits): NodeHttpHandler {
  return new RequestHandler(limits);
}

/** The handler of the SDK asks for its options when it is made. A failure is kept for the first request, which can tell it. */
class RequestHandler extends NodeHttpHandler {
  readonly #agents: Promise<object>;

  constructor({ agent = USUAL, ...limits }: RequestLimits) {
    const agents = agentsOf(agent);
    super(async () => ({ ...limits, ...(await agents.catch(() => ({}))), throwOnRequestTimeout: true }));
    this.#agents = agents;
  }

  override async handle(...request: Parameters<NodeHttpHandler['handle']>): ReturnType<NodeHttpHandler['handle']> {
    await this.#agents;
    return await super.handle(...request);
  }
}

async function agentsOf(
  agent: AgentOptions,
): Promise<{ readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent }> {
  const ca = await trustedAuthorities(process.env);
  const secure = ca === undefined ? agent : { ...agent, ca };
  const direct = { httpAgent: new HttpAgent(agent), httpsAgent: new HttpsAgent(secure) };
  if (!hasProxies(process.env)) return direct;
  // Most have none, and a function that starts need not load this.
  const { ProxiedAgent } = await import('./proxied-agent.ts');
  return {
    httpAgent: new ProxiedAgent('http:', agent, direct.httpAgent),
    httpsAgent: new ProxiedAgent('https:', secure, direct.httpsAgent) as unknown as HttpsAgent,
  };
}
