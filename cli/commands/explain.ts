import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { explain, findObject } from '#operations/explain.ts';
import type { Survey } from '#operations/survey.ts';
import { type AreaOptions, addAreaOptions, judgeArea } from '../area-options.ts';
import { refuseEmptiness } from '../emptiness.ts';
import { type Status, statusOfArea, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { pathBelow, realPlace } from '../local-places.ts';
import { printExplanation } from '../print/explain.ts';

export function addExplain(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('explain')
      .summary('why one object is kept or goes')
      .description(
        'Says which rule decides over one object, with its own times and numbers, and which checkpoints and savepoints name it. Changes nothing.',
      )
      .argument('<location>', 'bucket (s3://bucket/prefix) or directory with Flink checkpoints')
      .argument('<object>', 'its path below the location, its URL, or its path from here as a shell completes it'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward explain /mnt/flink 9468946f38e9d60efc7468a374aec04f/shared/04fe4974-8426-4aff-af5a-b824654aa5c6
  steward explain ./copy s3://my-bucket/flink/checkpoints/…/shared/04fe4974-8426-4aff-af5a-b824654aa5c6 --as s3://my-bucket`,
    )
    .action(async (place: string, name: string, options: AreaOptions) => {
      const { survey, verdicts } = await judgeArea([place], options, io);
      refuseEmptiness(survey);
      const object = await find(survey, place, name, io.cwd);
      if (object < 0) {
        throw new UsageError(
          `${name}: there is no such object below ${JSON.stringify(place)}. Write its path below the location, or its URL as references have it (then --as must say what the location stands for).`,
        );
      }
      const explanation = explain(survey, verdicts, object);
      io.out(options.json ? `${JSON.stringify(explanation, null, 2)}\n` : printExplanation(explanation, io));
      finish(statusOfArea(survey.undecidable, false));
    });
}

/** What the name says as it stands comes first; then it may be the path of a file in the location. */
async function find(survey: Survey, place: string, name: string, cwd: string): Promise<number> {
  const object = findObject(survey, name);
  if (object >= 0) {
    return object;
  }
  const folder = resolve(cwd, place);
  const file = resolve(cwd, name);
  // The last name is not followed where it is a link: the link itself is what the location holds.
  const real = join(await realPlace(dirname(file)), basename(file));
  const below = pathBelow(folder, file) ?? pathBelow(await realPlace(folder), real);
  return below === null ? object : findObject(survey, below);
}
