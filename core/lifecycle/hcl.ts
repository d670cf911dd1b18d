import { Expression } from './expression.ts';

/** Text in the language of Terraform (HCL), laid out as `terraform fmt` has it. */

const LONGEST_COMMENT = 100;

/** One `name = value` of a block, or a block inside it. */
export type HclEntry =
  | { readonly name: string; readonly value: string }
  | { readonly block: string; readonly entries: readonly HclEntry[] }
  | { readonly comment: string };

/** A value as HCL writes it: an expression as it is, a number or a switch, or else a text. */
export function hclValue(value: unknown): string {
  if (value instanceof Expression) return value.text;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : hclText(String(value));
}

/**
 * A quoted template of HCL (specification, "Template Expressions"): `${` and `%{` would begin an interpolation, and
 * line breaks may not stand in it.
 */
export function hclText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not come into the file
  const escaped = text.replace(/["\\\u0000-\u001f\u007f\u0085\u2028\u2029]|[$%](?=\{)/g, (found) => {
    if (found === '$' || found === '%') return found + found;
    return ESCAPES.get(found) ?? `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** As `terraform fmt` has it: the equals signs of neighbours in one column, a line between blocks. */
export function printEntries(entries: readonly HclEntry[], indent: string): string[] {
  const lines: string[] = [];
  const width = Math.max(0, ...entries.map((entry) => ('name' in entry ? entry.name.length : 0)));
  for (const entry of entries) {
    if ('name' in entry) {
      lines.push(`${indent}${entry.name.padEnd(width)} = ${entry.value}`);
    } else if ('comment' in entry) {
      lines.push(...commentLines(entry.comment, indent));
    } else {
      if (lines.length > 0) lines.push('');
      const inner = printEntries(entry.entries, `${indent}  `);
      lines.push(
        ...(inner.length === 0
          ? [`${indent}${entry.block} {}`]
          : [`${indent}${entry.block} {`, ...inner, `${indent}}`]),
      );
    }
  }
  return lines;
}

/** A sentence as comment lines of no more than 100 characters. */
export function commentLines(comment: string, indent: string): string[] {
  const lines: string[] = [];
  let line = `${indent}#`;
  for (const word of comment.split(/\s+/)) {
    if (line.length > indent.length + 1 && line.length + 1 + word.length > LONGEST_COMMENT) {
      lines.push(line);
      line = `${indent}#  `;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
