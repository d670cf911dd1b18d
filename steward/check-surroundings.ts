import type { LedgerState } from '#operations/ledger/state.ts';
import { checkScope, type ScopePass, type ScopeResult } from '#operations/scope/check-scope.ts';
import { areaOf, type Steward } from './steward.ts';

export type { ScopePass } from '#operations/scope/check-scope.ts';

/** How much a command learns of what is around the area, and what it may do. */
export interface CheckingSurroundings {
  readonly pass: ScopePass;
  /** Whether it deletes or retires, or makes a plan that is executed without a person. */
  readonly acts: boolean;
  /** What people declared; null where nothing is known of that. */
  readonly state: Pick<LedgerState, 'deadRoots'> | null;
  readonly signal?: AbortSignal | undefined;
  readonly onListed?: ((objects: number) => void) | undefined;
}

/** For commands that list nothing outside the area. */
export const LOOK: ScopePass = { kind: 'look' };

/** Checks the area against its surroundings. @throws LedgerError, StoreError */
export async function checkSurroundings(
  steward: Steward,
  { state, ...checking }: CheckingSurroundings,
): Promise<ScopeResult> {
  const { surroundings, ledger, clock } = steward;
  return await checkScope({
    ...checking,
    surroundings,
    area: areaOf(steward),
    ledger,
    now: clock,
    isDeclaredDead: (url, etag) => state?.deadRoots.some((dead) => dead.url === url && dead.etag === etag) ?? false,
  });
}
