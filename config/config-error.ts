/** A configuration that can't be used. The message holds whole sentences, one problem a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
