import type { Chance } from './chance.ts';
import type { FlinkRules } from './flink/flink.ts';

/** What of a bucket people have made their area, and what of that their configuration is about. */
export interface Scope {
  /** Prefixes of its locations: one empty one for the whole bucket, else none that is empty. */
  readonly area: readonly string[];
  /** Whether jobs write outside of it too, so that roots there may reference files in it. */
  readonly isTooSmall: boolean;
  /** Keys that are protected; null for none. */
  readonly protects: RegExp | null;
  /** Keys of the roots that a policy is for; null for all. */
  readonly retains: RegExp | null;
}

export const WHOLE_BUCKET: Scope = { area: [''], isTooSmall: false, protects: null, retains: null };

/** Where Flink writes, but for paths with entropy, which may be anywhere. */
const CHECKPOINTS = 'flink/cp/';
const TEAM = 'flink/team2/';
const CHANGELOGS = 'flink/changelog/';
const SAVEPOINTS = 'flink/sp/';
const ALL = [CHECKPOINTS, TEAM, CHANGELOGS, SAVEPOINTS] as const;
const PARTS: readonly (readonly string[])[] = [
  [CHECKPOINTS],
  [CHECKPOINTS, CHANGELOGS],
  [TEAM, SAVEPOINTS],
  [CHECKPOINTS, TEAM, CHANGELOGS],
];

/** The folders in which jobs have their directories, or savepoints lie. */
export const ROOT_FOLDERS = [CHECKPOINTS, `${TEAM}cp/`, SAVEPOINTS] as const;

/** Some area, where one is drawn at all, and some patterns. */
export function anyScope(chance: Chance, layouts: FlinkRules['layouts'], isDrawn: boolean): Scope {
  const flat = layouts.includes('flat') ? ['flat/'] : [];
  const kind = chance.pick(['whole', 'folder', 'several', 'too small', 'too small'] as const);
  const part = chance.pick(PARTS);
  const protects = chance.pick([null, null, /^flink\/cp\/[0-9a]/, /(?:^|\/)chk-[1-9]\//]);
  const retains = chance.pick([null, null, /^flink\/cp\//, /^flink\/sp\//]);
  const patterns = { protects, retains, isTooSmall: false };
  if (!isDrawn || layouts.includes('entropy') || kind === 'whole') return { ...patterns, area: [''] };
  switch (kind) {
    case 'folder':
      return { ...patterns, area: ['flink/', ...flat] };
    case 'several':
      return { ...patterns, area: [...ALL, ...flat] };
    case 'too small':
      return { ...patterns, area: [...part, ...flat], isTooSmall: true };
  }
}

export function isInScope(key: string, { area }: Scope): boolean {
  return area.some((prefix) => key.startsWith(prefix));
}
