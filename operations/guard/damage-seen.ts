import type { Area } from '#core/area/area.ts';
import { isDamaged, type Root } from '#core/collect/roots.ts';
import { judgeSettling } from '#core/guard/judge-suspect.ts';
import type { Survey } from '#operations/look/survey.ts';

/** What surveys one after the other show of files that roots reference and that are gone. */

/** A root that misses files. */
export interface DamagedRoot {
  readonly root: Root;
  /** URLs of the files, under the area's own names. */
  readonly missing: ReadonlySet<string>;
}

/** By what tells the content of a root from any other. */
export type Damage = ReadonlyMap<string, DamagedRoot>;

/** The roots that miss a file. Files of another size are there, and are another matter. */
export function damageIn({ area, reachability }: Pick<Survey, 'area' | 'reachability'>): Damage {
  const damaged = reachability.roots.filter(isDamaged).flatMap((root) => {
    const missing = new Set(root.missing.filter(({ problem }) => problem === 'missing').map(({ url }) => url));
    return missing.size === 0 ? [] : [[idOf(area, root), { root, missing }] as const];
  });
  return new Map(damaged);
}

/** Of the damage of now, what was not there before. */
export function newDamage(before: Damage, now: Damage): Damage {
  const fresh = [...now].flatMap(([id, { root, missing }]) => {
    const known = before.get(id)?.missing;
    const news = new Set([...missing].filter((url) => known?.has(url) !== true));
    return news.size === 0 ? [] : [[id, { root, missing: news }] as const];
  });
  return new Map(fresh);
}

/**
 * Of new damage, what is a loss by a later look: a root that Flink discards misses ever more files, and is gone in the end.
 *
 * @param fresh what {@link newDamage} gave. @param now, @param later the whole damage of that look, and of the later one.
 */
export function lastingDamage(fresh: Damage, now: Damage, later: Damage): Damage {
  const lasting = [...fresh].flatMap(([id, { missing }]) => {
    const seen = later.get(id);
    if (seen === undefined) return [];
    const settling = { stands: true, missedBefore: now.get(id)?.missing.size ?? 0, missedNow: seen.missing.size };
    const left = new Set([...missing].filter((url) => seen.missing.has(url)));
    const isLoss = judgeSettling(settling) === 'lost' && left.size > 0;
    return isLoss ? [[id, { root: seen.root, missing: left }] as const] : [];
  });
  return new Map(lasting);
}

function idOf(area: Area, { location, key, etag }: Root): string {
  return `${area.url(location, key)}\n${etag}`;
}
