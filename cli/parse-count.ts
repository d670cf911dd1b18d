import { InvalidArgumentError } from 'commander';

const MOST = 10_000;

/** A number of things on the command line, one at least. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > MOST) {
    throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST.toLocaleString('en-US')}.`);
  }
  return count;
}
