import type { Owner } from '#core/collect/owners.ts';
import type { Beyond } from '#core/collect/root-reading.ts';
import type { Root } from '#core/collect/roots.ts';

/** What a resolved batch of roots tells, line by line. */

/** A reference to nothing in the area, by the number of its root among those of the batch. */
export interface DanglingLine {
  readonly name: string;
  readonly root: number;
  readonly resolved: string;
  readonly within: Beyond;
}

/** A reference to nothing, of a root under another name, by its number among those of the batch. */
export type MissedLine = Pick<DanglingLine, 'name' | 'root'>;

/** A root without its objects, as the phase that gathers all needs it. */
export interface RootLine {
  readonly root: Root;
  readonly isUnsettled: boolean;
  /** The ids of those in whose directories it references an object. */
  readonly names: readonly string[];
}

/** An owner; its roots are told beside, and here by their numbers among those of the batch. */
export type OwnerOfBatch = Omit<Owner, 'formerRuns'> & {
  readonly formerRuns: readonly { readonly roots: readonly number[]; readonly newest: number }[];
};

/** A root under another name. */
export type RenamedLine = Pick<
  Root,
  'location' | 'key' | 'etag' | 'completed' | 'state' | 'failure' | 'summary' | 'content' | 'writtenOff'
>;

/** By their numbers among the roots of the batch. */
export interface LaggingLine {
  readonly job: string;
  readonly copy: number;
  readonly original: number;
}

/** What keeps an object for the roots' sake, in lists `marks-` for each shard: `[location, folder, name, …]` each. */
export const MARKS = ['live', 'renamed', 'pinned'] as const;
/** One of these. */
export type Mark = (typeof MARKS)[number];
