import type { StewardConfig } from './steward-config.ts';

/** What the guard hears of, and what it does about a loss. */
export interface GuardSettings {
  readonly mode: 'lifecycle' | 'all' | 'off';
  /** Which losses are healed: those by lifecycle rules, or all. */
  readonly heal: boolean | 'all';
  /** IDs of lifecycle rules whose deletions are meant. */
  readonly acceptedRules: readonly string[];
}

/** The settings of the guard, however short they are written. */
export function guardOf({ guard }: Pick<StewardConfig, 'guard'>): GuardSettings {
  return typeof guard === 'string' ? { mode: guard, heal: false, acceptedRules: [] } : guard;
}
