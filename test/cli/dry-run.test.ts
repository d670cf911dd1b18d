import { describe, expect, it } from 'vitest';
import { complaintAbout, leafCommands } from '#test/docs/doc-commands.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { bucketFiles, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();

/** The commands that can change something. */
const ACTING = [...leafCommands()].filter(([, command]) => command.options.some(({ long }) => long === '--execute'));
const WORDS: Readonly<Record<string, readonly string[]>> = {
  apply: ['plan.json'],
  undo: ['RUN'],
  pin: ['chk-7'],
  unpin: ['chk-7'],
  'declare-dead': ['0'.repeat(32)],
};

describe('--dry-run', () => {
  it.each(ACTING.map(([name]) => name))('is known to %s, and refused beside --execute', async (name) => {
    const words = [...name.split(' '), ...(WORDS[name] ?? [])];

    const alone = await complaintAbout([...words, '--dry-run']);
    const both = await complaintAbout([...words, '--dry-run', '--execute']);

    expect({ alone, both }).toEqual({ alone: undefined, both: 'commander.conflictingOption' });
  });

  it.each(ACTING.map(([name]) => name))('and --yes too, with and without --execute: %s', async (name) => {
    const words = [...name.split(' '), ...(WORDS[name] ?? []), '--yes'];

    expect(await complaintAbout(words)).toBeUndefined();
    expect(await complaintAbout([...words, '--execute'])).toBeUndefined();
  });

  it('changes nothing of what a command does without --execute', async () => {
    const cwd = await makeDirectory(smallJob('flink/'));
    const words = ['collect', 'flink', '--as', 's3://bucket/flink', '--ledger', 'ledger'];

    const typed = await steward(cwd, [...words, '--dry-run']);
    const usual = await steward(await makeDirectory(smallJob('flink/')), words);

    expect(typed).toEqual(usual);
    expect(typed.out).toContain('Dry run: ');
  });

  it('beside --execute is wrong usage, and deletes nothing', async () => {
    const cwd = await makeDirectory(bucketFiles(() => {}));

    const { status, err } = await steward(cwd, ['collect', '.', '--dry-run', '--execute']);

    expect({ status, err }).toEqual({
      status: 2,
      err: "error: option '--dry-run' cannot be used with option '--execute'\n(see steward collect --help)\n",
    });
  });
});
