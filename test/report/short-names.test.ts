import { describe, expect, it } from 'vitest';
import { shortNames } from '#report/model/short-names.ts';

const A = `aaaaaa${'1'.repeat(26)}`;
const TWIN = `aaaaaa${'2'.repeat(26)}`;

function shorten(...labels: readonly string[]): readonly (string | undefined)[] {
  const names = shortNames(labels);
  return labels.map((label) => names.get(label));
}

describe('The names of jobs in lists', () => {
  it('have of a job id its first digits', () => {
    expect(shorten('orders', A, `euw1/${TWIN}`)).toEqual(['orders', 'aaaaaa…', 'euw1/aaaaaa…']);
  });

  it('are whole where two would look the same', () => {
    expect(shorten(A, TWIN, 'orders')).toEqual([A, TWIN, 'orders']);
  });

  it('lack the middle where they are too long for a list', () => {
    const long = (end: string): string => `warehouse-${'x'.repeat(60)}-${end}`;

    expect(shorten(long('daily'), long('hourly'))).toEqual([
      'warehouse-xxxxxxxxx…xxxxxxxxxxxxx-daily',
      'warehouse-xxxxxxxxx…xxxxxxxxxxxx-hourly',
    ]);
    expect(shorten(`${long('')}a`, `${long('')}b`.replace('xx', 'xxx'))[0]).toHaveLength(39);
  });
});
