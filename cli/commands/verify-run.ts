import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { type VerifiedRun, verifyRuns } from '#steward/verify-run.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { requireLedger } from '../choose-ledger.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { prepareArea } from '../prepare-area.ts';
import { printVerifiedRuns } from '../print/verify-run.ts';
import { answered } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';

interface VerifyRunOptions extends AreaOptions {
  readonly last?: number;
  readonly ledgerOnly?: true;
}

export function addVerifyRun(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    addAreaOptions(
      program
        .command('verify-run')
        .summary('whether each deletion of a run was allowed')
        .description(
          'Derives again that each deletion of a run was allowed, from the certificate that the run left in the ledger, and from its checkpoints as far as they are still there. It shares no code with what decides, but the reader of checkpoints and the patterns of "protect". It notices changes of the log, of a certificate, and of their order. The exit status is 1 if a run is not proven. Changes nothing.',
        )
        .argument('[run]', 'the run, by its name or the beginning of it (four characters or more); not with --last')
        .argument('[location...]', 'the area (default: "area" of steward.json)')
        .option('--last <number>', 'the newest runs that deleted or retired something, in place of one run', parseLast)
        .option('--ledger-only', 'read no checkpoint again: go by what the certificate says of them'),
    ),
    { words: 1, options: ['last', 'ledgerOnly'] },
  )
    .addHelpText(
      'after',
      `
Examples:
  steward verify-run 20270301T093100000Z-81b2e s3://my-bucket/flink --ledger s3://my-ledger/flink
  steward verify-run --last 10 s3://my-bucket/flink --ledger s3://my-ledger/flink
  steward verify-run --last 10 --json | jq -r '.runs[].findings[].sentence'`,
    )
    .action(async (word: string | undefined, others: string[], options: VerifyRunOptions) => {
      const { last, ledgerOnly } = options;
      if (last === undefined && word === undefined) {
        throw new UsageError('Name a run, as "steward history" shows it, or give --last NUMBER.');
      }
      const places = last === undefined || word === undefined ? others : [word, ...others];
      const runs = last === undefined ? { named: word ?? '' } : { last };
      const event = {
        action: 'verify-run',
        ...(last === undefined ? { run: word } : { last }),
        ...(ledgerOnly === true ? { ledgerOnly } : {}),
      } as const;
      const found = await answered({ places, options }, event, io, async () => {
        const { steward, endProgress } = await prepareArea(places, options, io);
        const order = { runs, readRoots: ledgerOnly !== true, signal: io.signal };
        return { runs: await verifyRuns(requireLedger(steward), order).finally(endProgress) };
      });
      io.out(options.json ? `${JSON.stringify(found, null, 2)}\n` : printVerifiedRuns(found.runs, io));
      finish(statusOf(found.runs));
    });
}

function statusOf(runs: readonly VerifiedRun[]): Status {
  return runs.some(({ proof }) => proof === 'not-proven') ? STATUS.findings : STATUS.well;
}

function parseLast(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Write a number from 1 to 9999.');
  return Number(text);
}
