/**
 * XML as S3 writes it, by concatenation: a page of a thousand keys is built thousands of times in a bench.
 */

/** Text that is XML already. */
export type XmlText = string;

const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** What needs no second look: nearly all keys. */
const PLAIN = /^[\w\-./: ]*$/;
const ESCAPED = /[&<>"'\p{Cc}\uFFFE\uFFFF]/gu;
const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * Control characters become character references, even those that XML 1.0 has no place for: S3 does so too, and
 * leaves it to clients to ask for `encoding-type=url`. A raw carriage return would reach them as a line feed.
 */
export function escapeXml(text: string): XmlText {
  if (PLAIN.test(text)) return text;
  return text.replace(ESCAPED, (found) => NAMED[found] ?? `&#${found.charCodeAt(0)};`);
}

export function element(name: string, text: string | number): XmlText {
  return typeof text === 'number' ? `<${name}>${text}</${name}>` : `<${name}>${escapeXml(text)}</${name}>`;
}

/** Nothing where there is no text. */
export function optionalElement(name: string, text: string | undefined): XmlText {
  return text === undefined ? '' : element(name, text);
}

export function xmlDocument(content: XmlText): XmlText {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${content}`;
}

/** A whole document whose root element is in the namespace of S3. */
export function s3Document(root: string, content: XmlText): XmlText {
  return xmlDocument(`<${root} xmlns="${S3_NAMESPACE}">${content}</${root}>`);
}

const PLAIN_IN_URL = /^[A-Za-z0-9\-_.*/]*$/;

/**
 * A key as `encoding-type=url` gives it: as a form field, so with `+` for a space, but with `/` as it is. Clients that
 * only decode percent signs get it wrong.
 */
export function urlEncodedKey(key: string): string {
  if (PLAIN_IN_URL.test(key)) return key;
  return encodeURIComponent(key)
    .replace(/%2F/g, '/')
    .replace(/%20/g, '+')
    .replace(/[!'()~]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}

const DAY = 24 * 60 * 60 * 1_000;
const MOST_DAYS = 1_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const days = new Map<number, string>();

/** ISO 8601 of a whole second, with the milliseconds that S3 always gives as zero. Dates are kept: a page has a thousand. */
export function xmlTime(epochMilliseconds: number): string {
  const day = Math.floor(epochMilliseconds / DAY);
  const seconds = Math.floor((epochMilliseconds - day * DAY) / 1_000);
  const [hour, minute, second] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${dateOf(day)}T${TWO_DIGITS[hour]}:${TWO_DIGITS[minute]}:${TWO_DIGITS[second]}.000Z`;
}

function dateOf(day: number): string {
  const known = days.get(day);
  if (known !== undefined) return known;
  const [date = ''] = new Date(day * DAY).toISOString().split('T');
  if (days.size >= MOST_DAYS) days.clear();
  days.set(day, date);
  return date;
}
