import { DeadWebhookError, type SlackPayload, SlackWebhook, type WebhookAccess } from '#adapters/slack/webhook.ts';
import { webhookUrl } from '#adapters/slack/webhook-secret.ts';
import type { Services } from '#steward/services.ts';

/** The time that must remain of the invocation after the last request, in milliseconds. */
const MARGIN = 5_000;

/** Webhook URLs by name of the secret; read for the first message, and kept as long as the process runs. */
const knownUrls = new Map<string, string>();
/** The time of the last message to a webhook, by name of its secret. */
const paces = new Map<string, { last: number }>();

/** The Slack channel whose webhook URL is in a secret. */
export class SlackChannel {
  readonly #secret: string;
  readonly #access: WebhookAccess;

  constructor(secret: string, services: Services) {
    this.#secret = secret;
    this.#access = {
      post: services.post,
      clock: services.clock,
      sleep: services.sleep,
      remaining: () => services.remaining() - MARGIN,
      warn: (sentence) => services.log('warn', sentence),
    };
  }

  /** @throws SlackError, SecretError */
  async send(payload: SlackPayload): Promise<void> {
    const known = knownUrls.get(this.#secret);
    if (known === undefined) {
      return await this.#webhook(await this.#url()).send(payload);
    }
    try {
      await this.#webhook(known).send(payload);
    } catch (error) {
      // Somebody may have put another address into the secret since it was read.
      const url = error instanceof DeadWebhookError ? await this.#url() : known;
      if (url === known) throw error;
      await this.#webhook(url).send(payload);
    }
  }

  async #url(): Promise<string> {
    const { readSecret } = await import('#adapters/aws/secret.ts');
    const url = webhookUrl(this.#secret, await readSecret(this.#secret));
    knownUrls.set(this.#secret, url);
    return url;
  }

  #webhook(url: string): SlackWebhook {
    const pace = paces.get(this.#secret) ?? { last: Number.NEGATIVE_INFINITY };
    paces.set(this.#secret, pace);
    return new SlackWebhook(url, this.#access, pace);
  }
}
