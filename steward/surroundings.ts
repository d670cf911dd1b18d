import { sep } from 'node:path';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import {
  BoundedFileSystem,
  folderNamedLike,
  parentOf,
  type SurroundingFolder,
} from '#adapters/local/surrounding-folder.ts';
import type { AreaLocation, PlaceMapping } from '#core/area/area.ts';
import { type FlinkPath, printFlinkPath } from '#core/flink/state-path.ts';
import type { Surroundings } from '#operations/scope/check-scope.ts';
import type { OutsidePart } from '#operations/scope/outside-part.ts';
import type { OpenedArea } from './open-area.ts';

/** Opens what is around an area: the rest of its buckets, and the folders around its directories. */

type Location = OpenedArea['locations'][number];

/** What tells the surroundings of an area. */
export interface SurroundingsInput {
  readonly locations: readonly Location[];
  readonly aliases: readonly PlaceMapping[];
  readonly copies: readonly PlaceMapping[];
  /** Whether the operator declared that the area is complete. */
  readonly areaOnly: boolean;
  /** Where the ledger is: `s3://bucket/prefix/`, or a real path with a closing separator; null for none. */
  readonly ledger: string | null;
  readonly clock: () => number;
}

/** Nothing is listed yet. */
export async function openSurroundings(input: SurroundingsInput): Promise<Surroundings> {
  const { locations, aliases, copies, areaOnly } = input;
  const identity = [
    ...locations.map(({ area }) => `${area.store}/${area.prefix}`).sort(),
    ...aliases.map((mapping) => `alias ${printed(mapping)}`).sort(),
    ...copies.map((mapping) => `copy ${printed(mapping)}`).sort(),
  ].join('\n');
  const parts = areaOnly ? [] : [...(await restsOfBuckets(input)), ...foldersAround(input)];
  return { parts, identity, areaOnly };
}

function printed({ from, to }: { readonly from: FlinkPath; readonly to: FlinkPath }): string {
  return `${printFlinkPath(from)} ${printFlinkPath(to)}`;
}

async function restsOfBuckets({ locations, ledger }: SurroundingsInput): Promise<readonly OutsidePart[]> {
  const buckets = new Map<string, Location[]>();
  for (const location of locations) {
    if (location.reach.kind === 'bucket') {
      buckets.set(location.area.store, [...(buckets.get(location.area.store) ?? []), location]);
    }
  }
  const narrow = [...buckets].filter(([, there]) => there.every(({ area }) => area.prefix !== ''));
  if (narrow.length === 0) return [];
  const { S3Bucket } = await import('#adapters/s3/s3-bucket.ts');
  return narrow.flatMap(([store, there]) => {
    const [first] = there;
    if (first?.reach.kind !== 'bucket') return [];
    const { kind: _, ...reach } = first.reach;
    const prefix = `${store}/`;
    return [
      {
        id: store,
        kind: 'bucket' as const,
        name: store,
        store,
        base: '',
        reader: new S3Bucket(reach),
        // One request after the other, so pages come in the order of keys.
        ordered: new S3Bucket({ ...reach, concurrency: 1 }),
        area: there.map(({ area }) => area.prefix),
        ledgers: ledger?.startsWith(prefix) ? [ledger.slice(prefix.length)] : [],
        namingOnly: false,
      },
    ];
  });
}

interface Around extends SurroundingFolder {
  readonly store: string;
  readonly namingOnly: boolean;
}

function foldersAround({ locations, ledger, clock }: SurroundingsInput): readonly OutsidePart[] {
  const around = new Map(
    locations.flatMap(aroundDirectory).map((folder) => [`${folder.store}\n${folder.path}`, folder]),
  );
  return [...around.values()].map(({ path, base, store, namingOnly }) => {
    const [known, whole] = [new BoundedFileSystem(path), new BoundedFileSystem(path)];
    const open = (fileSystem: BoundedFileSystem) => new LocalDirectory(path, { now: clock, fileSystem });
    const top = path.endsWith(sep) ? path : `${path}${sep}`;
    const inTop = (other: string): readonly string[] =>
      other.startsWith(top) ? [`${other.slice(top.length).replace(/\/$/, '')}/`] : [];
    return {
      id: `${store}/${base} ${path}`,
      kind: 'directory' as const,
      name: path,
      store,
      base,
      reader: open(known),
      ordered: open(whole),
      area: locations.flatMap(({ real }) => (real === null ? [] : inTop(real))),
      ledgers: ledger === null ? [] : inTop(ledger),
      namingOnly,
      leftOut: () => [...new Set([...known.leftOut, ...whole.leftOut])],
    };
  });
}

function aroundDirectory({ area, real, isMount }: Location): readonly Around[] {
  if (real === null) return [];
  const folder = isMount ? folderNamedLike(real, keyOf(area)) : parentOf(real);
  return folder === null ? [] : [{ ...folder, store: area.store, namingOnly: !isMount }];
}

function keyOf({ prefix }: AreaLocation): string {
  return prefix.replace(/\/$/, '');
}
