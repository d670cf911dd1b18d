/**
 * Text in Slack's own markup. What comes from outside (labels, keys, reasons) gets in by {@link md}, {@link code},
 * {@link codeBlock} and {@link link} alone, which escape it: a job may be called `<!channel>`.
 */
export interface Mrkdwn {
  readonly mrkdwn: string;
}

/** How much of a text is shown where nobody says it, in characters. */
const USUAL_LENGTH = 300;
/** Signed addresses of objects are that long; a text of a context takes 2,000. */
const LONGEST_URL = 1_900;

/** Slack's reference, "Formatting text": the three characters that mean something everywhere. */
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What would break a line, turn the direction of reading, or is no character at all. */
const INVISIBLE = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** One line of characters that can be seen. */
export function visible(text: string): string {
  return text.replace(/\s+/g, ' ').replace(INVISIBLE, '\ufffd');
}

/** A text of at most so many characters, cut between characters, with an ellipsis where something is left out. */
export function cut(text: string, most: number): string {
  return cutBy(text, most, (character) => character);
}

/**
 * Escaped, and at most so many characters long when it is. Backquotes, which would show the rest as code, become
 * apostrophes.
 */
export function escaped(text: string, most: number = USUAL_LENGTH): string {
  return cutBy(visible(text).replaceAll('`', "'"), most, entity);
}

function entity(character: string): string {
  return ENTITIES[character] ?? character;
}

function cutBy(text: string, most: number, write: (character: string) => string): string {
  let written = '';
  let kept = '';
  for (const character of text) {
    written += write(character);
    if (written.length > most) {
      return `${kept}…`;
    }
    if (written.length < most) {
      kept = written;
    }
  }
  return written;
}

/** A template: what stands in it is markup, and what is put in is text, unless it is markup already. */
export function md(texts: TemplateStringsArray, ...values: readonly (string | number | Mrkdwn)[]): Mrkdwn {
  const parts = values.map((value) => (typeof value === 'object' ? value.mrkdwn : escaped(String(value))));
  return { mrkdwn: texts.map((text, at) => text + (parts[at] ?? '')).join('') };
}

/** Text as it is, in which nothing becomes bold, a link or a smiley. A backquote would end it. */
export function code(text: string, most: number = USUAL_LENGTH): Mrkdwn {
  return { mrkdwn: `\`${escaped(text, most - 2) || ' '}\`` };
}

/** A command to copy. Half a command may be worse than none: null where it is longer than `most`, or can't be shown. */
export function codeBlock(text: string, most: number): Mrkdwn | null {
  const block = `\`\`\`${text.replace(/[&<>]/g, entity)}\`\`\``;
  return text.includes('`') || text.search(INVISIBLE) >= 0 || block.length > most ? null : { mrkdwn: block };
}

/** A link; its words alone where the address is none that Slack could follow. */
export function link(url: string, words: string): Mrkdwn {
  const address = url.replace(/[\s|<>"`]/g, (character) => encodeURIComponent(character)).replaceAll('&', '&amp;');
  const isAddress = /^https:\/\/[^/]/.test(address) && address.length <= LONGEST_URL;
  const shown = escaped(words, 80);
  return { mrkdwn: isAddress ? `<${address}|${shown}>` : shown };
}

/** Several texts as one. The separator is taken as it is, so it must not come from outside. */
export function join(parts: readonly Mrkdwn[], separator: string): Mrkdwn {
  return { mrkdwn: parts.map(({ mrkdwn }) => mrkdwn).join(separator) };
}
