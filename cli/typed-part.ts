import { resolve, sep } from 'node:path';
import type { AreaEntry, StewardConfig } from '#config/steward-config.ts';
import { Area } from '#core/area/area.ts';
import { type AreaComparison, compareAreas, type LeftOut, type NamedPlace } from '#core/area/compare-areas.ts';
import { placeOf, printPlace } from '#core/flink/state-path.ts';
import { urlPath } from '#steward/open-area.ts';
import type { Steward } from '#steward/steward.ts';
import { UsageError } from './errors.ts';
import { realPlace } from './local-places.ts';
import { nextCommand, type TypedArea } from './next-command.ts';

/** What follows from locations that are typed beside a configuration that lists others. */

/** What was typed, and how it relates to the configuration. */
export interface TypedPart {
  readonly typed: TypedArea;
  /** Null where nothing was typed, or the configuration lists nothing. */
  readonly beside: AreaComparison | null;
  readonly steward: Pick<Steward, 'notes'>;
}

/** A sentence that names more of them is no longer read. */
const MOST_NAMED = 3;

/**
 * @param places what was typed, and `entries` what it means.
 * @returns null where nothing was typed, or the configuration lists nothing.
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

/** The name under which references to a URL are looked for, with a closing slash. */
function oneName(url: string, aliases: StewardConfig['aliases']): string {
  const known = Object.entries(aliases).map(([from, to]) => ({
    from: urlPath(from, 'aliases'),
    to: urlPath(to, 'aliases'),
  }));
  const printed = printPlace(new Area([], [], known).canonical(placeOf(urlPath(url, 'location'))));
  return printed.endsWith('/') ? printed : `${printed}/`;
}

/**
 * Whoever deletes or retires must see who else names the files. Says what is unusual where that is let pass.
 *
 * @param command what was typed: `collect`.
 * @throws UsageError where only a part of the configured area was typed.
 */
export function refusePart({ beside, typed, steward: { notes } }: TypedPart, command: string): void {
  if (beside === null || beside.extent === 'whole') return;
  const source = typed.options.config ?? 'steward.json';
  const here = someOf(typed.places);
  const left = someOf(beside.leftOut.map(nameOf));
  const are = typed.places.length === 1 ? 'is' : 'are';
  switch (beside.extent) {
    case 'part': {
      const { as: _, ...options } = typed.options;
      const whole = { places: [], options };
      const again =
        command === 'apply'
          ? `Make a plan of the whole area, which names no location: ${nextCommand(['plan'], whole, ['--out', 'plan.ndjson'])}`
          : `Name no location, and the whole area is looked at: ${nextCommand([command], whole, ['--execute'])}`;
      throw new UsageError(
        `${here} ${are} a part of the area that ${source} lists, and ${left} would not be looked at. A checkpoint there may name files here, so nothing is deleted or retired. ${again}`,
      );
    }
    case 'elsewhere':
      notes.add(
        `${here} ${are} no part of the area that ${source} lists, and ${left} will not be looked at: a checkpoint there keeps nothing here.`,
      );
      return;
    case 'more':
      notes.add(`${here} ${are} more than the area that ${source} lists; what follows is about all of it.`);
      return;
    default:
      beside.extent satisfies never;
  }
}

/** What a look at a part leaves out. */
export function noteLeftOut({ beside, typed, steward: { notes } }: TypedPart): void {
  if (beside?.extent !== 'part') return;
  const left = someOf(beside.leftOut.map(nameOf));
  notes.add(
    `Of the area that ${typed.options.config ?? 'steward.json'} lists, ${left} will not be looked at. What only checkpoints there name counts as garbage here, so deleting and retiring are refused for this part.`,
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
