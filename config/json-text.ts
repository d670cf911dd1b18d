import { ConfigError } from './config-error.ts';

/** Deeper than any sensible configuration, and far from the end of the stack. */
const DEEPEST = 64;

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const WORD = /true|false|null/y;

/**
 * Reads JSON and says where it is wrong. `JSON.parse` alone names no line, on some errors not even an offset, and
 * keeps the last of two equal keys without a word: a second `protect` would silently unprotect what the first names.
 * @throws ConfigError with line and column, both counted from 1, columns in UTF-16 units
 */
export function parseJson(text: string, source: string): unknown {
  new JsonCheck(text, source).document();
  return JSON.parse(text);
}

class JsonCheck {
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly source: string,
  ) {}

  document(): void {
    this.#value(0);
    if (this.#next() !== '') {
      this.#fail(`${this.#found()} follows after the end of the document`, 'Take it out.');
    }
  }

  #value(depth: number): void {
    if (depth > DEEPEST) {
      this.#fail(`the document nests more than ${DEEPEST} levels deep`, 'Make it flatter.');
    }
    const next = this.#next();
    if (next === '{') {
      this.#object(depth);
    } else if (next === '[') {
      this.#list(depth);
    } else if (next === '"') {
      this.#string();
    } else if (!this.#take(NUMBER) && !this.#take(WORD)) {
      this.#fail(`a value is missing: here is ${this.#found()}`, this.#adviceForValue(next));
    }
  }

  #object(depth: number): void {
    const seen = new Set<string>();
    this.#at++;
    if (this.#skip('}')) {
      return;
    }
    do {
      if (this.#next() !== '"') {
        this.#fail(`a key in double quotes is missing: here is ${this.#found()}`, this.#adviceForValue(this.#next()));
      }
      const start = this.#at;
      this.#string();
      const key: unknown = JSON.parse(this.text.slice(start, this.#at));
      if (typeof key === 'string' && seen.has(key)) {
        this.#at = start;
        this.#fail(
          `the key ${JSON.stringify(key)} stands twice in one object and only one of them would count`,
          'Make one of the two.',
        );
      }
      seen.add(String(key));
      if (!this.#skip(':')) {
        this.#fail(`a colon is missing after a key: here is ${this.#found()}`, 'Write "key": value.');
      }
      this.#value(depth + 1);
    } while (this.#skip(','));
    this.#close('}');
  }

  #list(depth: number): void {
    this.#at++;
    if (this.#skip(']')) {
      return;
    }
    do {
      this.#value(depth + 1);
    } while (this.#skip(','));
    this.#close(']');
  }

  #string(): void {
    this.#at++;
    for (;;) {
      const char = this.text.charAt(this.#at);
      if (char === '"') {
        this.#at++;
        return;
      }
      if (char < ' ') {
        this.#fail(
          char === '' ? 'a text is not closed' : `a text holds ${this.#found()}, which JSON allows only escaped`,
          'Close the text with a double quote on its own line.',
        );
      }
      if (char !== '\\') {
        this.#at++;
      } else if (!this.#take(ESCAPE)) {
        this.#fail('a text holds a backslash that escapes nothing', 'Write a backslash as two.');
      }
    }
  }

  #close(bracket: string): void {
    if (!this.#skip(bracket)) {
      this.#fail(`a comma or ${bracket} is missing: here is ${this.#found()}`, this.#adviceForValue(this.#next()));
    }
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.#at += found.length;
    return found !== '';
  }

  #skip(char: string): boolean {
    const found = this.#next() === char;
    this.#at += found ? 1 : 0;
    return found;
  }

  #next(): string {
    while (this.#at < this.text.length && ' \t\r\n'.includes(this.text.charAt(this.#at))) {
      this.#at++;
    }
    return this.text.charAt(this.#at);
  }

  #found(): string {
    const point = this.text.codePointAt(this.#at);
    return point === undefined ? 'the end of the file' : JSON.stringify(String.fromCodePoint(point));
  }

  #adviceForValue(next: string): string {
    if (next === '/' || next === '#') {
      return 'JSON has no comments: take it out.';
    }
    if (next === '}' || next === ']') {
      return 'JSON allows no comma before a closing bracket: look there.';
    }
    return next === "'" ? 'JSON knows only double quotes.' : 'Put it right there or just before.';
  }

  #fail(what: string, advice: string): never {
    const before = this.text.slice(0, this.#at);
    const line = before.split('\n').length;
    const column = this.#at - before.lastIndexOf('\n');
    throw new ConfigError(`${this.source}, line ${line}, column ${column}: ${what}, so the file is refused. ${advice}`);
  }
}
