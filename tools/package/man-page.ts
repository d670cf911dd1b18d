import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import pc from 'picocolors';
import { buildProgram } from '../../cli/program.ts';
import { VARIABLES } from '../../cli/variables.ts';
import { bold, heading, paragraphs, subheading, tagged, text, title } from './roff.ts';

/** The page of `man steward`, made of what the program knows about itself: its help. */

/** The file of `man` in package.json. */
export const MAN_PAGE = fileURLToPath(new URL('../../dist/steward.1', import.meta.url));

/** Variables besides those that stand for an option, each with what it does. */
const OTHER_VARIABLES: readonly (readonly [name: string, meaning: string])[] = [
  ['STEWARD_STACK', 'stands for --stack.'],
  ['AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID, …', 'supply credentials and region, as for the AWS CLI.'],
  ['AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3', 'name the endpoint of an S3-compatible store.'],
  ['AWS_CA_BUNDLE', "names a file with the certificates to trust in place of Node's own."],
  ['HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY', 'name the proxies to use, and the hosts that need none.'],
  ['COLUMNS', 'sets the width of output that does not go to a terminal.'],
  ['NO_COLOR, FORCE_COLOR', 'turn colors off, or turn them on, also through a pipe.'],
];

const FILES: readonly (readonly [name: string, meaning: string])[] = [
  [
    'steward.json',
    'the configuration, in the working directory unless --config names another file. "steward init" writes it.',
  ],
  ['.steward', 'the ledger next to a local area, unless --ledger or the configuration names another place.'],
];

/** @param version as in package.json. */
export function manPage({ version, homepage }: { readonly version: string; readonly homepage: string }): string {
  const printed: string[] = [];
  const io = { cwd: '/', clock: () => 0, columns: 1_000, colors: pc.createColors(false), err: () => undefined };
  const program = buildProgram([], { ...io, out: (part) => void printed.push(part) }, () => undefined);
  const afterHelp = (command: Command): string => {
    printed.length = 0;
    command.outputHelp();
    return printed.join('').slice(command.helpInformation().length);
  };
  const commands = leaves(program);
  const common = commonOptions(commands.map(({ command }) => command));
  const [purpose = '', ...description] = program.description().split('\n\n');
  return (
    [
      title('STEWARD', 1, `flink-steward ${version}`),
      heading('NAME'),
      text(`steward - ${lowerFirst(purpose.replace(/\.$/, ''))}`),
      heading('SYNOPSIS'),
      `${bold('steward')} ${text('COMMAND [OPTION]... [LOCATION]...')}`,
      heading('DESCRIPTION'),
      paragraphs(
        [...description, 'A location is a bucket with a prefix, s3://bucket/prefix, or a directory.'].join('\n\n'),
      ),
      heading('COMMANDS'),
      ...commands.flatMap(({ name, command }) => [
        subheading(usageOf(name, command)),
        paragraphs(command.description()),
        tagged(argumentsOf(command)),
        tagged(optionsOf(command).filter(([term, meaning]) => common.get(term) !== meaning)),
        paragraphs(afterHelp(command)),
      ]),
      heading('OPTIONS'),
      paragraphs('Most commands have these options too.'),
      tagged([...common, ...optionsOf(program).filter(([term]) => !common.has(term))]),
      heading('EXIT STATUS'),
      paragraphs(afterHelp(program).replace(/^\s*Exit status: /, '')),
      heading('ENVIRONMENT'),
      tagged([...Object.entries(VARIABLES).map(standsFor), ...OTHER_VARIABLES]),
      heading('FILES'),
      tagged(FILES),
      heading('SEE ALSO'),
      paragraphs(homepage),
    ]
      .filter((part) => part !== '')
      .join('\n')
      // Below a heading a paragraph begins by itself.
      .replaceAll(/^(\.S[HS] .*\n)\.PP\n/gm, '$1')
      .concat('\n')
  );
}

/** The commands that do something, by the words that are typed: `rules check`. */
function leaves(command: Command, typed: readonly string[] = []): readonly { name: string; command: Command }[] {
  const inner = command.createHelp().visibleCommands(command);
  return inner
    .filter((each) => typed.length === 0 || each.name() !== 'help')
    .flatMap((each) => {
      const words = [...typed, each.name()];
      return each.commands.length === 0 ? [{ name: words.join(' '), command: each }] : leaves(each, words);
    });
}

type Described = readonly [term: string, description: string];

function usageOf(name: string, command: Command): string {
  return [
    name,
    ...command.registeredArguments.map((each) => humanReadable(each.name(), each.required, each.variadic)),
  ].join(' ');
}

function humanReadable(name: string, required: boolean, variadic: boolean): string {
  const word = `${name.toUpperCase()}${variadic ? '...' : ''}`;
  return required ? word : `[${word}]`;
}

function argumentsOf(command: Command): readonly Described[] {
  const help = command.createHelp();
  return help
    .visibleArguments(command)
    .filter(({ description }) => description !== '')
    .map((argument) => [help.argumentTerm(argument).toUpperCase(), help.argumentDescription(argument)]);
}

function optionsOf(command: Command): readonly Described[] {
  const help = command.createHelp();
  return help.visibleOptions(command).map((option) => [help.optionTerm(option), help.optionDescription(option)]);
}

/** Those that at least half of the commands have, with the same description. */
function commonOptions(commands: readonly Command[]): ReadonlyMap<string, string> {
  const counts = new Map<string, { readonly option: Described; count: number }>();
  for (const option of commands.flatMap(optionsOf)) {
    const known = counts.get(option.join('\n')) ?? { option, count: 0 };
    known.count++;
    counts.set(option.join('\n'), known);
  }
  return new Map([...counts.values()].filter(({ count }) => count * 2 >= commands.length).map(({ option }) => option));
}

function standsFor([attribute, variable]: [string, string]): Described {
  const option = attribute.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return [variable, `stands for --${option} where it is not typed.`];
}

function lowerFirst(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
}

export async function writeManPage(file: string = MAN_PAGE): Promise<void> {
  const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, manPage(manifest));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeManPage(process.argv[2]);
}
