import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Io } from '#cli/io.ts';
import { run } from '#cli/program.ts';
import { ProgressLine } from '#cli/progress-line.ts';
import type { SurveyProgress } from '#steward/documents.ts';
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

/** So many listed, of 1 kB each. */
function listed(objects: number, more: Partial<SurveyProgress> = {}): SurveyProgress {
  return { objects, bytes: objects * 1_000, expected: null, roots: 0, rootsRead: 0, ...more };
}

describe('The progress line', () => {
  it('tells objects and their rate, then the roots that were read', () => {
    const { io, err, pass } = terminal();
    const line = new ProgressLine(io);

    pass(2_000);
    line.show(listed(12_345));
    pass(1_000);
    line.show(listed(30_000));
    pass(1_000);
    line.show(listed(30_000, { roots: 4, rootsRead: 1 }));

    expect(err).toEqual([
      `${ERASED}12,345 objects listed (12.3 MB), 6,173 a second`,
      `${ERASED}30,000 objects listed (30.0 MB), 10,000 a second`,
      `${ERASED}30,000 objects listed (30.0 MB), 1 of 4 roots read`,
    ]);
  });

  it('is drawn ten times a second at most, and not for what is over sooner', () => {
    const { io, err, pass } = terminal();
    const line = new ProgressLine(io);

    for (let objects = 1; objects <= 100; objects++) {
      pass(10);
      line.show(listed(objects));
    }

    expect(err.length).toBe(10);
    expect(err[0]).toBe(`${ERASED}10 objects listed (10.0 kB), 100 a second`);
  });

  it('never reaches the last column of the terminal', () => {
    const { io, err, pass } = terminal({ errorColumns: 20 });
    const line = new ProgressLine(io);

    pass(1_000);
    line.show(listed(12_345));

    expect(err).toEqual([`${ERASED}12,345 objects list`]);
  });

  it('fits 80 columns where nobody knows how many there are', () => {
    const { io, err, pass } = terminal({ errorColumns: undefined });
    const line = new ProgressLine(io);

    pass(1_000);
    line.show(listed(1e80));

    expect(err.map((text) => text.replace(ERASED, '').length)).toEqual([79]);
  });

  it('tells of about how many objects, and how long the rest takes, where an earlier run listed them', () => {
    const { io, err, pass } = terminal();
    const line = new ProgressLine(io);

    pass(500);
    line.show(listed(1_000, { expected: 10_000 }));
    pass(1_500);
    line.show(listed(2_000, { expected: 10_000 }));
    pass(1_000);
    line.show(listed(12_000, { expected: 10_000 }));

    expect(err).toEqual([
      `${ERASED}1,000 of about 10,000 objects listed (1.0 MB), 2,000 a second`,
      `${ERASED}2,000 of about 10,000 objects listed (2.0 MB), 1,000 a second, about 8 s left`,
      `${ERASED}12,000 objects listed (12.0 MB), 4,000 a second`,
    ]);
  });

  it('tells how long the roots take that are not read yet', () => {
    const { io, err, pass } = terminal();
    const line = new ProgressLine(io);

    line.show(listed(9, { roots: 100, rootsRead: 1 }));
    pass(90_000);
    line.show(listed(9, { roots: 100, rootsRead: 50 }));

    expect(err).toEqual([`${ERASED}9 objects listed (9.0 kB), 50 of 100 roots read, about 1 min 30 s left`]);
  });

  it('tells how much of what goes is deleted, and how long the rest takes from the pace so far', () => {
    const { io, err, pass } = terminal();
    const line = new ProgressLine(io);
    const all = { objects: 5_000, bytes: 10_000_000_000 };

    pass(60_000);
    for (const objects of [1_000, 2_000, 5_000]) {
      line.showDeleted({ objects, bytes: objects * 2_000_000 }, all);
      pass(5_000);
    }

    expect(err).toEqual([
      `${ERASED}1,000 of 5,000 objects deleted, 2.0 GB of 10.0 GB`,
      `${ERASED}2,000 of 5,000 objects deleted, 4.0 GB of 10.0 GB, about 15 s left`,
      `${ERASED}5,000 of 5,000 objects deleted, 10.0 GB of 10.0 GB`,
    ]);
  });

  it.each([
    ['a line a minute where no line can be redrawn', { redraws: false }, 60_000],
    ['a line every ten seconds there, if more is wanted', { redraws: false, level: 'info' }, 10_000],
    ['such lines on a terminal too, among the requests', { level: 'debug' }, 10_000],
  ] as const)('becomes %s', (_, more, interval) => {
    const { io, err, pass } = terminal(more);
    const line = new ProgressLine(io);

    pass(interval - 1);
    line.show(listed(1));
    expect(err).toEqual([]);
    pass(1);
    line.showLooked(7);
    line.showOutside(8);
    line.erase();

    expect(err).toEqual(['7 folders looked into\n']);
  });

  it('is taken away once, and only where it was drawn', () => {
    const { io, err, pass } = terminal();
    const line = new ProgressLine(io);

    line.erase();
    expect(err).toEqual([]);
    pass(1_000);
    line.show(listed(1));
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
    expect(err.slice(0, -1).every((text) => text.startsWith(`${ERASED}3 objects listed (1.2 kB), `))).toBe(true);
    expect(err.at(-1)).toBe(ERASED);
    expect(out.join('')).toMatch(/^Flink state in \., as of /);
  });

  it('begins no note behind that line', async () => {
    const cwd = await makeDirectory(below('copy', smallJob()));
    const area = ['copy', '--as', 's3://bucket'];
    for (const time of ['2027-03-01T00:00:00Z', '2027-03-02T00:00:00Z']) {
      await run(['collect', ...area, '--now', time, '--execute'], terminal({ cwd }, 150).io);
    }
    const { io, err } = terminal({ cwd }, 150);

    await run(['collect', ...area, '--ledger', 'other'], io);

    const text = err.join('').replaceAll(ERASED, '\n');
    expect(text).toMatch(/\nNote: Another ledger, /);
    expect(text).not.toMatch(/[^\n]Note: /);
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
    ['with --quiet', { redraws: true }, ['--quiet']],
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
