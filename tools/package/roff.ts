/** The little of roff, with the macros of man(7), that a manual page needs. Each function returns lines without the last end. */

export function title(name: string, section: number, source: string): string {
  // Without a date: the page is made of a version, not of a day.
  return `.TH ${name} ${section} "" "${source}"`;
}

export function heading(words: string): string {
  return `.SH ${words}`;
}

export function subheading(words: string): string {
  return `.SS "${text(words)}"`;
}

export function bold(words: string): string {
  return `\\fB${text(words)}\\fR`;
}

/** Each term with what it means. */
export function tagged(entries: readonly (readonly [term: string, meaning: string])[]): string {
  return entries.map(([term, meaning]) => `.TP\n${bold(term)}\n${line(meaning)}`).join('\n');
}

/** Paragraphs with empty lines between them. Lines that begin with two spaces stay as they are: examples. */
export function paragraphs(words: string): string {
  return words
    .split(/\n{2,}/)
    .map((each) => each.replace(/^\n+|\s+$/g, ''))
    .filter((each) => each !== '')
    .map(paragraph)
    .join('\n');
}

function paragraph(words: string): string {
  const lines = words.split('\n');
  const begin = lines.findIndex((each) => each.startsWith('  '));
  const sentence = begin === -1 ? lines : lines.slice(0, begin);
  const example = begin === -1 ? [] : lines.slice(begin);
  return [
    ...(sentence.length === 0 ? [] : ['.PP', line(sentence.join(' '))]),
    ...(example.length === 0
      ? []
      : ['.PP', '.RS 4', '.nf', ...example.map((each) => line(each.slice(2))), '.fi', '.RE']),
  ].join('\n');
}

/** A line of text, which must not begin like a macro. */
function line(words: string): string {
  return text(words).replace(/^[.']/, '\\&$&');
}

/** Characters that roff would take for its own, and those of no ASCII. A plain "-" may become a typographic hyphen. */
export function text(words: string): string {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll("'", '\\(aq')
    .replaceAll(/[^\0-\x7f]/gu, (character) => `\\[u${codePoint(character)}]`);
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
