/**
 * S3 lifecycle rules, as far as they can touch objects that a checkpoint needs.
 *
 * Facts about S3 in this folder are from the S3 user guide ("Managing the lifecycle of objects", "Lifecycle
 * configuration elements", "Working with archived objects") and the S3 API reference.
 */

/** When a rule acts on an object: by its age, or on everything from a date on. */
export type When =
  | { readonly by: 'age'; readonly days: number }
  /** Epoch milliseconds. */
  | { readonly by: 'date'; readonly date: number };

/** A move of current versions to another storage class. */
export interface Transition {
  readonly when: When;
  readonly storageClass: string;
}

/** A tag that an object must have. */
export interface ObjectTag {
  readonly key: string;
  readonly value: string;
}

/** Which objects a rule applies to: those that meet all conditions. */
export interface ObjectFilter {
  /** Of the whole key in the bucket; empty matches all. */
  readonly prefix: string;
  readonly tags: readonly ObjectTag[];
  /** Bytes; the object must be larger. */
  readonly largerThan: number | null;
  /** Bytes; the object must be smaller. */
  readonly smallerThan: number | null;
  /** False where the filter holds something unknown: then the rule may apply to fewer objects than it seems to. */
  readonly understood: boolean;
}

/** What a rule does that never touches a current version, and so no live state. */
export type BystanderAction = 'aborts-uploads' | 'noncurrent-versions' | 'delete-markers';

/** When noncurrent versions are deleted. */
export interface NoncurrentExpiry {
  /** Days; null if the rule has none. */
  readonly days: number | null;
  /** How many of the newest noncurrent versions of each key are kept at any age. */
  readonly keepsNewest: number;
}

/** One rule of a bucket's lifecycle configuration, read completely: what is not understood is listed in it. */
export interface LifecycleRule {
  /** Null where the rule has none: S3 gives each rule an ID, other stores need not. */
  readonly id: string | null;
  /** Place in the document, from 1. */
  readonly position: number;
  readonly enabled: boolean;
  readonly filter: ObjectFilter;
  /** Of current versions. */
  readonly expiration: When | null;
  /** Of current versions. */
  readonly transitions: readonly Transition[];
  readonly bystanders: readonly BystanderAction[];
  /** Days after which incomplete multipart uploads are ended; null where it ends none. */
  readonly abortsUploadsAfter: number | null;
  readonly noncurrentExpiry: NoncurrentExpiry | null;
  /** Paths of what this reader does not know, such as `Expiration.Soon`. */
  readonly notUnderstood: readonly string[];
}

/** Which objects under 128 KB are not moved by a rule without a size filter. */
export type TransitionMinimum = 'all_storage_classes_128K' | 'varies_by_storage_class';

/** How people know a rule: by its ID, or else by its place in the document. */
export function ruleName(rule: LifecycleRule): string {
  return rule.id === null ? `Rule ${rule.position} (without ID)` : `Rule ${JSON.stringify(rule.id)}`;
}

/**
 * What becomes of reading in a storage class. S3 user guide, "Working with archived objects": GET on GLACIER
 * (Flexible Retrieval) and DEEP_ARCHIVE fails with InvalidObjectState until the object is restored; Glacier Instant
 * Retrieval and the infrequent-access classes answer at once. INTELLIGENT_TIERING does too, unless its optional
 * archive tiers were switched on, which is not part of a lifecycle configuration.
 */
export function readingIn(storageClass: string): 'fails' | 'works' | 'unknown' {
  switch (storageClass) {
    case 'GLACIER':
    case 'DEEP_ARCHIVE':
      return 'fails';
    case 'GLACIER_IR':
    case 'STANDARD_IA':
    case 'ONEZONE_IA':
    case 'INTELLIGENT_TIERING':
      return 'works';
    default:
      return 'unknown';
  }
}
