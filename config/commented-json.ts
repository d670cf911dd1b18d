/** Writes JSON with comments: for files that people read and change. */

/** A value with what is said above it. */
export interface Commented {
  readonly comment: string;
  readonly value: unknown;
}

/** A key with what is said above it. Its value is a plain one, a list or a map whose entries have comments of their own. */
export interface CommentedKey {
  readonly key: string;
  readonly comment: string;
  readonly value:
    | { readonly plain: unknown }
    | { readonly list: readonly Commented[] }
    | { readonly map: readonly (Commented & { readonly key: string })[] };
}

const WIDTH = 100;

/** The document, with a comment at its top. */
export function commentedJson(heading: string, keys: readonly CommentedKey[]): string {
  const members = keys.map(({ key, comment, value }, at) => {
    const end = at === keys.length - 1 ? '' : ',';
    return `${commentLines(comment, '  ')}  ${plainText(key)}: ${valueText(value)}${end}\n`;
  });
  return `${commentLines(heading, '')}{\n${members.join('\n')}}\n`;
}

function valueText(value: CommentedKey['value']): string {
  if ('plain' in value) return inLine(value.plain);
  if ('list' in value) {
    return block(
      '[',
      ']',
      value.list.map(({ comment, value: item }) => ({ comment, text: inLine(item) })),
    );
  }
  return block(
    '{',
    '}',
    value.map.map(({ comment, key, value: item }) => ({ comment, text: `${plainText(key)}: ${inLine(item)}` })),
  );
}

function block(open: string, close: string, entries: readonly { comment: string; text: string }[]): string {
  if (entries.length === 0) return `${open}${close}`;
  const lines = entries.map(({ comment, text }, at) => {
    return `${commentLines(comment, '    ')}    ${text}${at === entries.length - 1 ? '' : ','}\n`;
  });
  return `${open}\n${lines.join('')}  ${close}`;
}

/** JSON on one line, with the spaces that people write. */
function inLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return plainText(value);
  const members = Object.entries(value).map(([key, item]) => `${plainText(key)}: ${inLine(item)}`);
  return `{ ${members.join(', ')} }`;
}

/** Characters that control a terminal or change the direction of text, and other ends of lines. */
const INVISIBLE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** JSON leaves most of such characters as they are, and people read and print this. */
function plainText(value: unknown): string {
  return JSON.stringify(value).replace(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Lines that end no comment: names of folders may contain anything. */
function commentLines(text: string, indent: string): string {
  if (text === '') return '';
  const lines: string[] = [];
  for (const sentence of text.split('\n')) {
    let line = '';
    for (const word of sentence.replace(INVISIBLE, '�').split(' ')) {
      if (line !== '' && indent.length + 3 + line.length + 1 + word.length > WIDTH) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines.map((line) => `${indent}//${line === '' ? '' : ` ${line}`}\n`).join('');
}
