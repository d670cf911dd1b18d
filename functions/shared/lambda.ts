import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { maskSecrets } from '#core/secrets.ts';
import { NAMESPACE_ROOT } from '#core/signals/metrics.ts';
import { isExpected } from '#steward/expected-errors.ts';
import { postJson } from '#steward/services.ts';
import { ENV } from './environment.ts';
import type { FunctionName } from './function-names.ts';
import { isDoorError } from './own-errors.ts';
import type { Runtime } from './runtime.ts';

/** Makes a Lambda handler: adds logs, metrics, and the runtime of a real invocation. */

/** The function that Lambda calls. It must have two parameters: Lambda refuses three as the old style with a callback. */
export type LambdaHandler<Answer> = (event: unknown, context: Context) => Promise<Answer>;

export function lambdaHandler<Answer>(
  name: FunctionName,
  handle: (event: unknown, runtime: Runtime) => Promise<Answer>,
): LambdaHandler<Answer>;
/** @param more what this function uses besides; others then need not load it. */
export function lambdaHandler<Answer, More extends object>(
  name: FunctionName,
  handle: (event: unknown, runtime: Runtime & More) => Promise<Answer>,
  more: More,
): LambdaHandler<Answer>;
export function lambdaHandler<Answer, More extends object>(
  name: FunctionName,
  handle: (event: unknown, runtime: Runtime & More) => Promise<Answer>,
  more?: More,
): LambdaHandler<Answer> {
  const logger = new Logger({ serviceName: name });
  const namespace = process.env[ENV.namespace] ?? NAMESPACE_ROOT;
  const metrics = new Metrics({ serviceName: name, namespace });
  const runtime = (context: Context): Runtime & More => ({
    ...(more as More),
    environment: process.env,
    namespace,
    clock: Date.now,
    remaining: () => context.getRemainingTimeInMillis(),
    sleep: async (milliseconds) => await sleep(milliseconds),
    start: startFunction,
    post: postJson,
    put,
    log: (level, sentence, facts = {}) => logger[level](maskSecrets(sentence), { facts: masked(facts) }),
    count: (metric, by = 1) => {
      // A metric costs money for each hour in which it has a value, a zero too.
      if (by === 0) return;
      metrics.addMetric(metric, metric.endsWith('Bytes') ? MetricUnit.Bytes : MetricUnit.Count, by);
    },
  });
  // Not by the middleware of Powertools, which warns of each invocation that has counted nothing.
  const publish = (): void => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  // Middy must not end the invocation early: it would answer while the handler still works. The handler ends in time itself.
  return middy<unknown, Answer>({ timeoutEarlyInMillis: 0 })
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use({ after: publish, onError: publish })
    .onError(({ error }) => {
      if (isExpected(error) || isDoorError(error)) {
        error.message = maskSecrets(error.message);
        logger.error(error.message);
        // The stack is returned to the caller, where people read it.
        error.stack = `${error.name}: ${error.message}`;
      } else {
        logger.error('Unexpected failure. The function ended.', { error });
      }
    })
    .handler(async (event, context) => masked(await handle(event, runtime(context))));
}

/** The same document without secrets, for logs and answers. */
function masked<Document>(document: Document): Document {
  return document === undefined ? document : JSON.parse(maskSecrets(JSON.stringify(document)));
}

let lambda: LambdaClient | undefined;

/** Invokes a function asynchronously: Lambda queues the event, with the retries and on-failure destination of the function. */
async function startFunction(functionName: string, event: object): Promise<void> {
  // Loaded by the one that starts another, because it takes as long as half of the rest.
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  lambda ??= new LambdaClient({});
  const Payload = Buffer.from(JSON.stringify(event));
  await lambda.send(new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload }));
}

async function put(url: string, body: string): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!ok) throw new Error(`CloudFormation refused the answer with HTTP ${status}.`);
}
