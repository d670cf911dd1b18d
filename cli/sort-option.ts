import { Option } from 'commander';

/** The option that sorts a table. @param orders the columns by which it can be sorted, the usual one first. */
export function sortOption(orders: readonly string[], how: string): Option {
  return new Option('--sort <column>', `${how} (default: ${orders[0]})`).choices(orders);
}
