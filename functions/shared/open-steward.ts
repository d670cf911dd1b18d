import { loadConfig } from '#config/load-config.ts';
import type { AreaEntry, StewardConfig } from '#config/steward-config.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type OpenedArea, openArea } from '#steward/open-area.ts';
import { openLedger, overlapWithLedger } from '#steward/open-ledger.ts';
import { surveyInputOf } from '#steward/survey-input.ts';
import { DeploymentError, ENV, requireEnv } from './environment.ts';
import type { Host } from './runtime.ts';

/** All that the functions work on, opened as the deployment says. */
export interface Steward {
  readonly config: StewardConfig;
  readonly ledger: LedgerStore;
  readonly locations: OpenedArea['locations'];
  /** The locations as they are named. */
  readonly places: readonly string[];
  readonly input: SurveyInput;
  /** Whether the bucket was made by the deployment, which then is the one to settle its rules. */
  readonly owned: boolean;
}

/** @throws DeploymentError, ConfigError, LocationError */
export async function openSteward(host: Host, signal?: AbortSignal): Promise<Steward> {
  const { environment, clock, connection = {} } = host;
  const config = await loadConfig(requireEnv(environment, ENV.config), '/');
  const place = requireEnv(environment, ENV.ledger);
  const bucket = environment[ENV.bucket];
  const named = config.area.filter((entry): entry is AreaEntry & { kind: 's3' } => entry.kind === 's3');
  const owned = bucket !== undefined && named.length === 0;
  const entries = owned ? [{ kind: 's3', url: `s3://${bucket}` } as const] : named;
  if (entries.length === 0) {
    throw new DeploymentError(
      `Neither "area" of steward.json nor ${ENV.bucket} names a bucket, so there is nothing to look after. Deploy the stack again.`,
    );
  }
  const overlap = await overlapWithLedger(place, '/', entries);
  if (overlap !== null) {
    throw new DeploymentError(
      `The ledger ${place} and the location ${overlap.location} overlap, and must lie apart. Nothing is done; name another bucket for the ledger.`,
    );
  }
  const opened = await openArea(entries, '/', clock, connection);
  const { input } = surveyInputOf(config, opened, clock);
  return {
    config,
    ledger: await openLedger(place, '/', connection),
    locations: opened.locations,
    places: entries.map(({ url }) => url),
    owned,
    input: { ...input, ...(signal === undefined ? {} : { signal }) },
  };
}
