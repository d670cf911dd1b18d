import type { Command } from 'commander';
import { loadConfig } from '#config/load-config.ts';
import { configWarnings, writtenConfig } from '#config/steward-config.ts';
import { addCommonOptions } from '../area-options.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { complain } from '../print/complaint.ts';

/** A flag of the program, as other tools have it. Commands have options of the names that go with it. */
export const PRINT_CONFIG = '--print-config';

/** Has the program print its configuration, in place of all commands. */
export function addPrintConfig(program: Command, io: Io, finish: (status: Status) => void): void {
  addCommonOptions(
    program
      .usage(`${PRINT_CONFIG} [options]`)
      .option('--config <file>', 'configuration (default: ./steward.json, if there)'),
  )
    // What does not belong here is named in a sentence of its own.
    .allowExcessArguments()
    .allowUnknownOption()
    .action(async (options: { readonly config?: string }, { args: [word] }: Command) => {
      if (word !== undefined) {
        throw new UsageError(
          `${PRINT_CONFIG} stands in place of a command, and goes with --config FILE alone, so ${word} is too much. Take one of the two out.`,
        );
      }
      const config = await loadConfig(options.config, io.cwd);
      for (const sentence of configWarnings(config)) {
        complain(`Note: ${sentence}`, io);
      }
      io.out(`${JSON.stringify(writtenConfig(config), null, 2)}\n`);
      finish(STATUS.well);
    });
}
