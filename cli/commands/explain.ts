import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { explain, findObject } from '#operations/report/explain.ts';
import { findGone, type GoneObject } from '#operations/report/gone-object.ts';
import { findMissing } from '#operations/report/missing-object.ts';
import { type AreaOptions, addAreaOptions, type PreparedArea, prepareArea } from '../area-options.ts';
import { refuseEmptiness } from '../emptiness.ts';
import { type Status, statusOfArea, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { judgePrepared } from '../judge-area.ts';
import { pathBelow, realPlace } from '../local-places.ts';
import { nextCommand } from '../next-command.ts';
import { printExplanation } from '../print/explain.ts';
import { printGone } from '../print/gone.ts';
import { printMissing } from '../print/missing.ts';

export function addExplain(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('explain')
      .summary('why one object is kept, goes, or has gone')
      .description(
        'Says which rule decides over one object, with its own times and numbers, and which checkpoints and savepoints name it; of one that is gone, which run of the ledger deleted it, and why, or which checkpoints miss it. Changes nothing.',
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
      const prepared = await prepareArea([place], options, io);
      const { survey, verdicts, state } = await judgePrepared(prepared, io);
      const names = await namesOf(place, name, io.cwd);
      const object = names.map((text) => findObject(survey, text)).find((found) => found >= 0);
      if (object === undefined) {
        const known = state === null || prepared.ledger === null ? null : prepared.ledger.store;
        const gone = known === null ? null : await findGone(survey.area, known, names);
        const missing = gone === null ? findMissing(survey, names) : null;
        if (missing !== null) {
          io.out(
            options.json
              ? `${JSON.stringify({ missing: true, ...missing }, null, 2)}\n`
              : printMissing(missing, known?.name ?? null, prepared.typed, io),
          );
          finish(statusOfArea(survey.undecidable, true));
          return;
        }
        if (gone === null) {
          refuseEmptiness(survey);
          throw new UsageError(
            `${name}: there is no such object below ${JSON.stringify(place)}${known === null ? '' : `, and no run on record in ${known.name} deleted it`}. Write its path below the location, or its URL as references have it (then --as must say what the location stands for).`,
          );
        }
        io.out(options.json ? viewGone(gone, prepared) : printGone(gone, prepared.typed, io));
        finish(statusOfArea(survey.undecidable, false));
        return;
      }
      refuseEmptiness(survey);
      const explanation = explain(survey, verdicts, object);
      io.out(
        options.json ? `${JSON.stringify(explanation, null, 2)}\n` : printExplanation(explanation, prepared.typed, io),
      );
      finish(statusOfArea(survey.undecidable, false));
    });
}

/** What the name says as it stands comes first; then it may be the path of a file in the location. */
async function namesOf(place: string, name: string, cwd: string): Promise<readonly string[]> {
  const folder = resolve(cwd, place);
  const file = resolve(cwd, name);
  // The last name is not followed where it is a link: the link itself is what the location holds.
  const real = join(await realPlace(dirname(file)), basename(file));
  const below = pathBelow(folder, file) ?? pathBelow(await realPlace(folder), real);
  return below === null ? [name] : [name, below];
}

function viewGone(gone: GoneObject, { typed }: PreparedArea): string {
  const undo = gone.deletions.slice(0, 1).map(({ run }) => nextCommand(['undo', run], typed));
  return `${JSON.stringify({ gone: true, ...gone, undo: undo[0] ?? null }, null, 2)}\n`;
}
