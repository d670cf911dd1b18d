import { printable } from './printable.ts';

/** Tables as RFC 4180 describes them, for spreadsheets and scripts. */

/** Null is an empty cell. Amounts are plain numbers in the unit that the name of the column ends with. */
export type CsvValue = string | number | boolean | null;

/** The columns of a table, in their order: the name of each, and its cell for a row. Scripts rely on the names. */
export type CsvColumns<Row> = Readonly<Record<string, (row: Row) => CsvValue>>;

/** A spreadsheet evaluates a text that begins like this, and anybody who writes to a bucket may choose one. */
const FORMULA = /^[=+\-@]/;

/** The lines of a table, the names of its columns first. Every line ends with a line break, and none contains another. */
export function* csvLines<Row>(columns: CsvColumns<Row>, rows: Iterable<Row>): Generator<string> {
  yield csvLine(Object.keys(columns));
  for (const row of rows) {
    yield csvLine(csvRow(columns, row));
  }
}

/** The cells of a row, in the order of the columns. */
export function csvRow<Row>(columns: CsvColumns<Row>, row: Row): readonly CsvValue[] {
  return Object.values(columns).map((cellOf) => cellOf(row));
}

/** With its line break. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

function cell(value: CsvValue): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const text = printable(FORMULA.test(value) ? `'${value}` : value);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
