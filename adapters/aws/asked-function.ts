import { Buffer } from 'node:buffer';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { requestHandler } from '#adapters/network/request-handler.ts';
import type { AskedRegion } from './cloudformation.ts';
import { StackError, stackErrorOf } from './stack-error.ts';

/** A function that is invoked and waited for. */

const CONNECTION_TIMEOUT = 5_000;
/** Longer than Lambda lets a function run. */
const REQUEST_TIMEOUT = 930_000;
/** Gateways forget a connection on which nothing is said for some minutes, and an answer can take fifteen. */
const KEEP_ALIVE = { keepAlive: true, keepAliveMsecs: 30_000 };

export class AskedFunction {
  readonly name: string;
  readonly #client: LambdaClient;

  constructor(name: string, { region }: AskedRegion) {
    this.name = name;
    this.#client = new LambdaClient({
      ...(region === undefined ? {} : { region }),
      // A request that is repeated would be carried out twice.
      maxAttempts: 1,
      requestHandler: requestHandler({
        connectionTimeout: CONNECTION_TIMEOUT,
        requestTimeout: REQUEST_TIMEOUT,
        agent: KEEP_ALIVE,
      }),
    });
  }

  /** @returns what it answers. @throws StackError */
  async ask(event: object, signal?: AbortSignal): Promise<unknown> {
    const doing = `The function ${this.name} did not answer`;
    let answered: { readonly FunctionError?: string | undefined; readonly Payload?: Uint8Array | undefined };
    try {
      const command = new InvokeCommand({ FunctionName: this.name, Payload: Buffer.from(JSON.stringify(event)) });
      answered = await this.#client.send(command, signal === undefined ? {} : { abortSignal: signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw stackErrorOf(error, doing, 'lambda:InvokeFunction');
    }
    const text = Buffer.from(answered.Payload ?? new Uint8Array()).toString('utf8');
    const answer = parsed(text);
    if (answered.FunctionError !== undefined || answer === undefined) {
      throw new StackError(`${doing}: ${failureIn(answer) ?? 'its answer is no JSON'}. Its log has more.`, {
        isRequest: false,
      });
    }
    return answer;
  }

  close(): void {
    this.#client.destroy();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lambda answers with the message of an error. */
function failureIn(answer: unknown): string | null {
  return typeof answer === 'object' && answer !== null && 'errorMessage' in answer
    ? String(answer.errorMessage).replace(/\.$/, '')
    : null;
}
