import type { Root } from '#core/collect/roots.ts';
import { shellWord } from '#core/shell-word.ts';
import type { LedgerState } from '#operations/ledger/state.ts';
import type { Survey } from '#operations/look/survey.ts';

/** Pins that protect nothing any more. */

export interface PinFinding {
  readonly kind: 'pinned-root-missing';
  readonly sentence: string;
}

/**
 * A pin on a root that is gone would be counted with those that hold. Of one outside the area nothing is known.
 *
 * @param state null without a ledger.
 */
export function pinFindings(
  { area, reachability }: Pick<Survey, 'area'> & { readonly reachability: { readonly roots: readonly Root[] } },
  state: Pick<LedgerState, 'pins' | 'retired'> | null,
): readonly PinFinding[] {
  const present = new Set(
    reachability.roots.filter((root) => root.state !== 'vanished').map((root) => area.url(root.location, root.key)),
  );
  return (state?.pins ?? [])
    .map((pin) => area.ownUrl(pin.url))
    .filter((url) => area.placeOfUrl(url) !== null && !present.has(url))
    .map((url) => ({ kind: 'pinned-root-missing', sentence: sentenceOf(url, runThatRetired(url, area, state)) }));
}

function runThatRetired(url: string, area: Survey['area'], state: Pick<LedgerState, 'retired'> | null): string | null {
  const last = state?.retired.findLast((entry) => area.ownUrl(entry.url) === url);
  return last === undefined || last.state === 'restored' ? null : last.run;
}

function sentenceOf(url: string, run: string | null): string {
  const root = url.replace(/\/_metadata$/, '');
  const next = run === null ? '' : ` Run ${run} retired it. It is put back by: steward undo ${run} --execute.`;
  return `${root} is pinned, and it is not there any more, so the pin keeps nothing.${next} If nobody needs it: steward unpin ${shellWord(root)} --execute`;
}
