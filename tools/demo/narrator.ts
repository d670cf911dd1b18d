import type { Status } from '#cli/errors.ts';
import type { Io } from '#cli/io.ts';
import { paragraph } from '#cli/print/text.ts';
import { run } from '#cli/program.ts';

/** A command of the demo ended with an unexpected result. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

/** Explains the next step, shows each command as a user types it, and runs it. */
export class Narrator {
  /** @param options for access to the store, added to each command. */
  constructor(
    private readonly io: Io,
    private readonly options: readonly string[],
  ) {}

  title(text: string): void {
    this.io.out(`${this.io.colors.bold(text)}\n\n`);
  }

  tell(text: string): void {
    this.io.out(paragraph(text, this.io));
  }

  step(text: string): void {
    this.io.out(`\n${this.io.colors.cyan(paragraph(text, this.io, '', '   ').trimEnd())}\n`);
  }

  /** Shows a `steward` command without running it. */
  suggest(...args: readonly string[]): void {
    this.show('steward', ...args, ...this.options);
  }

  /** Shows another command without running it. */
  show(...words: readonly string[]): void {
    this.io.out(`${this.io.colors.bold(`$ ${wrapped(words, this.io.columns)}`)}\n`);
  }

  /** @throws DemoError unless the command ends with this status. */
  async steward(expected: Status, ...args: readonly string[]): Promise<void> {
    await this.#run(expected, args, this.io);
  }

  /**
   * Runs a command and returns its output, which is not shown.
   *
   * @throws DemoError unless it ends with this status.
   */
  async answer(expected: Status, ...args: readonly string[]): Promise<string> {
    let document = '';
    const out = (text: string): void => {
      document += text;
    };
    await this.#run(expected, args, { ...this.io, out });
    return document;
  }

  async #run(expected: Status, args: readonly string[], io: Io): Promise<void> {
    const words = [...args, ...this.options];
    this.show('steward', ...words);
    this.io.out('\n');
    const status = await run(words, io);
    if (status !== expected) {
      throw new DemoError(`"steward ${words.join(' ')}" ended with status ${status}, and ${expected} was expected.`);
    }
  }
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
