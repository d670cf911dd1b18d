import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { formatDuration, parseDuration } from '#config/units.ts';
import { watchArea } from '#steward/watch.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { STATUS, type Status } from '../errors.ts';
import type { Io } from '../io.ts';
import { noteLeftOut } from '../part-of-area.ts';
import { prepareArea } from '../prepare-area.ts';
import { note } from '../print/stderr.ts';
import { printBeginning, printEnd } from '../print/watch.ts';

interface WatchOptions extends AreaOptions {
  readonly every?: number;
  readonly looks?: number;
}

const MINUTE = 60_000;
const SECOND = 1_000;

export function addWatch(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('watch')
      .summary('looks again and again, until live state is gone')
      .description(
        'Looks at the area again and again, and ends as soon as a file is gone that a checkpoint or savepoint needs: deleted by a lifecycle rule, a person or a tool. What Flink deletes is no loss. Works on any store, without events. Changes nothing.',
      )
      .argument(
        '[location...]',
        'buckets (s3://bucket/prefix) or directories with Flink checkpoints (default: "area" of steward.json)',
      )
      .option(
        '--every <duration>',
        'how long to wait between two looks, such as 30s or 10m; each look lists the area, which takes a request for a thousand objects (default: 1m)',
        parseEvery,
      )
      .option('--looks <number>', 'end after so many looks (default: no end)', parseLooks),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward watch s3://my-bucket/flink
  steward watch /mnt/flink --every 30s
  steward watch s3://my-bucket/flink || page-somebody

Exit status: 1 at the first loss, 0 if you end it with Ctrl-C, or after so many looks.`,
    )
    .action(async (places: string[], options: WatchOptions) => {
      const { every = MINUTE, looks, ...others } = options;
      const prepared = await prepareArea(places, options, io);
      noteLeftOut(prepared);
      const report = await watchArea(prepared.steward, {
        every,
        most: looks ?? null,
        signal: io.signal,
        sleep: io.sleep ?? pause,
        onBegin: (began) => {
          prepared.endProgress();
          if (!options.json) io.out(printBeginning(began, formatDuration(every), io));
        },
        onFailure: (why) => note(`This look failed, and the next one comes in its time: ${why}`, io),
      }).finally(prepared.endProgress);
      const typed = { places, options: others };
      io.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : printEnd(report, typed, io));
      finish(report.losses.length > 0 ? STATUS.findings : STATUS.well);
    });
}

/** Resolves early, without an error, when the user ends the command. */
async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}

function parseLooks(text: string): number {
  const looks = Number(text);
  if (!Number.isInteger(looks) || looks < 1) throw new InvalidArgumentError('Write a whole number, 1 or more.');
  return looks;
}

function parseEvery(text: string): number {
  const every = parseDuration(text);
  if (every === undefined || every < SECOND) throw new InvalidArgumentError('Write a duration such as 30s, 1m or 10m.');
  return every;
}
