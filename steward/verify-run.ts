import { compileProtect } from '#config/glob.ts';
import { readChain } from '#operations/ledger/certificates.ts';
import { knownRuns } from '#operations/ledger/run-names.ts';
import { timeOfRun } from '#operations/ledger/run-records.ts';
import { namesForPatterns } from '#operations/look/survey.ts';
import type { OpenRoot } from '#operations/verification/read-roots-again.ts';
import { type VerifiedRun, verifyRun } from '#operations/verification/verify-run.ts';
import { requireExistingLedger } from './declarations.ts';
import { runNamed } from './history.ts';
import { RefusedError } from './refusals.ts';
import { areaOf, type LedgeredSteward } from './steward.ts';

/** Has the second judge look at runs. */

export type { Finding, RunProof, VerifiedRun } from '#operations/verification/verify-run.ts';

/** Which runs are verified, and how. */
export interface VerifyRunsOptions {
  /**
   * One run, by its name or the beginning of it; so many of the newest that deleted something; or those of them that began
   * since a time, epoch milliseconds.
   */
  readonly runs: { readonly named: string } | { readonly last: number } | { readonly since: number };
  /** Whether the roots are read again as far as they are still there. */
  readonly readRoots: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** @returns the newest run first. @throws RefusedError if there is no such run or no ledger; StoreError */
export async function verifyRuns(
  steward: LedgeredSteward,
  { runs, readRoots, signal }: VerifyRunsOptions,
): Promise<readonly VerifiedRun[]> {
  const { ledger } = steward;
  // A deployment that has not surveyed yet has none, and nothing to prove.
  if (!('since' in runs)) await requireExistingLedger(ledger);
  const chain = await readChain(ledger);
  const names = 'named' in runs ? [await knownRun(steward, runs.named)] : await actingRuns(steward, runs, chain);
  const verified: VerifiedRun[] = [];
  for (const run of names) {
    const open = readRoots ? openRootOf(steward, signal) : null;
    verified.push(await verifyRun({ ledger, run, chain, protectedBy: protectedBy(steward), open, signal }));
  }
  return verified;
}

async function knownRun(steward: LedgeredSteward, name: string): Promise<string> {
  const run = await runNamed(steward, name);
  const known = await knownRuns(steward.ledger);
  if (!known.some((each) => each.name === run) && !(await isCertified(steward, run))) {
    throw new RefusedError({ code: 'no-such-run', run, ledger: steward.ledger.name });
  }
  return run;
}

/** A run of which everything was taken away is still on the list of certificates. */
async function isCertified({ ledger }: LedgeredSteward, run: string): Promise<boolean> {
  return (await readChain(ledger))?.chain.some((link) => link.run === run) ?? false;
}

/** Those that deleted or retired something, as their logs or the list of certificates tell; the newest first. */
async function actingRuns(
  { ledger }: LedgeredSteward,
  runs: { readonly last: number } | { readonly since: number },
  chain: Awaited<ReturnType<typeof readChain>>,
): Promise<readonly string[]> {
  const logged = (await knownRuns(ledger)).filter(({ hasLog }) => hasLog).map(({ name }) => name);
  const certified = (chain?.chain ?? []).map(({ run }) => run);
  const all = [...new Set([...logged, ...certified])].sort().reverse();
  return 'last' in runs ? all.slice(0, runs.last) : all.filter((run) => !(timeOfRun(run) < runs.since));
}

function openRootOf(steward: LedgeredSteward, signal: AbortSignal | undefined): OpenRoot {
  const area = areaOf(steward);
  return (url) => {
    const place = area.placeOfUrl(url);
    const store = place === null ? undefined : steward.input.locations[place.location]?.store;
    return place === null || store === undefined
      ? null
      : store.read(area.storeKey(place.location, place.key), signal === undefined ? {} : { signal });
  };
}

function protectedBy(steward: LedgeredSteward): (patterns: readonly string[]) => (url: string) => boolean {
  const area = areaOf(steward);
  return (patterns) => {
    const matches = compileProtect(patterns);
    return (url) => {
      const place = area.placeOfUrl(url);
      const names = place === null ? namesOutside(url) : namesForPatterns(area, place);
      return names.some(matches);
    };
  };
}

/** What patterns may call an object of a place that is no longer in the area. */
function namesOutside(url: string): readonly string[] {
  const key = url.replace(/^[^:/]+:\/\/[^/]*\//, '');
  return [key, `/${key}`];
}
