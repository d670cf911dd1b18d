import { readdirSync, readFileSync } from 'node:fs';

/** The code blocks of a page, taken apart into commands and what the page shows below each of them. */

export const ROOT = new URL('../../', import.meta.url);

const DOCS = readdirSync(new URL('docs', ROOT), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.md'),
);
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...DOCS.sort().map((name) => `docs/${name}`),
];

export interface Block {
  /** Page and line: `README.md:46`. */
  readonly at: string;
  /** What stands behind the fence; empty for most. */
  readonly language: string;
  /** Without the indentation of the fence. */
  readonly lines: readonly string[];
}

export interface Step {
  /** Page and line: `README.md:46`. */
  readonly at: string;
  /** On one line, with single spaces, without prompt and comment. */
  readonly command: string;
  /** What the page says that it prints; empty where it says nothing. */
  readonly shown: readonly string[];
}

export function textOf(file: string): string {
  return readFileSync(new URL(file, ROOT), 'utf8');
}

/** Blocks may stand within the items of a list. */
export function blocksOf(page: string, text = textOf(page)): readonly Block[] {
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(
    ({ index, 1: indentation = '', 2: language = '', 3: block = '' }) => ({
      at: `${page}:${text.slice(0, index).split('\n').length + 1}`,
      language,
      lines: block
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(indentation.length)),
    }),
  );
}

/** What no shell would take: JSON that a file holds, or that is printed. */
export function isData({ language, lines: [first = ''] }: Block): boolean {
  return language.endsWith('json') || /^["{]/.test(first);
}

/** The commands of a page, in the order in which they stand. */
export function stepsOf(page: string, text = textOf(page)): readonly Step[] {
  return blocksOf(page, text)
    .filter((block) => !isData(block) && !/^(?:mermaid|ts)$/.test(block.language))
    .flatMap(stepsOfBlock);
}

function stepsOfBlock({ at, lines }: Block): readonly Step[] {
  const [page = '', first = '0'] = at.split(':');
  const isPrompted = lines.some((line) => line.startsWith('$ '));
  const steps: { at: string; command: string; shown: string[] }[] = [];
  for (let next = 0; next < lines.length; ) {
    const line = lines[next] ?? '';
    const last = steps.at(-1);
    // What stands before the first prompt is taken for a command too, so that nothing is passed over.
    const isCommand = isPrompted ? line.startsWith('$ ') || last === undefined : /^[^\s{}]/.test(line);
    if (isCommand) {
      const typed = typedFrom(lines.slice(next));
      steps.push({ at: `${page}:${Number(first) + next}`, command: inOneLine(typed), shown: [] });
      next += typed.length;
    } else {
      last?.shown.push(line);
      next++;
    }
  }
  return steps;
}

/** A line and those that it goes on in: behind a backslash, or until the end of a function. */
function typedFrom(lines: readonly string[]): readonly string[] {
  const [first = ''] = lines;
  const isFunction = /^\w+\(\) \{$/.test(first);
  const end = isFunction ? lines.indexOf('}') : lines.findIndex((line) => !line.endsWith('\\'));
  return end === -1 ? lines : lines.slice(0, end + 1);
}

function inOneLine(typed: readonly string[]): string {
  return typed
    .map((line) => line.replace(/\\$/, '').replace(/\s#\s.*$/, ''))
    .join(' ')
    .replace(/^\$ /, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** What is typed in one line behind one another. */
export function partsOf(command: string): readonly string[] {
  return command.split(' && ');
}
