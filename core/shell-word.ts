/**
 * A text as one word of a POSIX shell, quoted only where it must be, and where its end looks like that of a sentence, which
 * people would leave out.
 */
export function shellWord(text: string): string {
  return /^(?:[\w@%+=:,./-]*[\w@%+=/-]|\.)$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
