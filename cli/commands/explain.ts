import type { Command } from 'commander';
import { type Explained, explainObject, whatExplains } from '#steward/explain.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { refuseEmpty } from '../empty-area.ts';
import { STATUS, type Status, statusOfArea, UsageError } from '../errors.ts';
import { explainedArea } from '../explained-area.ts';
import type { Io } from '../io.ts';
import { judgePrepared } from '../judge-area.ts';
import { nextCommand, type TypedArea } from '../next-command.ts';
import { namesOf } from '../object-names.ts';
import { prepareArea } from '../prepare-area.ts';
import { printGone } from '../print/deleted-object.ts';
import { printExplanation } from '../print/explain.ts';
import { printMissing } from '../print/missing-object.ts';
import { printBelow, printSeveral } from '../print/several-objects.ts';
import { answered } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';

export function addExplain(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    addAreaOptions(
      program
        .command('explain')
        .summary('why one object is kept, would be deleted, or was deleted')
        .description(
          'Shows which rule decides about one object, with the times and numbers of that object, and which checkpoints and savepoints reference it. If the object does not exist, shows which run deleted it and why, or which checkpoints reference it. Of a directory, the newest checkpoint or savepoint is explained. Of the area in steward.json the whole is always judged. Changes nothing.',
        )
        .argument(
          '<object>',
          'its path below the location, its URL, or its path from the current directory; also the end of its path (chk-42, 9468946f/chk-42, a file name), a directory, or the URL of its page in the AWS console',
        )
        .argument('[location...]', 'the area (default: "area" of steward.json, or else the bucket of the URL)'),
    ),
    { words: 1 },
  )
    .addHelpText(
      'after',
      `
Examples:
  steward explain s3://my-bucket/flink/checkpoints/…/shared/04fe4974-8426-4aff-af5a-b824654aa5c6
  steward explain 9468946f38e9d60efc7468a374aec04f/chk-42 /mnt/flink
  steward explain s3://my-bucket/flink/checkpoints/…/shared/04fe4974-8426-4aff-af5a-b824654aa5c6 ./copy --as s3://my-bucket`,
    )
    .action(async (object: string, locations: string[], typedOptions: AreaOptions) => {
      const asked =
        typedOptions.stack === undefined
          ? await explainedArea([object, ...locations], typedOptions, io)
          : { name: object, places: [], options: typedOptions, note: null };
      const { name, places, options, note } = asked;
      const typed = { places, options };
      const answer = await answered(typed, { action: 'explain', object: name }, io, async () => {
        const prepared = await prepareArea(places, options, io);
        if (note !== null) prepared.steward.notes.add(note);
        const judged = await judgePrepared(prepared);
        return whatExplains(judged, await explainObject(judged, await namesOf(name, prepared, io.cwd)));
      });
      const { explained, empty, isUndecidable, ledger } = answer;
      if (explained.found === 'nothing') {
        refuseEmpty(empty);
        const where = answer.locations.map((location) => JSON.stringify(location)).join(', ');
        throw new UsageError(
          `${name}: there is no such object below ${where}${ledger === null ? '' : `, and no run recorded in ${ledger} deleted it`}. Write its path below the location, or its URL as checkpoints reference it (for a copy, with the --as of the copied bucket).`,
        );
      }
      if (explained.found === 'object') refuseEmpty(empty);
      io.out(
        options.json
          ? `${JSON.stringify(viewOf(explained, typed), null, 2)}\n`
          : textOf(explained, { name, ledger }, typed, io),
      );
      finish(isUndecidable ? STATUS.undecidable : statusOfArea([], explained.found === 'missing'));
    });
}

type Found = Exclude<Explained, { found: 'nothing' }>;

function viewOf(explained: Found, typed: TypedArea): object {
  switch (explained.found) {
    case 'object':
      return explained.below === null ? explained.explanation : { ...explained.explanation, below: explained.below };
    case 'several':
      return { several: true, ...explained.several };
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

interface Asked {
  readonly name: string;
  readonly ledger: string | null;
}

function textOf(explained: Found, { name, ledger }: Asked, typed: TypedArea, io: Io): string {
  switch (explained.found) {
    case 'object': {
      const above = explained.below === null ? '' : printBelow(explained.below, io);
      return above + printExplanation(explained.explanation, typed, io);
    }
    case 'several':
      return printSeveral(name, explained.several, typed, io);
    case 'missing':
      return printMissing(explained.missing, ledger, typed, io);
    case 'gone':
      return printGone(explained.gone, typed, io);
    default:
      return explained satisfies never;
  }
}
