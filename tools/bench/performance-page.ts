import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The tables of docs/performance.md, as the bench measures them. */

export type Row = Readonly<Record<string, number | string>>;

const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

/** In the page, a table stands between a comment with its name and one that says that it ends. */
function begins(name: string): string {
  return `<!-- measured: ${name} -->`;
}
const ENDS = '<!-- end -->';

/** Puts tables into a page. @throws Error where it has no place for one of them */
export function withTables(page: string, tables: ReadonlyMap<string, readonly Row[]>): string {
  return [...tables].reduce((text, [name, rows]) => {
    const from = text.indexOf(begins(name));
    const to = text.indexOf(ENDS, from);
    if (from < 0 || to < 0) throw new Error(`The page has no place for the table "${name}".`);
    return `${text.slice(0, from)}${begins(name)}\n${markdown(rows)}\n${text.slice(to)}`;
  }, page);
}

/** Writes tables into the page of the project. What could not be measured leaves its table as it is. */
export function writePerformancePage(tables: ReadonlyMap<string, readonly Row[]>): void {
  writeFileSync(
    PAGE,
    withTables(readFileSync(PAGE, 'utf8'), new Map([...tables].filter(([, rows]) => rows.length > 0))),
  );
}

function markdown(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const isNumber = (column: string): boolean => rows.every((row) => typeof row[column] === 'number');
  return [
    columns,
    columns.map((column) => (isNumber(column) ? '--:' : '---')),
    ...rows.map((row) => columns.map((column) => cell(row[column]))),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function cell(value: number | string | undefined): string {
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 2 }) : (value ?? '');
}
