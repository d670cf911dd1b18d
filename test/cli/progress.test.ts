import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Io } from '#cli/io.ts';
import { run } from '#cli/program.ts';
import { ProgressLine } from '#cli/progress-line.ts';
import { NOW } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { below, smallJob } from './steward.ts';

const makeDirectory = useTempDirectories();
const ERASED = '\r\x1b[K';

interface Terminal {
  readonly io: Io;
  /** What was written to stderr, call by call. */
  readonly err: readonly string[];
  readonly out: readonly string[];
  pass(milliseconds: number): void;
}

/** @param tick milliseconds that pass whenever somebody asks for the time. */
function terminal(more: Partial<Io> = {}, tick = 0): Terminal {
  let now = NOW;
  const err: string[] = [];
  const out: string[] = [];
  const io: Io = {
    cwd: '/',
    clock: () => {
      now += tick;
      return now;
    },
    columns: 80,
    errorColumns: 80,
    redraws: true,
    colors: pc.createColors(false),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    ...more,
  };
  return {
    io,
    err,
    out,
    pass: (milliseconds) => {
      now += milliseconds;
    },
  };
}

describe('The progress line', () => {
  it('tells objects and their rate, then the roots that were read', () => {
    const { io, err, pass } = terminal();
    const line = new ProgressLine(io);

    pass(2_000);
    line.show({ objects: 12_345, rootsRead: 0 });
    pass(1_000);
    line.show({ objects: 30_000, rootsRead: 0 });
    pass(1_000);
    line.show({ objects: 30_000, rootsRead: 1 });

    expect(err).toEqual([
      `${ERASED}12,345 objects listed, 6,173 a second`,
      `${ERASED}30,000 objects listed, 10,000 a second`,
      `${ERASED}30,000 objects listed, 1 root read`,
    ]);
  });

  it('is drawn ten times a second at most, and not for what is over sooner', () => {
    const { io, err, pass } = terminal();
    const line = new ProgressLine(io);

    for (let objects = 1; objects <= 100; objects++) {
      pass(10);
      line.show({ objects, rootsRead: 0 });
    }

    expect(err.length).toBe(10);
    expect(err[0]).toBe(`${ERASED}10 objects listed, 100 a second`);
  });

  it('never reaches the last column of the terminal', () => {
    const { io, err, pass } = terminal({ errorColumns: 20 });
    const line = new ProgressLine(io);

    pass(1_000);
    line.show({ objects: 12_345, rootsRead: 0 });

    expect(err).toEqual([`${ERASED}12,345 objects list`]);
  });

  it('fits 80 columns where nobody knows how many there are', () => {
    const { io, err, pass } = terminal({ errorColumns: undefined });
    const line = new ProgressLine(io);

    pass(1_000);
    line.show({ objects: 1e80, rootsRead: 0 });

    expect(err.map((text) => text.replace(ERASED, '').length)).toEqual([79]);
  });

  it('is taken away once, and only where it was drawn', () => {
    const { io, err, pass } = terminal();
    const line = new ProgressLine(io);

    line.erase();
    expect(err).toEqual([]);
    pass(1_000);
    line.show({ objects: 1, rootsRead: 0 });
    line.erase();
    line.erase();

    expect(err.slice(1)).toEqual([ERASED]);
  });
});

describe('A survey', () => {
  it('shows its progress on a terminal, and leaves nothing of it', async () => {
    const cwd = await makeDirectory(smallJob());
    const { io, err, out } = terminal({ cwd }, 150);

    const status = await run(['audit', '.', '--as', 's3://bucket'], io);

    expect(status).toBe(0);
    expect(err.length).toBeGreaterThan(1);
    expect(err.slice(0, -1).every((text) => text.startsWith(`${ERASED}3 objects listed, `))).toBe(true);
    expect(err.at(-1)).toBe(ERASED);
    expect(out.join('')).toMatch(/^Flink state in \., as of /);
  });

  it('is preceded by a look that does the same', async () => {
    const cwd = await makeDirectory(below('copy', smallJob()));
    const { io, err, out } = terminal({ cwd }, 150);

    const status = await run(['init', 'copy', '--print'], io);

    expect(status).toBe(0);
    expect(err[0]).toBe(`${ERASED}1 folder looked into`);
    expect(err.at(-1)).toBe(ERASED);
    expect(out.join('')).toContain('"area"');
  });

  it('takes it away before it says why it failed', async () => {
    const cwd = await makeDirectory({ 'steward.json': '{}' });
    const { io, err } = terminal({ cwd }, 150);

    await run(['audit', 'none'], io);

    expect(err.join('')).toMatch(/^The folder .* does not exist/);
  });

  it.each([
    ['with --json', { redraws: true }, ['--json']],
    ['in a pipe', { redraws: false }, []],
    ['where nobody says what stderr is', {}, []],
  ])('shows none %s', async (_, redraws, args) => {
    const cwd = await makeDirectory(smallJob());
    const { io, err } = terminal({ cwd }, 150);
    const { redraws: __, ...silent } = io;

    const status = await run(['audit', '.', '--as', 's3://bucket', ...args], { ...silent, ...redraws });

    expect({ status, err }).toEqual({ status: 0, err: [] });
  });
});
