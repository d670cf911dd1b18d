import { shellWord } from '../shell-word.ts';

/**
 * The command that restores a job from a snapshot, in the words of the Flink release that wrote it.
 *
 * Up to 1.14 there is no choice of who owns the snapshot afterwards; 1.15 to 1.19 call it `-restoreMode`, 1.20 and 2.x
 * `-claimMode` and still take the old word (CliFrontendParser of 1.15.4, 1.19.3, 1.20.5 and 2.3.0). NO_CLAIM leaves
 * the snapshot untouched, so the same restore can be tried again.
 *
 * @param snapshot URL of the directory that holds the `_metadata`.
 * @param formatVersion of that `_metadata`: 2 and 3 are of Flink up to 1.15, 4 of 1.16 to 1.20, 5 and 6 of 2.x.
 */
export function restoreCommand(snapshot: string, formatVersion: number): string {
  return `flink run -s ${shellWord(snapshot)}${claimOption(formatVersion)} job.jar`;
}

function claimOption(formatVersion: number): string {
  if (formatVersion <= 3) {
    return '';
  }
  return formatVersion === 4 ? ' -restoreMode no_claim' : ' -claimMode no_claim';
}
