import { type Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { commandFirst } from '#cli/command-first.ts';
import { buildProgram } from '#cli/program.ts';

/** Words as a shell takes them, up to a comment; no command of the documents needs more. */
export function words(line: string): readonly string[] {
  const [bare = ''] = line.split(/\s#\s/);
  return [...bare.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
}

/** The lines of all code blocks of a page. */
export function blockLines(page: string): readonly string[] {
  return [...page.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.trimEnd().split('\n'));
}

/** The page without its code blocks. */
export function prose(page: string): string {
  return page.replaceAll(/^```\w*\n[\s\S]*?^```$/gm, '');
}

/** What is set as code within the sentences of a page. */
export function inlineCode(page: string): readonly string[] {
  return [...prose(page).matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replaceAll(/\s+/g, ' '));
}

/** All commands of the program, and the program itself. */
function commandsOf(program: Command): readonly Command[] {
  return [program, ...program.commands.flatMap(commandsOf)];
}

/** The program as it takes these words, which prints nothing. */
export function programFor(args: readonly string[]): Command {
  const silent = { cwd: '/', clock: () => 0, columns: 80, colors: pc.createColors(false), out: noop, err: noop };
  return buildProgram(args, silent, noop);
}

function noop(): void {
  // What the program prints and how it ends is not asked.
}

/** As they are typed first: `audit`, `rules`. */
export function commandNames(): readonly string[] {
  return programFor([]).commands.map((command) => command.name());
}

/** Parses with the program itself, and runs nothing; undefined, or the code of commander's complaint. */
export async function complaintAbout(args: readonly string[]): Promise<string | undefined> {
  const program = programFor(args);
  for (const command of commandsOf(program)) {
    if (command.commands.length === 0) {
      command.action(noop);
    }
  }
  try {
    await program.parseAsync([...commandFirst(args, program)], { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      return undefined;
    }
    return error instanceof CommanderError ? error.code : String(error);
  }
}

/** The commands that do something, by the words that are typed: `audit`, `rules check`. */
export function leafCommands(): ReadonlyMap<string, Command> {
  const leaves = new Map<string, Command>();
  const walk = (command: Command, typed: readonly string[]): void => {
    for (const one of command.commands.filter((inner) => inner.name() !== 'help')) {
      const words = [...typed, one.name()];
      if (one.commands.length === 0) leaves.set(words.join(' '), one);
      else walk(one, words);
    }
  };
  walk(programFor([]), []);
  return leaves;
}

/** The long options that at least half of the commands have. */
export function optionsOfAll(): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const leaves = [...leafCommands().values()];
  for (const { long } of leaves.flatMap(({ options }) => options)) {
    if (long) counts.set(long, (counts.get(long) ?? 0) + 1);
  }
  counts.delete('--execute');
  return new Set([...counts].filter(([, count]) => count * 2 >= leaves.length).map(([option]) => option));
}
