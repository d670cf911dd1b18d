import { createHash, createHmac } from 'node:crypto';
import { escapeUri } from '@smithy/core/protocols';

/** A request without a body, as far as its signature covers it. */
export interface Signable {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Record<string, string>;
}

export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=\S+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=(\S+), Signature=/;
const DATE = 'x-amz-date';
const TOKEN = 'x-amz-security-token';
const PAYLOAD = 'x-amz-content-sha256';

/**
 * Signs requests as the SDK has signed one that differs in its query and time alone (AWS Signature Version 4, in headers).
 * The SDK finds its signer, its key and its scope anew for each request, which takes a quarter of a millisecond, as much
 * as it takes to read two hundred keys.
 */
export class RepeatedSignature {
  readonly #region: string;
  readonly #service: string;
  /** Without that of a session, which temporary credentials have and others lack: a client may go from one to the other. */
  readonly #signedHeaders: readonly string[];
  readonly #signedInSession: readonly string[];
  /** What stands for the body, which all of them lack. */
  readonly #payload: string;
  #key: { readonly day: string; readonly secret: string; readonly bytes: Buffer } | undefined;

  private constructor(region: string, service: string, signedHeaders: readonly string[], payload: string) {
    this.#region = region;
    this.#service = service;
    this.#signedHeaders = signedHeaders.filter((name) => name !== TOKEN);
    this.#signedInSession = [...this.#signedHeaders, TOKEN].sort();
    this.#payload = payload;
  }

  /**
   * Learns from a request that the SDK has signed.
   *
   * @returns null where its signature does not come out the same here: it was made in another way, and the SDK must go on
   *   to sign.
   */
  static of(signed: Signable, credentials: SigningCredentials): RepeatedSignature | null {
    const { authorization = '', [DATE]: date = '', [PAYLOAD]: payload = '' } = signed.headers;
    const [, region, service, names] = AUTHORIZATION.exec(authorization) ?? [];
    if (region === undefined || service === undefined || names === undefined) return null;
    const signature = new RepeatedSignature(region, service, names.split(';'), payload);
    return signature.#authorize(signed, credentials, date) === authorization ? signature : null;
  }

  /** Signs a request, which has the headers that the one learned from had before it was signed. @param time epoch milliseconds */
  sign(request: Signable, credentials: SigningCredentials, time: number): void {
    const { headers } = request;
    headers[PAYLOAD] = this.#payload;
    headers[DATE] = new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    if (credentials.sessionToken) headers[TOKEN] = credentials.sessionToken;
    else delete headers[TOKEN];
    headers.authorization = this.#authorize(request, credentials, headers[DATE]);
  }

  #authorize(request: Signable, credentials: SigningCredentials, date: string): string {
    const day = date.slice(0, 8);
    const scope = `${day}/${this.#region}/${this.#service}/aws4_request`;
    const names = TOKEN in request.headers ? this.#signedInSession : this.#signedHeaders;
    const canonical = [
      request.method,
      request.path,
      canonicalQuery(request.query),
      ...names.map((name) => `${name}:${canonicalValue(request.headers[name] ?? '')}`),
      '',
      names.join(';'),
      this.#payload,
    ].join('\n');
    const toSign = [ALGORITHM, date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
    const signature = createHmac('sha256', this.#keyOf(day, credentials.secretAccessKey)).update(toSign).digest('hex');
    return `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  }

  #keyOf(day: string, secret: string): Buffer {
    if (this.#key?.day !== day || this.#key.secret !== secret) {
      const steps = [day, this.#region, this.#service, 'aws4_request'];
      const bytes = steps.reduce(
        (key, step) => createHmac('sha256', key).update(step).digest(),
        Buffer.from(`AWS4${secret}`),
      );
      this.#key = { day, secret, bytes };
    }
    return this.#key.bytes;
  }
}

function canonicalQuery(query: Signable['query']): string {
  return Object.entries(query)
    .map(([name, value]) => [escapeUri(name), escapeUri(String(value))] as const)
    .sort(([name], [other]) => (name < other ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
}

function canonicalValue(value: string): string {
  return value.trim().replaceAll(/\s+/g, ' ');
}
