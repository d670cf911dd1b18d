import { accessPointOf } from '../area/access-points.ts';
import { type Mapping, movedBack } from '../area/area.ts';
import { type Place, printPlace } from '../flink/state-path.ts';
import type { AreaFolder } from './area-folders.ts';
import { type Draft, type DraftedPlace, isIn, placeIn, shownPlace } from './draft.ts';
import { labelPatterns } from './label-patterns.ts';
import type { ElsewhereAnswer, Proposal, ProposedLocation, ProposedMapping } from './proposed.ts';
import { protectedPatterns } from './protected-patterns.ts';
import { areaReason, elsewhereReason } from './reasons.ts';
import type { Site } from './sites.ts';

/** Proposes what `steward.json` says, from what was found. */

/** Makes the proposal. When it is unsure whether something belongs into the area, it is in the area. */
export function proposalOf({ places }: Draft, answers: readonly ElsewhereAnswer[]): Proposal {
  const own = places.flatMap((each) => ownLocations(each));
  const known = answers.filter(({ folder }) => !own.some(({ place }) => isIn(folder, place)));
  const further = known.filter(belongsIntoArea).map(({ folder, ...rest }) => ({
    place: folder,
    as: null,
    ...elsewhereReason({ folder, ...rest }),
  }));
  const outside = known
    .filter((each) => !belongsIntoArea(each))
    .map((each) => ({ url: printPlace(each.folder).replace(/(?<![:/])\/$/, ''), ...elsewhereReason(each) }));
  const area = withoutNested([...own, ...further]);
  const mappings = places.flatMap(({ found: { kind, names } }) =>
    kind === 'bucket' ? names.map(proposedMapping) : [],
  );
  return {
    area,
    protect: places.flatMap((each) => protectedPatterns(each, area)),
    labels: places.flatMap(({ folders }) =>
      labelPatterns(folders.filter(({ randomFolders }) => randomFolders === undefined).flatMap(({ sites }) => sites)),
    ),
    outside,
    copies: oneCopyOfEach(mappings.filter(({ from }) => !isAccessPoint(from))),
    aliases: unambiguous(mappings.filter(({ from }) => isAccessPoint(from))),
  };
}

/** In the file an original has one copy. Of the others everything is kept as well; their roots are no restore points. */
function oneCopyOfEach(copies: readonly ProposedMapping[]): readonly ProposedMapping[] {
  const first = copies.filter(({ from }, at) => copies.findIndex((other) => other.from === from) === at);
  return first.map((copy) => {
    const others = copies.filter(({ from, to }) => from === copy.from && to !== copy.to).map(({ to }) => to);
    return others.length === 0
      ? copy
      : {
          ...copy,
          why: `${copy.why} So it is below ${others.join(', ')}; write the one from which you would restore.`,
        };
  });
}

/** An access point leads to one bucket. Where several have its files, the area stays undecidable until somebody says which. */
function unambiguous(aliases: readonly ProposedMapping[]): readonly ProposedMapping[] {
  return aliases.filter(({ from }) => aliases.filter((other) => other.from === from).length === 1);
}

function belongsIntoArea({ state }: ElsewhereAnswer): boolean {
  return state !== 'absent' && state !== 'foreign';
}

function ownLocations({ found, folders }: DraftedPlace): readonly ProposedLocation[] {
  return folders.flatMap((folder) => {
    const place = placeIn(found.top, folder.path);
    if (found.kind === 'bucket') return [{ place, as: null, ...areaReason(folder) }];
    const inner = found.names.filter(({ to }) => to.key !== place.key && isIn(to, place));
    return inner.length === 0
      ? [{ place, as: nameFor(place, found.names), ...areaReason(folder) }]
      : splitByName(folder, found, inner);
  });
}

/** A directory of which parts have names of their own: a location can have one name only. */
function splitByName(
  folder: AreaFolder,
  { top, names }: DraftedPlace['found'],
  inner: readonly Mapping[],
): readonly ProposedLocation[] {
  const isNamed = ({ path }: Site): boolean => inner.some(({ to }) => isIn(placeIn(top, path), to));
  const rest = folder.sites.filter((site) => !isNamed(site)).map((site) => ({ path: site.path, sites: [site] }));
  return [
    ...inner.map((name) => ({
      place: name.to,
      as: nameFor(name.to, names),
      ...areaReason({ ...folder, sites: folder.sites.filter(({ path }) => isIn(placeIn(top, path), name.to)) }),
    })),
    ...rest.map((each) => {
      const place = placeIn(top, each.path);
      return { place, as: nameFor(place, names), ...areaReason(each) };
    }),
  ];
}

function nameFor(place: Place, names: readonly Mapping[]): string | null {
  const name = names.map((each) => movedBack(place, each)).find((each) => each !== null);
  return name === undefined ? null : printPlace(name).replace(/\/$/, '');
}

function withoutNested(locations: readonly ProposedLocation[]): readonly ProposedLocation[] {
  return locations.filter(
    ({ place }, at) =>
      !locations.some(
        ({ place: other }, otherAt) =>
          otherAt !== at && isIn(place, other) && (printPlace(place) !== printPlace(other) || otherAt < at),
      ),
  );
}

function proposedMapping({ from, to }: Mapping): ProposedMapping {
  const [original, here] = [shownPlace(from), shownPlace(to)];
  return isAccessPoint(original)
    ? {
        from: original,
        to: here,
        why: `Checkpoints below ${here} reference their files through this access point.`,
        unsure: false,
      }
    : {
        from: original,
        to: here,
        why: `Checkpoints below ${here} reference their files as if they were below ${original}. The area contains files with the same names, so this is a copy. If both names lead to the same objects, move the entry to "aliases".`,
        unsure: true,
      };
}

function isAccessPoint(url: string): boolean {
  return accessPointOf(url) !== null;
}
