import { STATUS, type Status } from '#cli/errors.ts';
import type { Io } from '#cli/io.ts';
import { paragraph } from '#cli/print/text.ts';
import { run } from '#cli/program.ts';

/** A command of the demo did not end as it must. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

/** Tells what comes, shows each command as a user types it, and runs it. */
export class Narrator {
  constructor(private readonly io: Io) {}

  title(text: string): void {
    this.io.out(`${this.io.colors.bold(text)}\n\n`);
  }

  tell(text: string): void {
    this.io.out(paragraph(text, this.io));
  }

  step(text: string): void {
    this.io.out(`\n${this.io.colors.cyan(paragraph(text, this.io, '', '   ').trimEnd())}\n`);
  }

  /** Shows a command that is not ours. */
  show(...words: readonly string[]): void {
    this.io.out(`${this.io.colors.bold(`$ ${wrapped(words, this.io.columns)}`)}\n`);
  }

  /** @throws DemoError unless the command ends well. */
  async steward(...args: readonly string[]): Promise<void> {
    this.show('steward', ...args);
    this.io.out('\n');
    expectStatus(args, STATUS.well, await run(args, this.io));
  }

  /**
   * What the command answers with `--json`, which is not shown.
   *
   * @throws DemoError unless it ends with this status.
   */
  async answer(expected: Status, ...args: readonly string[]): Promise<string> {
    this.show('steward', ...args);
    this.io.out('\n');
    let document = '';
    const out = (text: string): void => {
      document += text;
    };
    expectStatus(args, expected, await run([...args, '--json'], { ...this.io, out }));
    return document;
  }
}

function expectStatus(args: readonly string[], expected: Status, status: Status): void {
  if (status !== expected) {
    throw new DemoError(`"steward ${args.join(' ')}" ended with status ${status}, and ${expected} was expected.`);
  }
}

/** Long commands on several lines, as one can paste them; a key alone takes most of a line. */
function wrapped(words: readonly string[], columns: number): string {
  const line = words.join(' ');
  return line.length + 2 <= columns ? line : line.replaceAll(/ (?=[^ ]{60,})/g, ' \\\n ');
}
