import { type Command, Option } from 'commander';
import { type CsvColumns, csvLines } from '#core/csv.ts';
import { UsageError } from './errors.ts';

/** The form in which a command prints its answer: text for people, one JSON document, one table, or findings for other tools. */

export const FORMATS = ['text', 'json', 'csv', 'sarif'] as const;
export type Format = (typeof FORMATS)[number];

export interface FormatOptions {
  readonly json?: true;
  readonly format?: Format;
}

const NAME = 'format';

/** The options of every command. */
export function addFormatOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on stdout, and nothing else')
    .addOption(
      new Option(`--${NAME} <format>`, 'text (default), or json (the same as --json)').choices(['text', 'json']),
    );
}

/** Declares that the answer of a command is a table, which it also prints as CSV. */
export function offersCsv(command: Command): Command {
  return offers(command, 'csv', 'csv (one table with a header line)');
}

/** Declares that a command also prints its findings as SARIF, which code hosts show beside the lines of files. */
export function offersSarif(command: Command): Command {
  return offers(command, 'sarif', 'sarif (SARIF 2.1.0, for code hosts)');
}

function offers(command: Command, format: Format, meaning: string): Command {
  for (const option of command.options.filter((one) => one.attributeName() === NAME)) {
    option.choices(['text', 'json', format]);
    option.description = `text (default), json (the same as --json), or ${meaning}`;
  }
  return command;
}

/** Lets `--format json` be `--json`, so that no command has to know both. @throws UsageError where the two disagree. */
export function settleFormat(command: Command): void {
  const { json, format } = command.opts<FormatOptions>();
  if (json === true && format !== undefined && format !== 'json') {
    throw new UsageError(`--json and --${NAME} ${format} contradict each other. Leave one of them out.`);
  }
  if (format === 'json') command.setOptionValue('json', true);
}

/** Whether arguments ask for JSON, also where they could not be parsed. */
export function asksForJson(args: readonly string[]): boolean {
  return (
    args.includes('--json') ||
    args.some((arg, at) => `${arg} ${args[at + 1]}` === `--${NAME} json` || arg === `--${NAME}=json`)
  );
}

/** What a command found, in each form. */
export interface Answer<Row> {
  readonly document: () => object;
  readonly text: () => string;
  readonly columns: CsvColumns<Row>;
  readonly rows: Iterable<Row>;
}

/** The answer in the form that was asked for. */
export function answerAs<Row>({ json, format }: FormatOptions, { document, text, columns, rows }: Answer<Row>): string {
  if (json) return `${JSON.stringify(document(), null, 2)}\n`;
  return format === 'csv' ? [...csvLines(columns, rows)].join('') : text();
}
