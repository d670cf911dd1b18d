import { ProtectPatterns } from '#config/glob.ts';
import type { StewardConfig } from '#config/steward-config.ts';
import type { PlaceMapping } from '#core/area/area.ts';
import type { CollectSettings } from '#core/collect/settings.ts';
import type { FlinkPath } from '#core/flink/state-path.ts';
import type { RunningJobs } from '#ports/running-jobs.ts';
import { type OpenedArea, urlPath } from './open-area.ts';

/** The input of a survey: an opened area and its configuration. */
export interface ConfiguredSurvey {
  readonly input: {
    readonly locations: OpenedArea['locations'];
    readonly outside: readonly FlinkPath[];
    readonly aliases: OpenedArea['aliases'];
    readonly copies: readonly PlaceMapping[];
    readonly settings: CollectSettings;
    readonly deadJobs: readonly string[];
    readonly protects: ((key: string) => boolean) | null;
    readonly clock: () => number;
    readonly running: readonly RunningJobs[];
  };
  /** The patterns of `protect`; after a survey they know which of them matched nothing. */
  readonly patterns: ProtectPatterns;
}

/**
 * @param clock of local directories, epoch milliseconds.
 * @throws LocationError for a URL in the configuration with which no reference can begin.
 */
export async function surveyInputOf(
  config: StewardConfig,
  { locations, aliases }: OpenedArea,
  clock: () => number,
): Promise<ConfiguredSurvey> {
  const patterns = new ProtectPatterns(config.protect);
  const input: ConfiguredSurvey['input'] = {
    locations,
    outside: config.outside.map((url) => urlPath(url, 'outside')),
    aliases: [...aliases, ...mappings(config.aliases, 'aliases')],
    copies: mappings(config.copies, 'copies'),
    settings: config.collect,
    deadJobs: config.deadJobs,
    protects: config.protect.length === 0 ? null : (key) => patterns.matches(key),
    clock,
    running: await clustersOf(config.flinkRest),
  };
  return { input, patterns };
}

/** What speaks with clusters is loaded where one is configured. */
async function clustersOf(endpoints: readonly string[]): Promise<readonly RunningJobs[]> {
  if (endpoints.length === 0) return [];
  const { FlinkRest } = await import('#adapters/flink-rest/flink-rest.ts');
  return endpoints.map((endpoint) => new FlinkRest(endpoint));
}

/** @param said the key of the configuration, for the message. */
function mappings(written: Readonly<Record<string, string>>, said: string): readonly PlaceMapping[] {
  return Object.entries(written).map(([from, to]) => ({ from: urlPath(from, said), to: urlPath(to, said) }));
}
