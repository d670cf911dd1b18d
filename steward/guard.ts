import { guardOf } from '#config/guard.ts';
import type { Deletion } from '#core/guard/deletion.ts';
import { type Incident, withLosses } from '#core/guard/incident.ts';
import { incidentSentences } from '#core/guard/incident-words.ts';
import { labelOf } from '#core/jobs/labels.ts';
import { confirmLosses, type Loss } from '#operations/guard/confirm.ts';
import { sumUp } from '#operations/guard/sum-up.ts';
import { updateIncident } from '#operations/ledger/incidents.ts';
import { jobsState, namesIn } from '#operations/ledger/jobs-document.ts';
import type { Part } from '#operations/ledger/line-parts.ts';
import type { ReadLiveSet } from '#operations/ledger/live-set-parts.ts';
import { handOver } from '#operations/ledger/lost-objects.ts';
import { metricSinkOf } from './metrics/metric-sink.ts';
import { newRun } from './run-identity.ts';
import type { Services } from './services.ts';
import { areaOf, type LedgeredSteward } from './steward.ts';

export type { Deletion } from '#core/guard/deletion.ts';
export { ReadLiveSet } from '#operations/ledger/live-set-parts.ts';

/** Holds what was deleted against what is live, and tells of losses. */

export interface GuardReport {
  /** When the survey began whose live set was asked, epoch milliseconds; null where there is none yet. */
  readonly surveyed: number | null;
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
}

/**
 * @param read what this process has read of the live set before.
 * @throws StoreError, LedgerError where it is not known what a deletion took; MetricError. The same deletions may be told
 * once more.
 */
export async function guardDeletions(
  deletions: readonly Deletion[],
  steward: LedgeredSteward,
  services: Services,
  { read, signal }: { readonly read: ReadLiveSet; readonly signal: AbortSignal },
): Promise<GuardReport> {
  const { ledger, locations, config } = steward;
  const live = await read.read(ledger);
  const nothing = { lost: 0, incident: null, sentences: [], unsettled: [], cleared: 0, outside: 0, toHeal: null };
  if (live === null) return { surveyed: null, ...nothing };
  const places = { area: areaOf(steward), stores: steward.input.locations.map(({ store }) => store), signal };
  const wait = async (milliseconds: number): Promise<void> => await services.sleep(milliseconds);
  const found = await confirmLosses(deletions, { ...places, live, wait });
  const { cleared, outside } = found;
  const unsettled = found.unsettled.map(({ deletion }) => deletion.url);
  const { losses } = found;
  if (losses.length === 0) return { surveyed: live.start, ...nothing, cleared, outside, unsettled };
  const state = await jobsState(ledger);
  const names = namesIn(state);
  const summed = await sumUp(losses, {
    ...places,
    facts: locations,
    labelOf: (job) => labelOf(places.area, job, config.labels, state?.severalFolders ?? false, names),
    now: services.clock(),
  });
  // First, because publishing can fail, and the alarm has its facts from here.
  const incident = await updateIncident(ledger, (known) => withLosses(known, summed));
  await metricSinkOf(services).publish([
    { name: 'LostObjects', value: losses.length, job: null, at: services.clock() },
  ]);
  const toHeal = await handedOver(losses, steward);
  const sentences = incident === null ? [] : incidentSentences(incident);
  return { surveyed: live.start, lost: losses.length, incident, sentences, unsettled, cleared, outside, toHeal };
}

async function handedOver(
  losses: readonly Loss[],
  { config, ledger, clock }: LedgeredSteward,
): Promise<readonly Part[] | null> {
  const { heal } = guardOf(config);
  const wanted = losses.filter(
    ({ deletion }) => deletion.leavesMarker && (heal === 'all' || (heal && deletion.by === 'rule')),
  );
  if (wanted.length === 0) return null;
  const lost = wanted.map(({ url, bytes, roots }) => ({ url, bytes, roots: roots.map((root) => root.url) }));
  return await handOver(ledger, newRun(clock).run, lost);
}
