import type { RunInput } from '#operations/run/run.ts';
import { checkScope } from '#operations/scope/check-scope.ts';
import { MemoryLedger } from '#test/support/memory-ledger.ts';
import { type Charge, storeOf } from './charge.ts';
import type { Office } from './steward.ts';
import type { Participant } from './turnstile.ts';

/** How a run looks at what is around its area: all of its locations are of one bucket. */
export function surroundingsOf(
  { now, mutation }: Pick<Office, 'now' | 'mutation'>,
  charge: Charge,
  who: Participant,
  acts: boolean,
): NonNullable<RunInput['scope']> {
  const { sites, ledger, ledgerName } = charge;
  const parts = sites.slice(0, 1).map((site) => {
    const store = storeOf(site, who, mutation);
    return {
      id: site.name,
      kind: 'bucket' as const,
      name: site.name,
      store: site.name,
      base: '',
      reader: store,
      ordered: store,
      area: sites.map(({ prefix }) => prefix),
      ledgers: [],
      namingOnly: false,
    };
  });
  const identity = sites.map(({ name, prefix }) => `${name}/${prefix}`).join('\n');
  return async ({ area, state, signal }) =>
    await checkScope({
      surroundings: { parts, identity, areaOnly: false },
      area,
      ledger: new MemoryLedger(ledger, who, ledgerName),
      pass: acts ? { kind: 'whole' } : { kind: 'look' },
      acts,
      isDeclaredDead: (url, etag) => state.deadRoots.some((dead) => dead.url === url && dead.etag === etag),
      now,
      signal,
    });
}
