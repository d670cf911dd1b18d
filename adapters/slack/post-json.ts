/** What a server said to a POST. */
export interface PostAnswer {
  readonly status: number;
  /** The header `Retry-After` as it stands. */
  readonly retryAfter: string | null;
  /** The beginning of the body. */
  readonly words: string;
}

/** @throws where there is no answer. */
export type PostJson = (url: string, body: string) => Promise<PostAnswer>;

const TIMEOUT = 10_000;
const MOST_WORDS = 200;

/** Follows no redirect: what it would lead to is not where the message was to go. */
export const postJson: PostJson = async (url, body) => {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT),
  });
  const words = (await response.text()).slice(0, MOST_WORDS);
  return { status: response.status, retryAfter: response.headers.get('retry-after'), words };
};
