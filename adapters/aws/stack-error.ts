/** A deployment can't be asked, or did not answer. The message is a sentence. */
export class StackError extends Error {
  override readonly name = 'StackError';
  /** Whether the request is wrong, so that the same one would fail again. */
  readonly isRequest: boolean;

  constructor(message: string, { isRequest, cause }: { readonly isRequest: boolean; readonly cause?: unknown }) {
    super(message, { cause });
    this.isRequest = isRequest;
  }
}

const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError']);
const UNREACHABLE = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)\b/;
const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation']);

/**
 * What a failure of AWS means for somebody who asks a deployment.
 *
 * @param doing what failed, as the beginning of a sentence: `The stack X can't be looked up`.
 * @param permission the one that it takes.
 */
export function stackErrorOf(error: unknown, doing: string, permission: string): StackError {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const why = message.replace(/\s+/g, ' ').replace(/\.$/, '');
  const options = { isRequest: false, cause: error };
  if (NO_CREDENTIALS.has(name)) {
    return new StackError(
      `${doing}: no credentials were found (${why}). Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then run again.`,
      options,
    );
  }
  if (/region is missing/i.test(message)) {
    return new StackError(`${doing}: no region is set. Give --region, or set AWS_REGION.`, {
      ...options,
      isRequest: true,
    });
  }
  if (DENIED.has(name)) {
    return new StackError(
      `${doing}: these credentials lack the permission ${permission} (${why}). Nothing was done. Grant it, or use credentials that have it.`,
      options,
    );
  }
  const advice = UNREACHABLE.test(message)
    ? ' Check the region (--region, AWS_REGION), the network and the proxy.'
    : '';
  return new StackError(`${doing}: ${why}.${advice}`, options);
}
