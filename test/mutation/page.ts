import { EXPLAINED, type Explained } from './explained.ts';
import type { FileResult, Results, Survivor } from './results.ts';

/** The page docs/mutation.md. */
export function mutationPage(results: Results): string {
  const files = Object.entries(results).sort(([a], [b]) => (a < b ? -1 : 1));
  return `# Mutation score

Stryker changes the code in one place after the other (a mutant), and runs the tests. A mutant that makes no test fail is either
equivalent to the code, or shows a test that is missing. \`npm run test:mutation -- GROUP --write\` measures a group of files and
writes this page; \`test/mutation/groups.ts\` has the groups, and with which tests each is judged. The weekly workflow runs all of
them. The rules of collection and retention are also taken out one by one, in ordinary tests (\`test/model/mutations.ts\`).

The score is the share of mutants that a test notices. Mutants of what a module computes while it is loaded are not tried. "Not
explained" counts those that no test notices and that nobody has explained yet. Files that are not in the table have nothing
that could be changed (types and lists of names), or have not been measured.

${scoreTable(files)}
## Mutants that no test notices

${files.map(([path, result]) => explainedTable(path, result)).join('')}`;
}

function scoreTable(files: readonly (readonly [path: string, result: FileResult])[]): string {
  const rows = files.map(([path, result]) => {
    const { measured, noticed, ignored, survivors } = result;
    const open = survivors.filter((survivor) => explanationOf(path, survivor) === null).length;
    const tried = noticed + survivors.length;
    return `| \`${path}\` | ${measured} | ${tried} | ${score(noticed, tried)} | ${survivors.length - open} | ${open} | ${ignored} |`;
  });
  return `| file | measured | mutants | score | explained | not explained | not tried |
|---|---|---:|---:|---:|---:|---:|
${rows.join('\n')}
${totalRow(files.map(([, result]) => result))}
`;
}

function totalRow(results: readonly FileResult[]): string {
  const noticed = sum(results.map((result) => result.noticed));
  const tried = noticed + sum(results.map(({ survivors }) => survivors.length));
  return `| all | | ${tried} | ${score(noticed, tried)} | | | ${sum(results.map(({ ignored }) => ignored))} |`;
}

function explainedTable(path: string, { survivors }: FileResult): string {
  const rows = new Set(
    survivors.flatMap((survivor) => {
      const why = explanationOf(path, survivor);
      return why === null ? [] : [`| ${code(survivor.code)} | ${code(survivor.becomes)} | ${why} |`];
    }),
  );
  if (rows.size === 0) return '';
  return `### ${path}\n\n| code | becomes | why no test can notice |\n|---|---|---|\n${[...rows].join('\n')}\n\n`;
}

/** Null where nobody has explained it. */
export function explanationOf(path: string, survivor: Survivor): string | null {
  return EXPLAINED.find((explained) => explains(explained, path, survivor))?.why ?? null;
}

/** Whether an explanation is about a mutant. */
export function explains({ file, code: of, becomes }: Explained, path: string, survivor: Survivor): boolean {
  return file === path && of === survivor.code && becomes.includes(survivor.becomes);
}

function score(noticed: number, tried: number): string {
  return tried === 0 ? '–' : `${((100 * noticed) / tried).toFixed(1)} %`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}

function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${fence.length > 1 ? ' ' : ''}${text.replaceAll('|', '\\|')}${fence.length > 1 ? ' ' : ''}${fence}`;
}
