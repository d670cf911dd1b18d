import { Option } from 'commander';

/** For every command that takes `--execute`, also those that have nothing to ask: a script need not know which ask. */
export function yesOption(): Option {
  return new Option('--yes', 'with --execute, do it without asking, also the first time that something is deleted');
}
