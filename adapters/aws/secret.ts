import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretError } from './secret-error.ts';

const CONNECTION_TIMEOUT = 2_000;
const REQUEST_TIMEOUT = 5_000;

/** The text of a secret. @param name or ARN. @throws SecretError */
export async function readSecret(name: string): Promise<string> {
  const client = new SecretsManagerClient({
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      throwOnRequestTimeout: true,
    },
  });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    if (SecretString === undefined) {
      throw new SecretError(`The secret ${name} contains no text. Store the URL of the webhook in it.`);
    }
    return SecretString;
  } catch (error) {
    if (error instanceof SecretError) {
      throw error;
    }
    const why = error instanceof Error ? error.name : String(error);
    throw new SecretError(
      `The secret ${name} can't be read (${why}), so no message can be sent. The secret must be in the region of this function and be encrypted with a key that the function may use.`,
      { cause: error },
    );
  } finally {
    client.destroy();
  }
}
