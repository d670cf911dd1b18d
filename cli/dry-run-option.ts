import { Option } from 'commander';

/** For those who type it from habit: without `--execute`, nothing is changed anyway. */
export function dryRunOption(): Option {
  return new Option('--dry-run', 'change nothing: this is the default').conflicts('execute');
}
