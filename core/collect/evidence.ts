import type { Area } from '#core/area/area.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { ObjectKind } from '../flink/layout.ts';
import type { Memory } from './memory.ts';
import type { Owner, Owners } from './owners.ts';
import type { Marks, Reachability } from './reachability.ts';
import type { Root } from './roots.ts';
import type { CollectSettings } from './settings.ts';
import type { Undecidable } from './undecidable.ts';

/** What the rules look at; fixed before the first verdict is given. The objects may be a part of an area. */
export interface Grounds {
  /** The run's frozen start by the store's clock, epoch milliseconds. */
  readonly start: number;
  readonly settings: CollectSettings;
  readonly objects: ObjectTable;
  readonly reachability: Marks;
  readonly owners: { ofDirectory(directoryId: number): OwnerState };
  /** Ids in paths that nothing shows to be a job's. */
  readonly foreignJobs: ReadonlySet<string>;
  /** Reasons that make the whole area undecidable; empty in a good run. */
  readonly undecidable: readonly unknown[];
  readonly memory: Pick<Memory, 'candidacy' | 'isPinned' | 'wasNamed' | 'retiredSavepointOf'>;
  /** Whether the operator's configuration protects a key (the whole key, or the one the store knows). */
  isProtected(object: number): boolean;
}

/** All that a run knows of a whole area when it decides. */
export interface Evidence extends Grounds {
  readonly area: Area;
  readonly reachability: Reachability;
  readonly owners: Owners;
  readonly undecidable: readonly Undecidable[];
  readonly memory: Memory;
}

/** What the rules ask of an owner. */
export type OwnerState = Pick<
  Owner,
  | 'job'
  | 'holdsRoots'
  | 'holdsCheckpoints'
  | 'lastWrite'
  | 'rootlessDirectories'
  | 'foreignChangelogs'
  | 'running'
  | 'checkpointTimeout'
  | 'lastCheckpoint'
  | 'timesDistrusted'
  | 'declaredDead'
>;

/** The object under judgement, with what every rule asks of it. */
export interface Subject {
  readonly object: number;
  readonly kind: ObjectKind;
  /** Epoch milliseconds. */
  readonly modified: number;
  readonly owner: OwnerState;
  /**
   * When its job directory was last written to, where that directory holds no root though others of the job id do. Of a
   * changelog that may be another cluster's, the last write that speaks for that. Else null.
   */
  readonly rootlessSince: number | null;
  /** The root that this object is, where it is one that was read or tried in this run. */
  readonly root: Pick<Root, 'location' | 'key' | 'state'> | null;
  /** Whether a pinned root references it. */
  readonly isNamedByPinned: boolean;
}
