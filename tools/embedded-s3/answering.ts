/**
 * From a request that comes in to its answer: which operation, which faults, which handler.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { requireAccess } from '#tools/embedded-s3/access.ts';
import { deliver } from '#tools/embedded-s3/delivery.ts';
import type { Fault, Faults } from '#tools/embedded-s3/faults.ts';
import { HANDLERS } from '#tools/embedded-s3/handlers.ts';
import { operationOf, parseTarget } from '#tools/embedded-s3/operation.ts';
import { httpTime } from '#tools/embedded-s3/reading.ts';
import type { S3Answer, S3Request, World } from '#tools/embedded-s3/request.ts';
import { decodeBody, receive } from '#tools/embedded-s3/request-body.ts';
import type { RequestLog } from '#tools/embedded-s3/request-log.ts';
import { errorDocument, S3Error } from '#tools/embedded-s3/s3-error.ts';

export interface Surroundings {
  readonly world: World;
  readonly faults: Faults;
  readonly log: RequestLog;
}

/** What the client is to get: an answer, a broken connection, or nothing at all. */
type Ending = S3Answer | 'reset' | 'hang';

export async function answer(
  { world, faults: rules, log }: Surroundings,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = world.newId().slice(0, 16).toUpperCase();
  const common = { 'x-amz-request-id': requestId, 'x-amz-id-2': 'embedded', server: 'embedded-s3' };
  let faults: readonly Fault[] = [];
  let ending: Ending;
  try {
    const request = requestOf(message, await receive(message), (key) => refusalOf(faults, key));
    response.once('close', log.began(request));
    faults = rules.of(request);
    ending = await endingOf(world, request, faults);
  } catch (error) {
    // The client hung up before its request was whole: there is nobody to answer.
    if (message.destroyed && !message.complete) return;
    ending = errorAnswer(error, message, requestId);
  }
  if (ending === 'hang' || response.destroyed) return;
  if (ending === 'reset') {
    message.socket.resetAndDestroy();
    return;
  }
  response.sendDate = false;
  const headers = { date: httpTime(world.now()), ...common, ...ending.headers };
  await deliver(response, { ...ending, headers }, faults);
}

/** @throws S3Error */
function requestOf(message: IncomingMessage, received: Buffer, refusal: S3Request['refusal']): S3Request {
  const { headers, method = '', url = '' } = message;
  const target = parseTarget(url);
  const operation = operationOf(method, target, headers['x-amz-copy-source'] !== undefined);
  return { ...target, operation, headers, body: decodeBody(received, headers), refusal };
}

async function endingOf(world: World, request: S3Request, faults: readonly Fault[]): Promise<Ending> {
  for (const fault of faults) {
    switch (fault.kind) {
      case 'latency':
        // A client that gives up meanwhile changes nothing: what it asked for is done all the same.
        await pause(fault.milliseconds, undefined, { ref: false });
        break;
      case 'run':
        await fault.callback(request);
        break;
      case 'answer':
        throw new S3Error(fault.code, fault);
      case 'refuse-body':
        if (new RegExp(fault.body).test(request.body.toString('utf8'))) throw new S3Error(fault.code);
        break;
      case 'demand-content-md5':
        if (request.headers['content-md5'] === undefined) throw new S3Error(fault.code, fault);
        break;
      case 'reset':
      case 'hang':
        return fault.kind;
      default:
    }
  }
  const bucket = world.buckets.get(request.bucket);
  if (bucket !== undefined) requireAccess(bucket, request);
  const done = HANDLERS[request.operation](world, faults.reduce(misled, request));
  return faults.some(({ kind }) => kind === 'lose-answer') ? 'reset' : done;
}

/** A request as a handler sees it whose answer is to be no true one. */
function misled(request: S3Request, fault: Fault): S3Request {
  switch (fault.kind) {
    case 'other-content':
      return { ...request, instead: fault };
    case 'empty-page':
    case 'turn-back':
      return { ...request, page: fault.kind };
    case 'ignore-conditions':
      return { ...request, ignoresConditions: true };
    default:
      return request;
  }
}

function refusalOf(faults: readonly Fault[], key: string): S3Error | null {
  const refusing = faults.find((fault) => fault.kind === 'refuse-keys' && new RegExp(fault.keys).test(key));
  return refusing?.kind === 'refuse-keys' ? new S3Error(refusing.code, refusing) : null;
}

/** Whatever else went wrong in here is the server's own fault, and says what it is. */
function errorAnswer(error: unknown, { url = '' }: IncomingMessage, requestId: string): S3Answer {
  const refused = error instanceof S3Error ? error : new S3Error('InternalError', { message: String(error) });
  const [resource = ''] = url.split('?');
  return {
    status: refused.status,
    headers: { 'content-type': 'application/xml', ...refused.headers },
    body: errorDocument(refused, resource, requestId),
  };
}
