import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type Explained, explainObject } from '#steward/explain.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { refuseEmptiness } from '../empty-area.ts';
import { type Status, statusOfArea, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { judgePrepared } from '../judge-area.ts';
import { pathBelow, realPlace } from '../local-paths.ts';
import { nextCommand } from '../next-command.ts';
import { type PreparedArea, prepareArea } from '../prepare-area.ts';
import { printGone } from '../print/deleted-object.ts';
import { printExplanation } from '../print/explain.ts';
import { printMissing } from '../print/missing-object.ts';

export function addExplain(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('explain')
      .summary('why one object is kept, would be deleted, or was deleted')
      .description(
        'Shows which rule decides about one object, with the times and numbers of that object, and which checkpoints and savepoints reference it. If the object does not exist, shows which run deleted it and why, or which checkpoints reference it. Changes nothing.',
      )
      .argument('<location>', 'bucket (s3://bucket/prefix) or directory with Flink checkpoints')
      .argument('<object>', 'its path below the location, its URL, or its path from the current directory'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward explain /mnt/flink 9468946f38e9d60efc7468a374aec04f/shared/04fe4974-8426-4aff-af5a-b824654aa5c6
  steward explain ./copy s3://my-bucket/flink/checkpoints/…/shared/04fe4974-8426-4aff-af5a-b824654aa5c6 --as s3://my-bucket`,
    )
    .action(async (place: string, name: string, options: AreaOptions) => {
      const prepared = await prepareArea([place], options, io);
      const judged = await judgePrepared(prepared);
      const { survey, ledger } = judged;
      const explained = await explainObject(judged, await namesOf(place, name, io.cwd));
      if (explained.found === 'nothing') {
        refuseEmptiness(survey);
        throw new UsageError(
          `${name}: there is no such object below ${JSON.stringify(place)}${ledger === null ? '' : `, and no run recorded in ${ledger.name} deleted it`}. Write its path below the location, or its URL as checkpoints reference it (for a copy, with the --as of the copied bucket).`,
        );
      }
      if (explained.found === 'object') refuseEmptiness(survey);
      io.out(
        options.json
          ? `${JSON.stringify(viewOf(explained, prepared), null, 2)}\n`
          : textOf(explained, ledger?.name ?? null, prepared, io),
      );
      finish(statusOfArea(survey.undecidable, explained.found === 'missing'));
    });
}

/** The name as it was typed; then, where the name is the path of a file in the location, its path below the location. */
async function namesOf(place: string, name: string, cwd: string): Promise<readonly string[]> {
  const folder = resolve(cwd, place);
  const file = resolve(cwd, name);
  // If the last name is a symbolic link, it is not followed: the link itself is the object in the location.
  const real = join(await realPlace(dirname(file)), basename(file));
  const below = pathBelow(folder, file) ?? pathBelow(await realPlace(folder), real);
  return below === null ? [name] : [name, below];
}

type Found = Exclude<Explained, { found: 'nothing' }>;

function viewOf(explained: Found, { typed }: PreparedArea): object {
  switch (explained.found) {
    case 'object':
      return explained.explanation;
    case 'missing':
      return { missing: true, ...explained.missing };
    case 'gone': {
      const undo = explained.gone.deletions.slice(0, 1).map(({ run }) => nextCommand(['undo', run], typed));
      return { gone: true, ...explained.gone, undo: undo[0] ?? null };
    }
    default:
      return explained satisfies never;
  }
}

function textOf(explained: Found, ledger: string | null, { typed }: PreparedArea, io: Io): string {
  switch (explained.found) {
    case 'object':
      return printExplanation(explained.explanation, typed, io);
    case 'missing':
      return printMissing(explained.missing, ledger, typed, io);
    case 'gone':
      return printGone(explained.gone, typed, io);
    default:
      return explained satisfies never;
  }
}
