import type { S3Client } from '@aws-sdk/client-s3';
import { factsOf } from './failure-facts.ts';

export interface BucketClientOptions {
  readonly client: S3Client;
  /** A client for another region, for a bucket that turns out to lie there. @default such a bucket is a failure */
  readonly clientFor?: (region: string) => S3Client;
}

/**
 * A client for one bucket, which moves to the bucket's region once.
 *
 * The SDK's own `followRegionRedirects` (3.1162) asks the wrong region before each request, and changes the client's
 * region for the time of one request, so that requests side by side trip over each other ("Region was not restored").
 */
export class BucketClient {
  #client: S3Client;
  readonly #clientFor: ((region: string) => S3Client) | undefined;
  #region: string | undefined;

  constructor({ client, clientFor }: BucketClientOptions) {
    this.#client = client;
    this.#clientFor = clientFor;
  }

  /** Where the requests go: once one was answered, where the bucket lies. */
  async region(): Promise<string> {
    return await this.#client.config.region();
  }

  async call<T>(send: (client: S3Client) => Promise<T>): Promise<T> {
    const client = this.#client;
    try {
      return await send(client);
    } catch (error) {
      const { region, status } = factsOf(error);
      if (region === undefined || this.#clientFor === undefined || !(status === 301 || status === 400)) throw error;
      // Another request may have moved meanwhile.
      if (client === this.#client) {
        if (region === this.#region) throw error;
        this.#region = region;
        this.#client = this.#clientFor(region);
      }
      return await send(this.#client);
    }
  }
}
