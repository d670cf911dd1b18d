import { GetBucketLifecycleConfigurationCommand, type S3Client } from '@aws-sdk/client-s3';
import { isRecord, type LifecycleJson } from '#core/lifecycle/document.ts';
import { factsOf } from './failure-facts.ts';
import { lifecycleOf } from './lifecycle-xml.ts';
import { sendOptions } from './send-options.ts';
import { BrokenPageError } from './xml-walk.ts';

const MINIMUM_SIZE_HEADER = 'x-amz-transition-default-minimum-object-size';

/** What the SDK's HTTP handler answers, as far as it matters here. */
interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: unknown;
}

/**
 * One GetBucketLifecycleConfiguration, its XML read by {@link lifecycleOf}. Signing, retries, credentials and errors are
 * the SDK's.
 *
 * @returns null where the bucket has no configuration.
 */
export async function requestLifecycle(
  client: S3Client,
  input: { readonly Bucket: string; readonly ExpectedBucketOwner?: string },
  signal: AbortSignal | undefined,
): Promise<LifecycleJson | null> {
  const command = new GetBucketLifecycleConfigurationCommand(input);
  let document: LifecycleJson | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (!isHttpAnswer(response) || response.statusCode !== 200) return result;
      const { Rules, ...others } = lifecycleOf(await client.config.streamCollector(response.body));
      const minimum = response.headers[MINIMUM_SIZE_HEADER];
      document = {
        ...(minimum === undefined ? {} : { TransitionDefaultMinimumObjectSize: minimum }),
        ...others,
        Rules: Rules.filter(isRecord),
      };
      response.body = new Uint8Array();
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'readLifecycleXml' },
  );
  try {
    await client.send(command, sendOptions(signal));
  } catch (error) {
    if (factsOf(error).name === 'NoSuchLifecycleConfiguration') return null;
    throw error;
  }
  if (document === undefined) throw new BrokenPageError('The request was answered without a lifecycle configuration');
  return document;
}

function isHttpAnswer(response: unknown): response is HttpAnswer {
  return isRecord(response) && 'statusCode' in response && 'body' in response;
}
