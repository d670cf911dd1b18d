import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { complaintAbout, leafCommands } from '#test/docs/doc-commands.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { bucketFiles, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();

/** The commands that can change something. */
const ACTING = [...leafCommands()].filter(([, command]) => command.options.some(({ long }) => long === '--execute'));
/** Those that delete nothing. A probe writes in any case, and the other two are asked about no area. */
const QUIETER = new Map(
  [...leafCommands()].filter(
    ([name]) => !['probe', 'completion', 'help', ...ACTING.map(([acting]) => acting)].includes(name),
  ),
);
const WORDS: Readonly<Record<string, readonly string[]>> = {
  apply: ['plan.json'],
  explain: ['chk-7'],
  inspect: ['chk-7'],
  'slack-preview': ['event.json'],
  undo: ['RUN'],
  pin: ['chk-7'],
  unpin: ['chk-7'],
  'declare-dead': ['0'.repeat(32)],
  'rules lint': ['plan.json'],
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

  it.each([...QUIETER.keys()])('is accepted by %s, which deletes nothing in any case', async (name) => {
    const words = [...name.split(' '), ...(WORDS[name] ?? []), '--dry-run'];

    expect(await complaintAbout(words)).toBeUndefined();
  });

  it('of init is --print', async () => {
    const cwd = await makeDirectory(smallJob('flink/'));

    const dry = await steward(cwd, ['init', 'flink', '--dry-run']);
    const printed = await steward(cwd, ['init', 'flink', '--print']);

    expect(dry).toEqual(printed);
    expect(await readdir(cwd)).toEqual(['flink']);
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
