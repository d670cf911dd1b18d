/** Something in the demo is not as it was expected. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}
