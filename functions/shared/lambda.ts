import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { METRIC_NAMESPACE } from '#core/signals/metrics.ts';
import { isExpected } from '#steward/expected-errors.ts';
import { postJson } from '#steward/surroundings.ts';
import { isDoorError } from './door-errors.ts';
import type { FunctionName } from './function-names.ts';
import type { Runtime } from './runtime.ts';

/** Lambda around a handler: logs, metrics, and the runtime of a real invocation. */

/** What Lambda calls: two parameters, since it takes three for the old style with a callback, which it refuses. */
export type LambdaHandler<Answer> = (event: unknown, context: Context) => Promise<Answer>;

export function lambdaHandler<Answer>(
  name: FunctionName,
  handle: (event: unknown, runtime: Runtime) => Promise<Answer>,
): LambdaHandler<Answer> {
  const logger = new Logger({ serviceName: name });
  const metrics = new Metrics({ serviceName: name, namespace: METRIC_NAMESPACE });
  const runtime = (context: Context): Runtime => ({
    environment: process.env,
    clock: Date.now,
    remaining: () => context.getRemainingTimeInMillis(),
    sleep: async (milliseconds) => await sleep(milliseconds),
    start: startFunction,
    post: postJson,
    put,
    log: (level, sentence, facts = {}) => logger[level](sentence, { facts }),
    count: (metric, by = 1) => {
      metrics.addMetric(metric, metric.endsWith('Bytes') ? MetricUnit.Bytes : MetricUnit.Count, by);
    },
  });
  // The handler ends in time by itself, with nothing under way; middy would answer while it still works.
  return middy<unknown, Answer>({ timeoutEarlyInMillis: 0 })
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics))
    .onError(({ error }) => {
      if (isExpected(error) || isDoorError(error)) {
        logger.error(error.message);
        // It goes back to whoever called, to be read by people.
        error.stack = `${error.name}: ${error.message}`;
      } else {
        logger.error('Unexpected failure. Nothing more was done.', { error });
      }
    })
    .handler(async (event, context) => await handle(event, runtime(context)));
}

let lambda: LambdaClient | undefined;

/** Asynchronously: Lambda queues the event, and keeps to the retries and the failure queue of that function. */
async function startFunction(functionName: string, event: object): Promise<void> {
  lambda ??= new LambdaClient({});
  const Payload = Buffer.from(JSON.stringify(event));
  await lambda.send(new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload }));
}

async function put(url: string, body: string): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!ok) throw new Error(`CloudFormation refused the answer with HTTP ${status}.`);
}
