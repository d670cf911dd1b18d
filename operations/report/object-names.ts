/** The ways in which people write down an object. */

/** The AWS console, in any partition: `eu-central-1.console.aws.amazon.com`. */
const CONSOLE_HOST = /(?:^|\.)console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)$/;
const CONSOLE_PATH = /^\/s3\/(?:object|buckets)\/([^/]+)\/?$/;

/** What the console's page of an object or a folder is about, as `s3://bucket/key`. Null for any other text. */
export function urlOnConsolePage(text: string): string | null {
  if (!text.startsWith('https://') || !URL.canParse(text)) return null;
  const { hostname, pathname, searchParams } = new URL(text);
  const bucket = CONSOLE_HOST.test(hostname) ? CONSOLE_PATH.exec(pathname)?.[1] : undefined;
  return bucket === undefined ? null : `s3://${bucket}/${searchParams.get('prefix') ?? ''}`;
}

/** How a text may be meant, the most literal way first: a key may well hold the slashes that people type too many of. */
export function readingsOf(text: string): readonly string[] {
  const url = urlOnConsolePage(text);
  if (url !== null) return [url];
  const tidy = hasScheme(text) ? text : text.replace(/\/{2,}/g, '/').replace(/^(?:\.?\/)+/, '');
  return tidy === text || tidy === '' ? [text] : [text, tidy];
}

/** Whether a text is a URL: a colon alone may be a part of a key. */
export function hasScheme(text: string): boolean {
  return /^[A-Za-z][\w+.-]*:\//.test(text);
}
