import { describe, expect, it } from 'vitest';
import { runName } from '#operations/ledger/run-records.ts';
import { newRun } from '#steward/run-identity.ts';
import { steward } from '#test/cli/steward.ts';
import { NOW } from '#test/support/played-job.ts';
import { commandNames } from './doc-commands.ts';
import { PAGES, textOf } from './doc-script.ts';

/** All that begins as the name of a run or a plan does. */
const LIKE_A_NAME = /\b\d{8}T\d+Z-[^\s"'`/,)]+/g;

/** Where an example stands, and what it says. */
type Example = readonly [place: string, name: string];

function examplesIn(place: string, text: string): readonly Example[] {
  return [...new Set(text.match(LIKE_A_NAME))].map((name) => [place, name]);
}

async function examplesOfHelp(): Promise<readonly Example[]> {
  const helped = commandNames().map(async (command) =>
    examplesIn(`steward ${command} --help`, (await steward('/', [command, '--help'])).out),
  );
  return (await Promise.all(helped)).flat();
}

/** The same name made anew from its own time and letters; the letters of a name are as many as a run's of today. */
function madeAnew(name: string): string {
  const [, year, month, day, hour, minute, second, millisecond, letters = ''] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})?Z-(.*)$/.exec(name) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond ?? '000'}Z`);
  const { length } = newRun(() => NOW).run.split('-')[1] ?? '';
  return runName(time, letters.replaceAll(/[^0-9a-f]/g, '').slice(0, length));
}

describe('The names of runs and plans that people are shown', () => {
  it.each(PAGES.flatMap((page) => examplesIn(page, textOf(page))))('on %s are such as runs have: %s', (_, name) => {
    expect(madeAnew(name)).toBe(name);
  });

  it('in the help are such as runs have', async () => {
    const examples = await examplesOfHelp();

    expect(examples.length).toBeGreaterThan(1);
    expect(examples.map(([place, name]) => [place, madeAnew(name)])).toEqual(examples);
  });

  it('would be seen to lack milliseconds, and to have too many letters or others', () => {
    expect(madeAnew('20270301T000000Z-81b2e')).toBe('20270301T000000000Z-81b2e');
    expect(madeAnew('20270301T000000000Z-5f3a9c1e')).toBe('20270301T000000000Z-5f3a9');
    expect(madeAnew('20270301T000000000Z-81b2x')).toBe('20270301T000000000Z-81b2');
  });
});
