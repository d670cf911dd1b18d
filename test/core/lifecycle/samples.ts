import type { LiveObject, LiveRoot } from '#core/lifecycle/judgement.ts';
import type { LifecycleRule, ObjectFilter } from '#core/lifecycle/rule.ts';

export const DAY = 24 * 60 * 60 * 1000;
export const HOUR = 60 * 60 * 1000;

export function at(iso: string): number {
  return Date.parse(iso);
}

export function filter(part: Partial<ObjectFilter> = {}): ObjectFilter {
  return { prefix: '', tags: [], largerThan: null, smallerThan: null, understood: true, ...part };
}

/** An enabled rule on the whole bucket that does nothing but what is asked for. */
export function rule(part: Partial<LifecycleRule> = {}): LifecycleRule {
  return {
    id: 'sample',
    position: 1,
    enabled: true,
    filter: filter(),
    expiration: null,
    transitions: [],
    bystanders: [],
    abortsUploadsAfter: null,
    noncurrentExpiry: null,
    notUnderstood: [],
    ...part,
  };
}

export function expiry(days: number, part: Partial<LifecycleRule> = {}): LifecycleRule {
  return rule({ id: `expire-after-${days}-days`, expiration: { by: 'age', days }, ...part });
}

export function archive(storageClass: string, days: number, part: Partial<LifecycleRule> = {}): LifecycleRule {
  return rule({ transitions: [{ when: { by: 'age', days }, storageClass }], ...part });
}

export const JOB = '0123456789abcdef0123456789abcdef';
export const JOB_DIRECTORY = `flink/checkpoints/eu/${JOB}`;
export const OLD_SST = `${JOB_DIRECTORY}/shared/59b1c0de-0000-4000-8000-000000000001`;
export const NEW_SST = `${JOB_DIRECTORY}/shared/7a2b0000-0000-4000-8000-000000000002`;

export function object(key: string, modified: number, bytes = 1_000_000): LiveObject {
  return { key, bytes, modified, outside: false };
}

export function root(objects: readonly LiveObject[], part: Partial<LiveRoot> = {}): LiveRoot {
  return {
    key: `${JOB_DIRECTORY}/chk-34/_metadata`,
    label: 'orders-cdc',
    job: JOB,
    completed: at('2026-11-30T10:00:00Z'),
    newest: true,
    forEachObject: (visit) => {
      objects.forEach(visit);
    },
    ...part,
  };
}

/** A checkpoint of 30 November that still needs an SST of the 23rd. */
export function ordersCheckpoint(part: Partial<LiveRoot> = {}): LiveRoot {
  const key = part.key ?? `${JOB_DIRECTORY}/chk-34/_metadata`;
  return root(
    [
      object(NEW_SST, at('2026-11-30T09:59:00Z'), 3_000_000),
      object(OLD_SST, at('2026-11-23T10:00:00Z'), 2_000_000),
      object(key, at('2026-11-30T10:00:00Z'), 5_000),
    ],
    part,
  );
}
