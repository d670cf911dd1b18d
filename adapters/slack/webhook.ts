import type { PostAnswer, PostJson } from './post-json.ts';
import { SlackError } from './slack-error.ts';

/** An incoming webhook of Slack: one channel, at most a message a second. */

export interface WebhookAccess {
  readonly post: PostJson;
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds that are left for waiting and posting. */
  readonly remaining: () => number;
  /** Hears of what went otherwise than meant, in sentences. */
  readonly warn: (sentence: string) => void;
}

/** What is posted: blocks, and the text for notifications and for clients that show none. */
export interface SlackPayload {
  readonly text: string;
  readonly blocks: readonly object[];
}

/** The webhook is gone for good: another address is needed. */
export class DeadWebhookError extends SlackError {}

/** Slack's documentation, "Rate limits": incoming webhooks take one message a second. */
const BETWEEN_MESSAGES = 1_000;
/** What a request may still take after a wait. */
const FOR_THE_REQUEST = 3_000;
const MOST_ATTEMPTS = 5;
/** `no_service`, `channel_not_found`, `invalid_token`, `channel_is_archived` and their like. */
const DEAD: ReadonlySet<number> = new Set([403, 404, 410]);

export class SlackWebhook {
  readonly #url: string;
  readonly #access: WebhookAccess;
  readonly #pace: { last: number };

  /** @param pace when the last message was posted, shared by all that post to this address. */
  constructor(url: string, access: WebhookAccess, pace: { last: number } = { last: 0 }) {
    this.#url = url;
    this.#access = access;
    this.#pace = pace;
  }

  /** @throws SlackError where Slack has not taken it; DeadWebhookError where it never will at this address. */
  async send(payload: SlackPayload): Promise<void> {
    const answer = await this.#post(payload);
    if (answer.status === 400) {
      // Better a message without form than none.
      this.#access.warn(
        `Slack refuses the blocks of this message (${said(answer)}), so it is sent as plain text. Please report this, with the event.`,
      );
      const plain = await this.#post({ text: payload.text });
      if (plain.status !== 200) {
        throw new SlackError(`Slack refuses this message in any form: ${said(plain)}. The message was not sent.`);
      }
    }
  }

  /** @returns an answer of 200 or 400. */
  async #post(payload: Partial<SlackPayload>): Promise<PostAnswer> {
    const { clock, sleep, remaining } = this.#access;
    for (let attempt = 1; ; attempt++) {
      const since = clock() - this.#pace.last;
      if (since >= 0 && since < BETWEEN_MESSAGES) {
        await sleep(BETWEEN_MESSAGES - since);
      }
      const answer = await this.#once(JSON.stringify(payload));
      this.#pace.last = clock();
      if (answer.status !== 429) {
        return accepted(answer);
      }
      const wait = waitOf(answer);
      if (attempt === MOST_ATTEMPTS || wait + FOR_THE_REQUEST > remaining()) {
        throw new SlackError(
          `Slack asks to wait ${Math.ceil(wait / 1_000)} s before the next message (HTTP 429), which is longer than this invocation can wait. The message is sent again later.`,
        );
      }
      await sleep(wait);
    }
  }

  async #once(body: string): Promise<PostAnswer> {
    try {
      return await this.#access.post(this.#url, body);
    } catch (error) {
      // Not as the cause: its text may hold the address.
      const why = error instanceof Error ? error.name : 'an unknown failure';
      throw new SlackError(`Slack could not be reached (${why}). The message is sent again later.`);
    }
  }
}

/** @throws SlackError for what is neither taken nor refused for its form. */
function accepted(answer: PostAnswer): PostAnswer {
  if (answer.status === 200 || answer.status === 400) {
    return answer;
  }
  if (DEAD.has(answer.status)) {
    throw new DeadWebhookError(
      `Slack's webhook no longer accepts messages (${said(answer)}). Create a new incoming webhook for the channel, and store its URL in the secret of signals.slack.secretName in steward.json.`,
    );
  }
  throw new SlackError(`Slack did not accept the message (${said(answer)}). The message is sent again later.`);
}

/** Milliseconds. Slack writes whole seconds. */
function waitOf({ retryAfter }: PostAnswer): number {
  const seconds = retryAfter === null || !/^\d{1,6}$/.test(retryAfter.trim()) ? 1 : Number(retryAfter);
  return Math.max(1, seconds) * 1_000;
}

function said({ status, words }: PostAnswer): string {
  const word = /^[\w .-]{1,80}$/.test(words.trim()) ? `, "${words.trim()}"` : '';
  return `HTTP ${status}${word}`;
}
