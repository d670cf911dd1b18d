import type { StateSize } from '#core/states/grown-states.ts';
import { nameAlone } from '#core/states/grown-words.ts';
import { growthPerDay } from '#core/states/growth.ts';
import type { RememberedSizes } from '#operations/ledger/remembered-states.ts';
import type { ReportOperator, ReportState, ReportStates } from './document.ts';

/** What the last look at the states of a job has found, from the ledger: a survey reads no state files. */

const MOST_STATES = 40;

/** @returns null where nobody has looked. */
export function statesOf(remembered: RememberedSizes | undefined): ReportStates | null {
  const newest = remembered?.sizes.at(-1);
  if (remembered === undefined || newest === undefined) return null;
  const { names, sizes } = remembered;
  const bytes = [...newest.states.values()].reduce((sum, size) => sum + size.bytes, 0);
  const all = [...newest.states]
    .filter(([, size]) => size.bytes > 0)
    .toSorted(([, one], [, other]) => other.bytes - one.bytes);
  const byOperator = new Map<string, ReportState[]>();
  for (const [key, size] of all.slice(0, MOST_STATES)) {
    const name = names.get(key);
    const operator = name?.operator ?? key;
    const points = sizes.flatMap(({ at, states }) => {
      const known = states.get(key);
      return known === undefined ? [] : [{ at, value: known.bytes }];
    });
    const state = {
      name: name === undefined ? key : nameAlone(name),
      hasTtl: name?.hasTtl ?? null,
      bytes: size.bytes,
      ...numbersOf(size),
      perDay: growthPerDay(points),
    };
    byOperator.set(operator, [...(byOperator.get(operator) ?? []), state]);
  }
  const operators = [...byOperator].map(
    ([name, states]): ReportOperator => ({
      name,
      bytes: [...newest.states].reduce(
        (sum, [key, size]) => ((names.get(key)?.operator ?? key) === name ? sum + size.bytes : sum),
        0,
      ),
      states,
    }),
  );
  return {
    at: newest.at,
    bytes,
    operators: operators.toSorted((one, other) => other.bytes - one.bytes),
    leftOut: Math.max(0, all.length - MOST_STATES),
  };
}

function numbersOf({
  entries,
  deletions,
  rawValueBytes,
}: StateSize): Pick<ReportState, 'entries' | 'deletions' | 'valueBytes'> {
  const values = (entries ?? 0) - (deletions ?? 0);
  return { entries, deletions, valueBytes: rawValueBytes === null || values <= 0 ? null : rawValueBytes / values };
}
