import { classifyDirectory } from '#core/flink/layout.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { culpritOf, rulesThatTook } from '#core/guard/culprit.ts';
import { forecastLoss, type LossForecast } from '#core/guard/forecast.ts';
import type { BrokenPoint, Losses } from '#core/guard/incident.ts';
import type { Labelled } from '#core/jobs/labels.ts';
import type { LifecycleRule } from '#core/lifecycle/rule.ts';
import { type BucketToCheck, bucketsOf } from '#operations/bucket-rules/check-rules.ts';
import type { BucketFacts } from '#ports/bucket-facts.ts';
import { StoreError } from '#ports/object-store.ts';
import type { Loss } from './confirm.ts';
import type { RootPlaces } from './current-roots.ts';
import { leftFilesOf } from './left-files.ts';

/** What a batch of losses comes to: who, which restore points, and what follows. */

/** What it takes besides the losses. */
export interface SumUpInput extends RootPlaces {
  /** By location: what its bucket says of itself; null of a directory. */
  readonly facts: readonly { readonly facts: BucketFacts | null }[];
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
  const takers = await takersOf(losses, input);
  const broken = brokenPoints(losses, input);
  const times = losses.map(({ deletion }) => deletion.at);
  const rules = [...takers.rules.values()];
  return {
    began: Math.min(...times),
    last: Math.max(...times),
    objects: losses.length,
    files: losses.slice(0, MOST_FILES).map(({ url }) => url),
    broken,
    culprits: [...takers.culprits],
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

interface Takers {
  readonly culprits: ReadonlySet<string>;
  readonly rules: ReadonlyMap<string, { readonly bucket: string; readonly rule: LifecycleRule }>;
}

async function takersOf(losses: readonly Loss[], { facts, signal }: SumUpInput): Promise<Takers> {
  const culprits = new Set<string>();
  const rules: Map<string, { bucket: string; rule: LifecycleRule }> = new Map();
  for (const bucket of bucketsOf(facts)) {
    const own = losses.filter(({ location }) => bucket.locations.includes(location));
    const all = own.some(({ deletion }) => deletion.by === 'rule') ? await rulesOf(bucket, signal) : null;
    for (const { deletion, key, bytes } of own) {
      const took = all === null ? null : rulesThatTook(all, { key, bytes: bytes < 0 ? null : bytes });
      culprits.add(culpritOf(deletion, bucket.facts.name, took));
      for (const rule of deletion.by === 'rule' ? (took ?? []) : []) {
        rules.set(`${bucket.facts.name} ${rule.position}`, { bucket: bucket.facts.name, rule });
      }
    }
  }
  return { culprits, rules };
}

async function rulesOf(
  { facts }: BucketToCheck,
  signal: AbortSignal | undefined,
): Promise<readonly LifecycleRule[] | null> {
  const told = await facts.lifecycle(signal === undefined ? {} : { signal });
  return told.known ? (told.value?.rules ?? []) : null;
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
  const newest = broken
    .filter(({ completed }) => completed !== null)
    .toSorted((one, other) => (other.completed ?? 0) - (one.completed ?? 0));
  try {
    const left = new Map<string, { key: string; bytes: number; modified: number }>();
    for (const { path } of newest.slice(0, MOST_FORECAST)) {
      const directory = directoryOf(path, input);
      for (const file of await leftFilesOf(`${path}/${METADATA_NAME}`, [directory], input)) left.set(file.key, file);
    }
    return newest.length === 0 ? null : forecastLoss(rules, left.values(), input.now);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return null;
  }
}

function directoryOf(path: string, { area }: SumUpInput): string {
  const place = area.placeOfUrl(`${path}/`);
  return place === null ? `${path}/` : area.url(place.location, classifyDirectory(place.key).base);
}
