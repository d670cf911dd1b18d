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
  /** Whether stderr is a terminal on which a line can be drawn again. @default false */
  readonly redraws?: boolean;
  /** Aborted with an `Interruption` when whoever runs the command wants it to end. */
  readonly signal?: AbortSignal | undefined;
  out(text: string): void;
  err(text: string): void;
}

const WIDTH_WITHOUT_TERMINAL = 100;

/** @param signal see {@link Io.signal}. */
export function processIo(signal?: AbortSignal): Io {
  return {
    cwd: process.cwd(),
    clock: Date.now,
    columns: process.stdout.columns ?? WIDTH_WITHOUT_TERMINAL,
    errorColumns: process.stderr.isTTY ? process.stderr.columns : undefined,
    redraws: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    signal,
    colors: pc.createColors(pc.isColorSupported && process.stdout.isTTY),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  };
}

/** The command's signal, as what does I/O takes it. */
export function askOptions({ signal }: Pick<Io, 'signal'>): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
