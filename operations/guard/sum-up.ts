import { classifyDirectory } from '#core/flink/layout.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { forecastLoss, type LeftFile, type LossForecast } from '#core/guard/forecast.ts';
import { type BrokenPoint, type Losses, lossNumber } from '#core/guard/incident.ts';
import type { Labelled } from '#core/jobs/labels.ts';
import type { LifecycleRule } from '#core/lifecycle/rule.ts';
import { StoreError } from '#ports/object-store.ts';
import type { Loss } from './confirm.ts';
import type { RootPlaces } from './current-roots.ts';
import { leftFilesOf } from './left-files.ts';
import type { Takers } from './takers.ts';

/** What a batch of losses comes to: who, which restore points, and what follows. */

/** What it takes besides the losses. */
export interface SumUpInput extends RootPlaces {
  readonly takers: Takers;
  /** What people call a job. */
  readonly labelOf: (job: Labelled) => string;
  /** Epoch milliseconds. */
  readonly now: number;
}

const MOST_FILES = 5;
/** Of so many restore points it is found out what the rules take next: each is read, and its directory listed. */
const MOST_FORECAST = 3;

/** @param losses at least one. */
export async function sumUp(losses: readonly Loss[], input: SumUpInput): Promise<Losses> {
  const broken = brokenPoints(losses, input);
  const times = losses.map(({ deletion }) => deletion.at);
  const { rules, culprits } = input.takers;
  return {
    began: Math.min(...times),
    last: Math.max(...times),
    objects: losses.length,
    counted: losses.map(({ url, deletion: { at } }) => lossNumber({ url, at })),
    files: losses.slice(0, MOST_FILES).map(({ url }) => url),
    broken,
    culprits: [...culprits],
    rules: rules.map(({ bucket, rule: { id, position } }) => ({ bucket, id, position, from: null })),
    next:
      rules.length === 0
        ? null
        : await forecast(
            rules.map(({ rule }) => rule),
            broken,
            input,
          ),
    keepsVersions: losses.some(({ deletion }) => deletion.leavesMarker),
  };
}

function brokenPoints(losses: readonly Loss[], { area, labelOf }: SumUpInput): readonly BrokenPoint[] {
  const points = new Map<string, BrokenPoint>();
  for (const { roots } of losses) {
    for (const { url, completed } of roots) {
      const place = area.placeOfUrl(url);
      if (place === null || points.has(url)) continue;
      const { location, key } = place;
      const { base, job } = classifyDirectory(key.slice(0, -METADATA_NAME.length));
      const path = url.slice(0, -METADATA_NAME.length - 1);
      points.set(url, { path, job: labelOf({ location, base, job }), completed });
    }
  }
  return [...points.values()];
}

/** It only adds to what is told, so a store that fails does not keep that back. */
async function forecast(
  rules: readonly LifecycleRule[],
  broken: readonly BrokenPoint[],
  input: SumUpInput,
): Promise<LossForecast | null> {
  const newest = broken.toSorted((one, other) => (other.completed ?? Infinity) - (one.completed ?? Infinity));
  try {
    const files = new Map<string, LeftFile>();
    for (const { path } of newest.slice(0, MOST_FORECAST)) {
      for (const file of await leftFilesOf(`${path}/${METADATA_NAME}`, input)) files.set(file.key, file);
    }
    return forecastLoss(rules, { files: files.values(), ofAll: broken.length <= MOST_FORECAST }, input.now);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return null;
  }
}
