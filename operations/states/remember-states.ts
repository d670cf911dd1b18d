import type { StateName, StateSize } from '#core/states/grown-states.ts';
import { withNewest } from '#core/states/growth.ts';
import { operatorName } from '#core/states/operator-bytes.ts';
import type { StateRow } from '#core/states/state-table.ts';
import type { TableProperties } from '#core/states/table-properties.ts';
import { type RememberedStates, writeStates } from '#operations/ledger/remembered-states.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { JobStates } from './look-at-states.ts';

/** What a look at states leaves in the ledger: what it knows of the files that are there, and how large each state was. */

/** By what a row is known from look to look. */
export function keyOfRow({ operator, kind, state }: Pick<StateRow, 'operator' | 'kind' | 'state'>): string {
  return `${operator.id}/${state ?? `/${kind}`}`;
}

/** The sizes of all states of a job, by {@link keyOfRow}. */
export function sizesOf(rows: readonly StateRow[]): ReadonlyMap<string, StateSize> {
  return new Map(
    rows.map((row) => {
      const { bytes, contents } = row;
      return [
        keyOfRow(row),
        {
          bytes,
          entries: contents?.entries ?? null,
          deletions: contents?.deletions ?? null,
          rawValueBytes: contents?.rawValueBytes ?? null,
        },
      ];
    }),
  );
}

/**
 * Of several jobs with one label, the sizes are those of the one with the newest root; files are known of all.
 *
 * @throws StoreError
 */
export async function rememberStates(ledger: LedgerStore, jobs: readonly JobStates[]): Promise<void> {
  const byLabel = new Map<string, JobStates[]>();
  for (const states of jobs.filter(({ found }) => found !== null)) {
    const { label } = states.job;
    byLabel.set(label, [...(byLabel.get(label) ?? []), states]);
  }
  for (const [label, its] of byLabel) {
    await writeStates(ledger, label, statesOfLabel(its));
  }
}

function statesOfLabel(jobs: readonly JobStates[]): RememberedStates {
  const tables = new Map<string, TableProperties | null>(jobs.flatMap((one) => [...one.tables]));
  const [newest] = jobs.toSorted((one, other) => completedOf(other) - completedOf(one));
  const before = newest?.before.sizes ?? [];
  const rows = newest?.rows ?? [];
  const sizes = newest === undefined ? before : withNewest(before, { at: completedOf(newest), states: sizesOf(rows) });
  return { tables, sizes, names: namesOf(rows) };
}

function namesOf(rows: readonly StateRow[]): ReadonlyMap<string, StateName> {
  return new Map(
    rows.map((row) => {
      const { operator, kind, state, hasTtl } = row;
      // Timers have their own time.
      const ttl = kind === 'timers' ? null : hasTtl;
      return [keyOfRow(row), { operator: operatorName(operator), kind, state, hasTtl: ttl }];
    }),
  );
}

function completedOf({ found }: JobStates): number {
  return found?.root.completed ?? 0;
}
