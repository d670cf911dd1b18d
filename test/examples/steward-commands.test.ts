import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { blockLines, complaintAbout, words } from '#test/docs/doc-commands.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const FILES = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /\.(?:md|sh|ya?ml)$|crontab$/.test(path),
);

/** What comes before the words of a command: its name, or the line that fetches it. In YAML, the name is a word of texts too. */
const NPX = /npx (?:--yes )?flink-steward(?:@[\d.]+)? ([^|;&]*)/g;
const COMMAND = /(?:^|[\s(&])(?:npx (?:--yes )?flink-steward(?:@[\d.]+)?|steward) ([^)|;&]*)/g;
/** What the shell takes for itself. */
const OF_SHELL = /\d>&1|"\$@"/g;

function commandsOf(path: string): readonly (readonly string[])[] {
  const text = readFileSync(`${EXAMPLES}${path}`, 'utf8');
  const lines = path.endsWith('.md') ? blockLines(text) : text.split('\n');
  return lines
    .filter((line) => !line.trimStart().startsWith('#'))
    .map((line) => line.replaceAll(OF_SHELL, ''))
    .flatMap((line) => [...line.matchAll(/ya?ml$/.test(path) ? NPX : COMMAND)].map(([, found = '']) => words(found)));
}

describe('the commands of the examples', () => {
  it('are found', () => {
    expect(commandsOf('cron/collect.sh')).toEqual([['collect']]);
    expect(commandsOf('cron/crontab')).toEqual([['rules', 'check']]);
    expect(commandsOf('github-action/flink-steward.yml')).toEqual([
      ['audit', '--html', 'report.html'],
      ['rules', 'check'],
    ]);
  });

  it.each(FILES)('are ones that there are, with their options: %s', async (path) => {
    const complaints = await Promise.all(commandsOf(path).map((args) => complaintAbout(args)));

    expect(complaints.filter((complaint) => complaint !== undefined)).toEqual([]);
  });
});
