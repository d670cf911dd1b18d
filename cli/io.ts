import pc from 'picocolors';

/** What a command may touch of the world around it. */
export interface Io {
  readonly cwd: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Columns of the terminal, or a width that reads well in a file. */
  readonly columns: number;
  /** Columns of the terminal that errors go to; without it they are not wrapped, so that a sentence stays a line. */
  readonly errorColumns?: number | undefined;
  readonly colors: ReturnType<typeof pc.createColors>;
  out(text: string): void;
  err(text: string): void;
}

const WIDTH_WITHOUT_TERMINAL = 100;

export function processIo(): Io {
  return {
    cwd: process.cwd(),
    clock: Date.now,
    columns: process.stdout.columns ?? WIDTH_WITHOUT_TERMINAL,
    errorColumns: process.stderr.isTTY ? process.stderr.columns : undefined,
    colors: pc.createColors(pc.isColorSupported && process.stdout.isTTY),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  };
}
