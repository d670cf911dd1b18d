import * as z from 'zod';
import { SlackError } from './slack-error.ts';

const urlSchema = z.url({ protocol: /^https?$/ });
const documentSchema = z.object({ url: z.string() });
/** Only tests and stand-ins listen there. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * The address of the webhook: the secret is the URL itself, or a JSON document with it as `url`, as the console of
 * Secrets Manager makes it.
 *
 * @param name of the secret, for the message; what it holds is not told.
 * @throws SlackError
 */
export function webhookUrl(name: string, secret: string): string {
  const text = secret.trim();
  const document = text.startsWith('{') ? documentSchema.safeParse(jsonOf(text)).data : { url: text };
  const url = urlSchema.safeParse(document?.url.trim()).data;
  const parsed = url === undefined ? null : new URL(url);
  if (parsed === null || !(parsed.protocol === 'https:' || LOOPBACK.has(parsed.hostname))) {
    throw new SlackError(
      `The secret ${name} contains no Slack webhook, so no message was sent. Store its URL in the secret (https://hooks.slack.com/services/…), as plain text or as {"url": "…"}.`,
    );
  }
  return parsed.href;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
