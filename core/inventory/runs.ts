import { WordColumn } from './columns.ts';

/**
 * Runs of rows that were listed one after another, of one directory and in the order of their names. A listing is
 * made of them: its pages are sorted, and its parts do not overlap. So to bring all objects into order only the runs
 * are sorted, and the rows stay where they are.
 */
export class Runs {
  readonly #directories = new WordColumn();
  readonly #firstRows = new WordColumn();

  get count(): number {
    return this.#firstRows.length;
  }

  begin(directory: number, firstRow: number): void {
    this.#directories.push(directory);
    this.#firstRows.push(firstRow);
  }

  directory(run: number): number {
    return this.#directories.get(run);
  }

  firstRow(run: number): number {
    return this.#firstRows.get(run);
  }
}
