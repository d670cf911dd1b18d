/** A secret could not be read. Its sentence never holds what the secret holds. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}
