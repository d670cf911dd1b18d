import { type Command, Option } from 'commander';

/** How much a command prints on stderr beside its report. Each level includes the ones before it. */
export const LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type Level = (typeof LEVELS)[number];

/** Notes and progress, but no details. */
export const USUAL_LEVEL = 'warn' as Level;

export interface LevelOptions {
  readonly quiet?: true;
  readonly verbose?: true;
  readonly logLevel?: Level;
}

export function addLevelOptions(command: Command): Command {
  return command
    .addOption(new Option('-q, --quiet', 'print only errors, and one line in place of a report').conflicts('verbose'))
    .addOption(
      new Option(
        '-v, --verbose',
        'also print the number of requests and the time taken, like --log-level info',
      ).conflicts('logLevel'),
    )
    .addOption(new Option('--log-level <level>', 'how much to print on stderr (default: warn)').choices(LEVELS));
}

export function levelOf({ quiet, verbose, logLevel }: LevelOptions): Level {
  if (logLevel !== undefined) return logLevel;
  if (quiet) return 'error';
  return verbose ? 'info' : USUAL_LEVEL;
}

/** Whether messages of a level are printed. */
export function says({ level = USUAL_LEVEL }: { readonly level?: Level | undefined }, of: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(of);
}
