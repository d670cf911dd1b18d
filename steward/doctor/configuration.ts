import type { Steward } from '../steward.ts';
import { type Finding, finding } from './finding.ts';

/**
 * The configuration, which is valid once the area is open, with the settings that endanger state.
 *
 * @param file as people know it; null where there is none.
 */
export function checkConfiguration({ notes }: Pick<Steward, 'notes'>, file: string | null): readonly Finding[] {
  const found =
    file === null ? 'There is no steward.json, so the defaults apply. "steward init" writes one.' : `${file} is valid.`;
  return [
    finding('configuration', null, 'ok', found),
    ...notes.all.map((note) => finding('configuration', null, 'warning', note)),
  ];
}
