import type { ListObjectsV2CommandInput, S3Client } from '@aws-sdk/client-s3';
import { getSmithyContext } from '@smithy/core/client';
import { HttpRequest } from '@smithy/core/protocols';
import { RepeatedSignature } from './repeated-signature.ts';
import { sendOptions } from './send-options.ts';
import { watched } from './watch-requests.ts';

/** What a listing asks in its query, by the name there. All else is the same for each page of a bucket. */
const QUERY = {
  Prefix: 'prefix',
  Delimiter: 'delimiter',
  StartAfter: 'start-after',
  ContinuationToken: 'continuation-token',
  MaxKeys: 'max-keys',
  EncodingType: 'encoding-type',
} as const satisfies Partial<Record<keyof ListObjectsV2CommandInput, string>>;
type Asked = keyof typeof QUERY;
const ASKED = Object.keys(QUERY) as readonly Asked[];

/** How the SDK has chosen to sign. */
interface Scheme {
  readonly httpAuthOption: { readonly signingProperties?: object };
  readonly identity: object;
  readonly signer: { sign(request: HttpRequest, identity: object, properties: object): Promise<HttpRequest> };
}

type Context = Parameters<typeof getSmithyContext>[0];

/** By the client, and by all of an input that is not asked in the query. */
const prepared = new WeakMap<S3Client, Map<string, PreparedListing>>();

/**
 * A listing as the SDK has prepared it once, to be sent again with another query. What the SDK does before it signs
 * (serialise, find the endpoint, choose how to sign, name itself) comes out the same for each page, and takes two
 * thirds of the processor time of a request: for a million objects a second and more. It still signs the first one, which
 * the others are signed like, and sends them all.
 *
 * It does not try again: a request that fails is the SDK's to judge.
 */
export class PreparedListing {
  readonly #client: S3Client;
  readonly #request: HttpRequest;
  readonly #fixedQuery: HttpRequest['query'];
  readonly #scheme: Scheme;
  /** Null where the SDK must sign each request. */
  #signature: RepeatedSignature | null | undefined;

  private constructor(client: S3Client, request: HttpRequest, scheme: Scheme) {
    this.#client = client;
    this.#request = HttpRequest.clone(request);
    const varying = new Set<string>(Object.values(QUERY));
    this.#fixedQuery = Object.fromEntries(Object.entries(request.query).filter(([name]) => !varying.has(name)));
    this.#scheme = scheme;
  }

  /** Of a request that is about to be signed; null where it would be signed in a way of its own. */
  static of(client: S3Client, request: unknown, context: Context): PreparedListing | null {
    const scheme = getSmithyContext(context).selectedHttpAuthScheme as Scheme | undefined;
    // Directory buckets have credentials by the session.
    const isUsual = scheme !== undefined && context.s3ExpressIdentity === undefined;
    return isUsual && HttpRequest.isInstance(request) ? new PreparedListing(client, request, scheme) : null;
  }

  /** @returns what the SDK's HTTP handler answers, whatever its status. */
  async send(input: ListObjectsV2CommandInput, signal: AbortSignal | undefined): Promise<{ response: unknown }> {
    const request = new HttpRequest({
      ...this.#request,
      headers: { ...this.#request.headers },
      query: { ...this.#fixedQuery, ...queryOf(input) },
    });
    const signed = await this.#sign(request);
    const { requestHandler } = this.#client.config;
    return await watched(this.#client, 'ListObjectsV2', signed, () =>
      requestHandler.handle(signed, sendOptions(signal)),
    );
  }

  async #sign(request: HttpRequest): Promise<HttpRequest> {
    const { config } = this.#client;
    // They may be others by now.
    const credentials = await config.credentials();
    if (this.#signature) {
      this.#signature.sign(request, credentials, Date.now() + config.systemClockOffset);
      return request;
    }
    const { httpAuthOption, identity, signer } = this.#scheme;
    // The signer puts down there when it signed, which is another time for each request.
    const signed = await signer.sign(request, identity, { ...httpAuthOption.signingProperties });
    this.#signature ??= RepeatedSignature.of(signed, credentials);
    return signed;
  }
}

/** What was prepared for the bucket of an input; undefined where nothing was. */
export function preparedListing(client: S3Client, input: ListObjectsV2CommandInput): PreparedListing | undefined {
  return prepared.get(client)?.get(restOf(input));
}

/** To be called when a request was answered as a listing is. */
export function rememberPrepared(client: S3Client, input: ListObjectsV2CommandInput, listing: PreparedListing): void {
  const known = prepared.get(client) ?? new Map<string, PreparedListing>();
  prepared.set(client, known.set(restOf(input), listing));
}

/** To be called when one failed: what the SDK prepares next is newer. */
export function forgetPrepared(client: S3Client, input: ListObjectsV2CommandInput): void {
  prepared.get(client)?.delete(restOf(input));
}

function queryOf(input: ListObjectsV2CommandInput): Record<string, string> {
  return Object.fromEntries(
    ASKED.flatMap((member) => {
      const value = input[member];
      return value === undefined ? [] : [[QUERY[member], String(value)]];
    }),
  );
}

function restOf(input: ListObjectsV2CommandInput): string {
  const rest = Object.entries(input).filter(([member, value]) => value !== undefined && !(member in QUERY));
  return JSON.stringify(rest.sort());
}
