import { resolve, sep } from 'node:path';
import type { AreaEntry, StewardConfig } from '#config/steward-config.ts';
import { Area } from '#core/area/area.ts';
import { type AreaComparison, compareAreas, type LeftOut, type NamedPlace } from '#core/area/compare-areas.ts';
import { placeOf, printPlace } from '#core/flink/state-path.ts';
import { urlPath } from '#steward/open-area.ts';
import type { Steward } from '#steward/steward.ts';
import { OtherLocationsError } from './errors.ts';
import { realPlace } from './local-paths.ts';
import { nextCommand, type TypedArea } from './next-command.ts';

/** Compares the locations that the user typed with the area in the configuration, and refuses to act on a part of it. */

/** The typed locations, and how they relate to the configuration. */
export interface TypedPart {
  readonly typed: TypedArea;
  /** Null if no location was typed, or the configuration has no area. */
  readonly comparison: AreaComparison | null;
  readonly steward: Pick<Steward, 'notes'>;
}

/** The most locations that a sentence lists. */
const MOST_NAMED = 3;

/**
 * @param places the locations as typed; `entries` are the same locations, resolved.
 * @returns null if no location was typed, or the configuration has no area.
 */
export async function compareWithConfigured(
  places: readonly string[],
  entries: readonly AreaEntry[],
  config: StewardConfig,
  cwd: string,
): Promise<AreaComparison | null> {
  if (places.length === 0 || config.area.length === 0) return null;
  const named = (all: readonly AreaEntry[]): Promise<readonly NamedPlace[]> =>
    Promise.all(all.map((entry) => namedPlace(entry, config, cwd)));
  return compareAreas(await named(config.area), await named(entries));
}

async function namedPlace(entry: AreaEntry, { aliases }: StewardConfig, cwd: string): Promise<NamedPlace> {
  if (entry.kind === 's3') {
    return { name: entry.url, url: oneName(entry.url, aliases), path: null };
  }
  const path = resolve(cwd, entry.path);
  const real = await realPlace(path);
  return {
    name: entry.path,
    url: oneName(entry.as ?? `file://${path}`, aliases),
    path: real.endsWith(sep) ? real : `${real}${sep}`,
  };
}

/** The canonical name of a URL after all aliases, with a slash at the end. */
function oneName(url: string, aliases: StewardConfig['aliases']): string {
  const known = Object.entries(aliases).map(([from, to]) => ({
    from: urlPath(from, 'aliases'),
    to: urlPath(to, 'aliases'),
  }));
  const printed = printPlace(new Area([], [], known).canonical(placeOf(urlPath(url, 'location'))));
  return printed.endsWith('/') ? printed : `${printed}/`;
}

/**
 * Refuses to delete or retire in a part of the configured area, because roots in the rest may reference files of the
 * part. Adds a note if the typed locations differ from the configured area in another way.
 *
 * @param command the typed command, such as `collect`.
 * @throws UsageError if only a part of the configured area was typed.
 */
export function refusePart({ comparison, typed, steward: { notes } }: TypedPart, command: string): void {
  if (comparison === null || comparison.extent === 'whole') return;
  const source = typed.options.config ?? 'steward.json';
  const here = someOf(typed.places);
  const left = someOf(comparison.leftOut.map(nameOf));
  const are = typed.places.length === 1 ? 'is' : 'are';
  switch (comparison.extent) {
    case 'part': {
      const { as: _, ...options } = typed.options;
      const whole = { places: [], options };
      const again =
        command === 'apply'
          ? `Make a plan of the whole area, without a location: ${nextCommand(['plan'], whole, ['--out', 'plan.ndjson'])}`
          : `To act on the whole area, leave the locations out: ${nextCommand([command], whole, ['--execute'])}`;
      throw new OtherLocationsError(
        `${here} ${are} only a part of the area in ${source}, so ${left} would not be scanned. A checkpoint that is not scanned may reference files of this part, so nothing is deleted or retired. ${again}`,
      );
    }
    case 'elsewhere':
      notes.add(
        `${here} ${are} not a part of the area in ${source}. ${left} will not be scanned, so checkpoints there protect no file of this run.`,
      );
      return;
    case 'more':
      notes.add(`${here} ${are} more than the area in ${source}. This run covers all of it.`);
      return;
    default:
      comparison.extent satisfies never;
  }
}

/** Adds a note if the typed locations are only a part of the configured area. */
export function noteLeftOut({ comparison, typed, steward: { notes } }: TypedPart): void {
  if (comparison?.extent !== 'part') return;
  const left = someOf(comparison.leftOut.map(nameOf));
  notes.add(
    `This is only a part of the area in ${typed.options.config ?? 'steward.json'}: ${left} will not be scanned. Files that only checkpoints there reference count as garbage in this report, so deleting and retiring are refused for this part.`,
  );
}

function nameOf({ name, partly }: LeftOut): string {
  return partly ? `the rest of ${name}` : name;
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED);
  const more = names.length - shown.length;
  const [last = '', ...before] = [...shown, ...(more === 0 ? [] : [`${more} more`])].reverse();
  return before.length === 0 ? last : `${before.reverse().join(', ')} and ${last}`;
}
