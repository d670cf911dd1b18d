import type { FolderCuts, ProposedCut } from './folder-cuts.ts';
import { cutBehind, type NamePattern, remainderOf } from './key-cuts.ts';

/** What is known of a part of the key space that is being listed. */
export interface OpenPart {
  /** The last key that was seen, or where the part begins. */
  readonly after: string | undefined;
  readonly until: string | undefined;
  /** Of a page of this part, or of the part that it was cut from. */
  readonly pattern: NamePattern | null;
}

/** Each part ends in the middle of a page of 1,000 keys, so to cut small ones costs more than it gains. */
const FEWEST_KEYS_TO_CUT = 4_000;

/** Between folders that are known, or by the pattern of names: wherever more keys are expected. */
export function proposeCut({ after, until, pattern }: OpenPart, folders: FolderCuts): ProposedCut | null {
  if (after === undefined) return null;
  const known = folders.propose(after, until);
  const guessed = pattern === null ? null : guessCut(pattern, after, until, folders);
  const better = (known?.keys ?? 0) > (guessed?.keys ?? 0) ? known : guessed;
  return better === null || better.keys < FEWEST_KEYS_TO_CUT ? null : better;
}

/** The end of what the pattern tells about first, then the middle of that. */
function guessCut(
  pattern: NamePattern,
  after: string,
  until: string | undefined,
  folders: FolderCuts,
): ProposedCut | null {
  const outlook = remainderOf(pattern, after, until);
  if (outlook === null) return null;
  // What is known goes before what is guessed.
  const keys = Math.min(outlook.keys, pattern.isEven ? Number.POSITIVE_INFINITY : FEWEST_KEYS_TO_CUT);
  // Where the part ends at a folder, next to nothing lies behind the names of the one before.
  const endsAtFolder = until !== undefined && folders.has(until);
  return { cut: (endsAtFolder ? undefined : cutBehind(pattern.stem, after, until)) ?? outlook.cut, keys };
}
