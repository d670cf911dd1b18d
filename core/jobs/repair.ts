import type { Evidence } from '#core/collect/evidence.ts';
import type { MissingReference, Root } from '#core/collect/roots.ts';
import { baseName } from '#core/flink/state-path.ts';

/** Files that a damaged root misses, and that lie in the area under another path. */

/** A missing file, and an object with its name. */
export interface Replacement {
  readonly missing: MissingReference;
  readonly object: number;
}

/** What could be copied to make a damaged root whole. */
export interface Repair {
  /** In the order of the root's references; at least one. */
  readonly replacements: readonly Replacement[];
  /** Whether they are all that it misses. */
  readonly isWhole: boolean;
  /**
   * Whether this is FLINK-39964: up to Flink 2.3.0 a job restored with CLAIM from a native savepoint looks for files of
   * that savepoint in its own checkpoint directories.
   */
  readonly isMisplacedClaim: boolean;
}

/** Null where no object of the area has the name, and where the root tells it the size, of a file that it misses. */
export function repairOf(root: Root, { objects, area }: Pick<Evidence, 'objects' | 'area'>): Repair | null {
  const wanted = new Map<string, MissingReference[]>();
  for (const missing of root.missing) {
    const name = baseName(missing.resolved);
    wanted.set(name, [...(wanted.get(name) ?? []), missing]);
  }
  const found = new Map<MissingReference, number>();
  for (const object of root.foundElsewhere < 0 ? [] : objects.withBaseName(new Set(wanted.keys()))) {
    /* v8 ignore next -- only objects with a wanted name are found */
    for (const missing of wanted.get(objects.name(object)) ?? []) {
      const itself = area.url(objects.location(object), objects.key(object)) === missing.url;
      if (!itself && !found.has(missing) && isRightSize(missing, objects.bytes(object))) {
        found.set(missing, object);
      }
    }
  }
  const replacements = root.missing.flatMap((missing) => {
    const object = found.get(missing);
    return object === undefined ? [] : [{ missing, object }];
  });
  const [first] = replacements;
  if (first === undefined) {
    return null;
  }
  const isMisplacedClaim = replacements.every(
    ({ missing, object }) =>
      baseName(missing.url.slice(0, missing.url.lastIndexOf('/'))).startsWith('chk-') &&
      objects.directory(object).class.role === 'savepoint',
  );
  return { replacements, isWhole: replacements.length === root.missing.length, isMisplacedClaim };
}

function isRightSize({ expectedBytes }: MissingReference, bytes: number): boolean {
  return expectedBytes < 0 || expectedBytes === bytes;
}
