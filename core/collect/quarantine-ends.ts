import { quarantineTime } from './cutoffs.ts';
import type { Grounds } from './evidence.ts';
import type { Verdicts } from './judge.ts';
import { candidacyOf } from './memory.ts';

/** When the garbage that waits in quarantine may be deleted. */
export interface QuarantineEnds {
  /** When the first quarantine ends, epoch milliseconds; null if none has begun. */
  readonly first: number | null;
  /** When the last of those that have begun ends. */
  readonly last: number | null;
  /** How many objects no earlier run has recorded as garbage. */
  readonly unremembered: number;
}

/**
 * When the quarantine of an object ends, epoch milliseconds, if it is garbage in every run until then. Garbage is
 * deleted by the first run after that.
 *
 * @param begins when the quarantine of garbage begins that no run has recorded yet; null if it does not begin now.
 */
export function quarantineEnd(
  object: number,
  evidence: Pick<Grounds, 'objects' | 'owners' | 'memory' | 'settings'>,
  begins: number | null,
): number | null {
  const { objects, owners, settings } = evidence;
  const since = candidacyOf(object, evidence)?.since ?? begins;
  return since === null ? null : since + quarantineTime(owners.ofDirectory(objects.directoryId(object)), settings);
}

/**
 * The ends over all garbage in quarantine.
 *
 * @param begins see {@link quarantineEnd}.
 * @param isMeant which objects are looked at. Default: all.
 */
export function quarantineEnds(
  evidence: Pick<Grounds, 'objects' | 'owners' | 'memory' | 'settings'>,
  verdicts: Verdicts,
  begins: number | null,
  isMeant: (object: number) => boolean = () => true,
): QuarantineEnds {
  const { objects } = evidence;
  let first: number | null = null;
  let last: number | null = null;
  let unremembered = 0;
  for (let object = 0; object < objects.size; object++) {
    if (verdicts.verdict(object) !== 'quarantined' || !isMeant(object)) continue;
    if (candidacyOf(object, evidence) === null) unremembered++;
    const end = quarantineEnd(object, evidence, begins);
    if (end !== null) {
      first = Math.min(first ?? end, end);
      last = Math.max(last ?? end, end);
    }
  }
  return { first, last, unremembered };
}
