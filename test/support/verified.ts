import { expect } from 'vitest';
import { compileProtect } from '#config/glob.ts';
import { Area } from '#core/area/area.ts';
import { readChain } from '#operations/ledger/certificates.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import { type VerifiedRun, verifyRun } from '#operations/verification/verify-run.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';

/** What the second judge says of a run. @param locations where the roots are read again. @default they are not */
export async function verified(
  ledger: LedgerStore,
  run: string,
  locations: SurveyInput['locations'] | null = null,
  signal?: AbortSignal,
): Promise<VerifiedRun> {
  const area = new Area((locations ?? []).map((location) => location.area));
  return await verifyRun({
    ledger,
    run,
    signal,
    chain: await readChain(ledger),
    protectedBy: (patterns) => {
      const matches = compileProtect(patterns);
      return (url) => matches(new URL(url).pathname.slice(1));
    },
    open:
      locations === null
        ? null
        : (url) => {
            const place = area.placeOfUrl(url);
            const store = place === null ? undefined : locations[place.location]?.store;
            return place === null ? null : (store?.read(area.storeKey(place.location, place.key)) ?? null);
          },
  });
}

/** The second judge finds a run not proven, and names a rule among the reasons. @param locations as of {@link verified} */
export async function expectNoticed(
  ledger: LedgerStore,
  run: string,
  rule: string,
  locations: SurveyInput['locations'] | null = null,
): Promise<void> {
  const { proof, findings } = await verified(ledger, run, locations);
  expect({ proof, rules: findings.map((each) => each.rule) }).toEqual({
    proof: 'not-proven',
    rules: expect.arrayContaining([rule]),
  });
}
