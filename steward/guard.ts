import { guardOf } from '#config/guard.ts';
import type { Deletion } from '#core/guard/deletion.ts';
import { type Incident, withLosses } from '#core/guard/incident.ts';
import { incidentSentences } from '#core/guard/incident-words.ts';
import { NOTHING_KNOWN } from '#core/guard/live-set.ts';
import { labelOf } from '#core/jobs/labels.ts';
import { count } from '#core/quantity.ts';
import { confirmLosses, type Loss } from '#operations/guard/confirm.ts';
import { sumUp } from '#operations/guard/sum-up.ts';
import { type Takers, takersOf } from '#operations/guard/takers.ts';
import { updateIncident } from '#operations/ledger/incidents.ts';
import { jobsState, namesIn } from '#operations/ledger/jobs-document.ts';
import type { Part } from '#operations/ledger/line-parts.ts';
import type { ReadLiveSet } from '#operations/ledger/live-set-parts.ts';
import { handOver, type LostObject } from '#operations/ledger/lost-objects.ts';
import { updateUnhealed } from '#operations/ledger/unhealed.ts';
import type { MetricError } from '#ports/metric-sink.ts';
import { isBlind } from './guard-sight.ts';
import { publishBlindness, publishLosses } from './metrics/publish-losses.ts';
import { newRun } from './run-identity.ts';
import type { Services } from './services.ts';
import { areaOf, type LedgeredSteward } from './steward.ts';

export type { Deletion } from '#core/guard/deletion.ts';
export { ReadLiveSet } from '#operations/ledger/live-set-parts.ts';

/** Holds what was deleted against what is live, and tells of losses. */

export interface GuardReport {
  /** When the survey began whose live set was asked, epoch milliseconds; null where there is none yet. */
  readonly surveyed: number | null;
  /** Whether that is none, or too old. */
  readonly blind: boolean;
  /** Live objects that are gone. */
  readonly lost: number;
  /** The losses of the last hour, these among them; null where there are none. */
  readonly incident: Incident | null;
  readonly sentences: readonly string[];
  /** URLs, as they were told, of which it is not known yet: to be looked at once more, in some minutes. */
  readonly unsettled: readonly string[];
  readonly cleared: number;
  readonly outside: number;
  /** The list of what is to be healed, for who may; null where nothing is. */
  readonly toHeal: readonly Part[] | null;
  /** Why the metric has not been told of losses yet; the next time it is. Null where it has. */
  readonly unpublished: MetricError | null;
}

/**
 * @param read what this process has read of the live set before. @param again URLs of what was unsettled before.
 * @throws StoreError, LedgerError where it is not known what a deletion took. The same deletions may be told once more, and
 * count once.
 */
export async function guardDeletions(
  deletions: readonly Deletion[],
  steward: LedgeredSteward,
  services: Services,
  {
    read,
    again,
    signal,
  }: { readonly read: ReadLiveSet; readonly again: ReadonlySet<string>; readonly signal: AbortSignal },
): Promise<GuardReport> {
  const { ledger, locations, config } = steward;
  const known = await read.read(ledger);
  const surveyed = known?.start ?? null;
  const blind = isBlind(surveyed, config, services.clock());
  const nothing = {
    lost: 0,
    incident: null,
    sentences: [],
    unsettled: [],
    cleared: 0,
    outside: 0,
    toHeal: null,
    unpublished: null,
  };
  const places = { area: areaOf(steward), stores: steward.input.locations.map(({ store }) => store), signal };
  const wait = async (milliseconds: number): Promise<void> => await services.sleep(milliseconds);
  const found = await confirmLosses(deletions, { ...places, live: known ?? NOTHING_KNOWN, blind, again, wait });
  if (blind) await publishBlindness(services);
  const { cleared, outside } = found;
  const unsettled = found.unsettled.map(({ deletion }) => deletion.url);
  const all = await takersOf(found.losses, { facts: locations, signal });
  const accepted = found.losses.filter((loss) => isAccepted(loss, all, config));
  const losses = found.losses.filter((loss) => !accepted.includes(loss));
  if (accepted.length > 0) {
    services.log('info', `Lifecycle rules of "acceptedRules" have deleted ${count(accepted.length, 'live object')}.`);
  }
  if (losses.length === 0) {
    const unpublished = await publishLosses(steward, services);
    return { surveyed, blind, ...nothing, cleared, outside, unsettled, unpublished };
  }
  const takers = accepted.length === 0 ? all : await takersOf(losses, { facts: locations, signal });
  const state = await jobsState(ledger);
  const names = namesIn(state);
  const summed = await sumUp(losses, {
    ...places,
    takers,
    labelOf: (job) => labelOf(places.area, job, config.labels, state?.severalFolders ?? false, names),
    now: services.clock(),
  });
  // First, because publishing can fail, and the alarm has its facts from here.
  const incident = await updateIncident(ledger, (known) => withLosses(known, summed));
  const toHeal = await handedOver(losses, takers, steward);
  const unpublished = await publishLosses(steward, services);
  const sentences = incident === null ? [] : incidentSentences(incident);
  return {
    surveyed,
    blind,
    lost: losses.length,
    incident,
    sentences,
    unsettled,
    cleared,
    outside,
    toHeal,
    unpublished,
  };
}

/** Whether only rules can have taken it whose deletions are meant. */
function isAccepted(loss: Loss, { rulesOf }: Takers, config: LedgeredSteward['config']): boolean {
  const { acceptedRules } = guardOf(config);
  const rules = rulesOf(loss);
  return rules.length > 0 && rules.every(({ id }) => id !== null && acceptedRules.includes(id));
}

/** Of roots, too, whose files go with them: those are found when they are healed. */
async function handedOver(
  losses: readonly Loss[],
  takers: Takers,
  { config, ledger, clock }: LedgeredSteward,
): Promise<readonly Part[] | null> {
  const { heal } = guardOf(config);
  const wanted = losses.filter(
    ({ deletion }) => deletion.leavesMarker && (heal === 'all' || (heal && deletion.by === 'rule')),
  );
  if (wanted.length === 0) return null;
  const lost = wanted.map((loss): LostObject => {
    const { url, bytes, roots, deletion } = loss;
    const takenBy = { filters: takers.rulesOf(loss).map(({ filter }) => filter), since: deletion.at };
    return { url, bytes, roots: roots.map((root) => root.url), ...(heal === 'all' ? {} : { takenBy }) };
  });
  const parts = await handOver(ledger, newRun(clock).run, lost);
  await updateUnhealed(ledger, { more: { parts: [...parts], objects: lost.length, left: false } });
  return parts;
}
