import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { askOn } from '#cli/terminal-question.ts';

/** A process of which the terminal is played. */
function terminal() {
  const [stdin, stderr] = [new PassThrough(), new PassThrough()];
  const killed: unknown[] = [];
  const played = { stdin, stderr, pid: 7, kill: (...args: unknown[]) => killed.push(args) > 0 };
  return { ...played, played: played as unknown as NodeJS.Process, killed };
}

describe('A question on a terminal', () => {
  it('is answered by a line, and goes to stderr', async () => {
    const { stdin, stderr, played } = terminal();
    const asked = askOn(played, 'Which bucket? ', undefined);

    stdin.write('s3://my-bucket\n');

    expect(await asked).toBe('s3://my-bucket');
    stderr.end();
    expect(await text(stderr)).toBe('Which bucket? ');
  });

  it('is answered by nothing where the input ends, and ends its line', async () => {
    const { stdin, stderr, played } = terminal();
    const asked = askOn(played, 'Which bucket? ', undefined);

    stdin.end();

    expect(await asked).toBe('');
    stderr.end();
    expect(await text(stderr)).toBe('Which bucket? \n');
  });

  it('ends with the reason of an interruption', async () => {
    const { played } = terminal();
    const abort = new AbortController();
    const asked = askOn(played, 'Which bucket? ', abort.signal);

    abort.abort(new Error('Interrupted: nothing was changed.'));

    await expect(asked).rejects.toThrow('Interrupted: nothing was changed.');
  });
});
