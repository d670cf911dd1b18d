import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { blockLines, leafCommands } from './doc-commands.ts';
import { PAGES, textOf } from './doc-script.ts';

/** Where version 1.6 of jq, which Debian 12 and Ubuntu 22.04 have, takes a name for a keyword. */
const SHORTHAND = /[{,]\s*(?:label|reduce|foreach|try|if|and|or|not|import|include|def|as)\s*[,}]/;

const HAS_JQ = spawnSync('jq', ['--version']).error === undefined;

/** The filters of all examples, on the pages and in the help. */
function filters(): readonly string[] {
  const help = [...leafCommands().values()].flatMap((command) => {
    let text = '';
    command.configureOutput({ writeOut: (part) => (text += part) });
    command.outputHelp();
    return text.split('\n');
  });
  const lines = [...PAGES.flatMap((page) => blockLines(textOf(page))), ...help];
  return lines.flatMap((line) => [...line.matchAll(/\bjq (?:-\w+ )?'([^']*)'/g)].map(([, filter = '']) => filter));
}

describe('The examples with jq', () => {
  it('are found', () => {
    expect(filters()).toContain('.jobs[] | {"label": .label, "reclaimable": .groups.reclaimable.bytes}');
  });

  it('are all looked at', () => {
    const lines = PAGES.flatMap((page) => blockLines(textOf(page))).filter((line) => /\bjq [^-'"$]*['"$-]/.test(line));
    expect(lines.filter((line) => !/\bjq (?:-\w+ )?'[^']*'/.test(line))).toEqual([]);
  });

  it.runIf(HAS_JQ)('are programs for the jq of this machine', () => {
    // 3 is the status for what is no program. What is not there in null is another matter.
    const refused = [...new Set(filters())].filter((filter) => spawnSync('jq', ['-n', filter]).status === 3);
    expect(refused).toEqual([]);
    expect(spawnSync('jq', ['-n', '{if: 1']).status).toBe(3);
  });
  it.runIf(!HAS_JQ)('are not tried, because there is no jq on this machine', () => undefined);

  it('name no member that old versions of jq take for a keyword', () => {
    expect(filters().filter((filter) => SHORTHAND.test(filter))).toEqual([]);
    expect(SHORTHAND.test('{label, reclaimable: 1}')).toBe(true);
  });
});
