import type { Command } from 'commander';
import { configWarnings } from '#config/config-warnings.ts';
import { writtenConfig } from '#config/steward-config.ts';
import { addCommonOptions } from '../area-options.ts';
import { configOf } from '../config-of.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { note } from '../print/stderr.ts';

/** An option of the program itself, as in other tools. */
export const PRINT_CONFIG = '--print-config';

/** Adds the option that prints the configuration instead of running a command. */
export function addPrintConfig(program: Command, io: Io, finish: (status: Status) => void): void {
  addCommonOptions(
    program
      .usage(`${PRINT_CONFIG} [options]`)
      .option('--config <file>', 'configuration file (or STEWARD_CONFIG; default: ./steward.json, if it exists)'),
  )
    // Excess arguments get an error of their own below.
    .allowExcessArguments()
    .allowUnknownOption()
    .action(async (options: { readonly config?: string }, { args: [word] }: Command) => {
      if (word !== undefined) {
        throw new UsageError(
          `${PRINT_CONFIG} is used instead of a command and accepts only --config FILE, so ${word} is not allowed. Nothing was done. Remove one of the two.`,
        );
      }
      const config = await configOf(options.config, io);
      for (const sentence of configWarnings(config)) {
        note(sentence, io);
      }
      io.out(`${JSON.stringify(writtenConfig(config), null, 2)}\n`);
      finish(STATUS.well);
    });
}
