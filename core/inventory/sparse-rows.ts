/** What only few rows have is kept by row; this is how two rows change places there. */
export function swapEntries<T>(entries: Map<number, T>, row: number, other: number): void {
  const ofRow = entries.get(row);
  const ofOther = entries.get(other);
  put(entries, row, ofOther);
  put(entries, other, ofRow);
}

function put<T>(entries: Map<number, T>, row: number, value: T | undefined): void {
  if (value === undefined) {
    entries.delete(row);
  } else {
    entries.set(row, value);
  }
}
