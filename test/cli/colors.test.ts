import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { wantsColors } from '#cli/io.ts';
import { run } from '#cli/program.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { smallJob } from './steward.ts';

const makeDirectory = useTempDirectories();

describe('Output', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ TERM: 'dumb' }, true, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: '' }, false, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
  ])('with %j on a terminal (%j) is colored: %j', (environment, isTerminal, expected) => {
    expect(wantsColors(environment, isTerminal)).toBe(expected);
  });

  it.each([
    [['audit', '.'], true],
    [['audit', '.', '--no-color'], false],
    [['--no-color', 'audit', '.'], false],
  ])('of %j on a terminal is colored: %j', async (args, expected) => {
    let text = '';
    const cwd = await makeDirectory(smallJob());

    const status = await run([...args, '--as', 's3://bucket'], {
      cwd,
      clock: Date.now,
      columns: 80,
      colors: pc.createColors(true),
      out: (printed) => {
        text += printed;
      },
      err: () => {},
    });

    expect(status).toBe(0);
    expect(text.includes('\x1b[')).toBe(expected);
  });
});
