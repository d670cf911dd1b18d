import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blockLines, commandNames, complaintAbout, inlineCode, words } from './doc-commands.ts';
import { PAGES } from './doc-script.ts';

const ROOT = new URL('../../', import.meta.url);
const STEWARD = /^(?:\$ )?(?:steward|node dist\/cli\/steward\.mjs) /;

function textOf(page: string): string {
  return readFileSync(new URL(page, ROOT), 'utf8');
}

/** Commands with their page, each once. */
function found(commandsOf: (text: string) => readonly string[]): readonly (readonly [string, string])[] {
  return PAGES.flatMap((page) => [...new Set(commandsOf(textOf(page)))].map((command) => [page, command] as const));
}

const TYPED = found((text) => blockLines(text).filter((line) => STEWARD.test(line)));
const NAMES = new Set(commandNames());
/** `steward audit`, and without the program's name what has an option: `audit --html`. */
const MENTIONED = found((text) =>
  inlineCode(text).filter((code) => STEWARD.test(code) || (NAMES.has(words(code)[0] ?? '') && code.includes(' --'))),
);

/** A sentence may leave out what a command works on. */
const INCOMPLETE = [
  // Options without a command show the help.
  'commander.help',
  'commander.missingArgument',
  'commander.optionMissingArgument',
  'commander.missingMandatoryOptionValue',
  // Options alone: `steward --stack` names an option of every command.
  'commander.help',
];

/** In the place of a name for one of several words stands one of them. */
function argumentsOf(command: string): readonly string[] {
  return words(
    command
      .replace(STEWARD, '')
      .replaceAll(/\[([^\]]+)\]/g, '$1')
      .replace(/\bSHELL\b/, 'bash'),
  );
}

describe('The commands of the documents', () => {
  it('are found, in blocks and in sentences', () => {
    expect(TYPED).toContainEqual(['docs/cli.md', 'steward rules check s3://my-bucket/flink']);
    expect(TYPED).toContainEqual(['docs/cli.md', '$ steward audit']);
    expect(TYPED).toContainEqual(['docs/cli.md', 'node dist/cli/steward.mjs audit /mnt/flink/checkpoints']);
    expect(MENTIONED).toContainEqual(['docs/cli.md', 'steward undo RUN [LOCATION…]']);
    expect(MENTIONED).toContainEqual(['docs/cli.md', 'resume --take-over']);
  });

  it.each(TYPED)('%s: can be typed as they stand: %s', async (_, command) => {
    expect(await complaintAbout(argumentsOf(command))).toBeUndefined();
  });

  it.each(MENTIONED)('%s: have a command and options that there are: %s', async (_, command) => {
    expect([undefined, ...INCOMPLETE]).toContain(await complaintAbout(argumentsOf(command)));
  });

  it('would show an unknown command, an unknown option and one word too many', async () => {
    expect(await complaintAbout(['adit', './bucket'])).toBe('commander.unknownCommand');
    expect(await complaintAbout(['rules', 'chek', './bucket'])).toBe('commander.unknownCommand');
    expect(await complaintAbout(['audit', '--htm', 'page.html'])).toBe('commander.unknownOption');
    expect(await complaintAbout(['inspect', '_metadata', 'another'])).toBe('commander.excessArguments');
  });
});

describe('The scripts of the documents', () => {
  const scripts = Object.keys(JSON.parse(textOf('package.json')).scripts);
  const named = found((text) => [...text.matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)].map(([, script = '']) => script));

  it('are found', () => {
    expect(named).toContainEqual(['README.md', 'demo']);
  });

  it.each(named)('%s: are scripts of package.json: npm run %s', (_, script) => {
    expect(scripts).toContain(script);
  });
});
