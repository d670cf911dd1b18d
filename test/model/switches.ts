import type { Switch } from './mutations.ts';

/** Which rules are off now, for whatever stands in the place of modules of the code. */

let off: ReadonlySet<Switch> = new Set();

/** From now on these rules are off, and no others. */
export function switchOff(rules: ReadonlySet<Switch>): void {
  off = rules;
}

export function isOff(rule: Switch): boolean {
  return off.has(rule);
}

export function allOff(): ReadonlySet<Switch> {
  return off;
}
