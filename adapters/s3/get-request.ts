import {
  GetObjectCommand,
  type GetObjectCommandInput,
  type GetObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { sendOptions } from './send-options.ts';

/** One GetObject. @param onSent told of each attempt, from next to the network. */
export async function requestObject(
  client: S3Client,
  input: GetObjectCommandInput,
  signal: AbortSignal | undefined,
  onSent: () => void,
): Promise<GetObjectCommandOutput> {
  const command = new GetObjectCommand(input);
  command.middlewareStack.add(
    (next) => async (args) => {
      onSent();
      return await next(args);
    },
    { step: 'deserialize', priority: 'low', name: 'tellAttempt' },
  );
  return await client.send(command, sendOptions(signal));
}
