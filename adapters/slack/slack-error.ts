/** Slack did not take a message. The sentence never holds the webhook's address, which is a secret. */
export class SlackError extends Error {
  override readonly name = 'SlackError';
}
