import { Option } from 'commander';

/** For every command that takes `--execute`, also those that have nothing to ask: a script need not know which ask. */
export function yesOption(): Option {
  return new Option('--yes', 'with --execute, do not ask before the first deletion in an area');
}
