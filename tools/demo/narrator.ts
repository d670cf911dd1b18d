import { stripVTControlCharacters } from 'node:util';
import type { Status } from '#cli/errors.ts';
import type { Io } from '#cli/io.ts';
import { paragraph } from '#cli/print/text.ts';
import { run } from '#cli/program.ts';
import { DemoError } from './demo-error.ts';

/** Lines of an output. */
export interface Part {
  /** Fits the first line that is shown. @default the first of all */
  readonly from?: RegExp;
  /** Fits the first line behind it that is not shown. @default none */
  readonly to?: RegExp;
}

/** Explains the next step, shows each command as a user types it, and runs it. */
export class Narrator {
  readonly #io: Io;
  /** Whether the last thing that was printed is the output of a command. */
  #isBehindOutput = false;

  /** What commands print on stderr is shown with the rest, so nothing is redrawn there. */
  constructor(io: Io) {
    this.#io = { ...io, errorColumns: io.columns, redraws: false };
  }

  title(text: string): void {
    this.#io.out(`${this.#io.colors.bold(text)}\n\n`);
  }

  tell(text: string): void {
    this.#leaveOutput();
    this.#io.out(paragraph(text, this.#io));
  }

  step(text: string): void {
    this.#isBehindOutput = false;
    this.#io.out(`\n${this.#io.colors.cyan(paragraph(text, this.#io, '', '   ').trimEnd())}\n`);
  }

  /** Shows a command for another terminal, to be pasted. */
  suggest(...words: readonly string[]): void {
    this.#io.out(`${this.#io.colors.bold(`  ${wrapped(words, this.#io.columns)}`)}\n`);
  }

  /** Shows a command without running it. */
  show(...words: readonly string[]): void {
    this.#leaveOutput();
    this.#io.out(`${this.#io.colors.bold(`$ ${wrapped(words, this.#io.columns)}`)}\n`);
  }

  /**
   * Runs a command, and shows what it prints.
   *
   * @param parts all that is shown, with an ellipsis between two parts. None for all of it.
   * @returns all that it prints.
   * @throws DemoError unless it ends with this status.
   */
  async steward(expected: Status, args: readonly string[], ...parts: readonly Part[]): Promise<string> {
    this.show('steward', ...args);
    const answer = await this.answer(expected, ...args);
    const shown = parts.length === 0 ? [answer] : parts.map((part) => partOf(answer, part));
    this.#io.out(`\n${shown.join(`\n${this.#io.colors.dim('…')}\n\n`)}`);
    this.#isBehindOutput = true;
    return answer;
  }

  #leaveOutput(): void {
    if (this.#isBehindOutput) this.#io.out('\n');
    this.#isBehindOutput = false;
  }

  /**
   * Runs a command, and shows neither it nor what it prints.
   *
   * @returns what it prints, on stderr too.
   * @throws DemoError unless it ends with this status.
   */
  async answer(expected: Status, ...args: readonly string[]): Promise<string> {
    let answer = '';
    const out = (text: string): void => {
      answer += text;
    };
    const status = await run(args, { ...this.#io, out, err: out });
    if (status !== expected) {
      throw new DemoError(
        `"steward ${args.join(' ')}" ended with status ${status}, and ${expected} was expected:\n${answer}`,
      );
    }
    return answer;
  }
}

/** On a terminal so narrow that a wanted line is broken into two, more is shown. */
function partOf(answer: string, { from, to }: Part): string {
  const lines = answer.split('\n');
  const plain = lines.map(stripVTControlCharacters);
  const lineOf = (wanted: RegExp, behind: number): number =>
    plain.findIndex((line, index) => index >= behind && wanted.test(line));
  const first = from === undefined ? 0 : Math.max(0, lineOf(from, 0));
  const end = to === undefined ? -1 : lineOf(to, first + 1);
  return `${lines
    .slice(first, end === -1 ? undefined : end)
    .join('\n')
    .trimEnd()}\n`;
}

const INDENTED = '    ';

/** Breaks a long command into lines that can be pasted. */
function wrapped(words: readonly string[], columns: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line.trim() !== '' && longer.length + '$  \\'.length > columns) {
      lines.push(line);
      line = `${INDENTED}${word}`;
    } else {
      line = longer;
    }
  }
  return [...lines, line].join(' \\\n');
}
