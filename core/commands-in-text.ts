/**
 * Finds the commands in sentences. A command stands after a colon, in parentheses, or alone, and its words are written by
 * `shellWord`: it ends at a word that ends like a sentence, or at what no such word contains.
 */

export interface FoundCommand {
  /** Where it begins and ends in the text. */
  readonly start: number;
  readonly end: number;
  /** As a shell takes them, without quotes. */
  readonly words: readonly string[];
}

const BEGIN = /(?<=^|: |\(|&& )(?:steward|aws s3|aws s3api|cp) (?=[\w./'-])/g;
/** What follows a command that is no part of a sentence: nothing, or what else the shell does. */
const ALONE = /^(?: (?:[|>]|&&) .*)?$/s;
/** What `shellWord` writes: parts without and parts with quotes. */
const WORD = /(?:[\w@%+=:,./-]|'[^']*'|\\')+/y;

/** In the order of the text. */
export function commandsIn(text: string): readonly FoundCommand[] {
  const found: FoundCommand[] = [];
  for (const { index } of text.matchAll(BEGIN)) {
    const command = commandAt(text, index);
    const isSentence = index === 0 && !ALONE.test(text.slice(command.end));
    if (command.words.length > 1 && !isSentence) found.push(command);
  }
  return found;
}

function commandAt(text: string, start: number): FoundCommand {
  const words: string[] = [];
  let end = start;
  for (let at = start; ; ) {
    WORD.lastIndex = at;
    const [word] = WORD.exec(text) ?? [];
    if (word === undefined) break;
    const plain = withoutStop(word, text[at + word.length]);
    if (plain !== '') {
      words.push(unquoted(plain));
      end = at + plain.length;
    }
    at += word.length + 1;
    if (plain !== word || text[at - 1] !== ' ') break;
  }
  return { start, end, words };
}

/** A mark at the end of a sentence is no part of its last word. The present directory is one. */
function withoutStop(word: string, next: string | undefined): string {
  const ends = (next === undefined || /[\s)]/.test(next)) && /[.,:]$/.test(word) && word !== '.';
  return ends ? word.slice(0, -1) : word;
}

function unquoted(word: string): string {
  return word.replaceAll(/'([^']*)'|\\(')/g, (_, quoted, escaped) => quoted ?? escaped);
}
