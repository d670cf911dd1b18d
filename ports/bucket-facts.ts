/**
 * The port to what a bucket says of itself: its lifecycle rules, and what piles up in it unseen by listings of its
 * objects. Nothing here is needed to judge an object, so a failure is reported as unknown and never thrown.
 */
import type { ClassAmount, StorageClass } from '#core/inventory/storage-class.ts';
import type { LifecycleJson } from '#core/lifecycle/document.ts';
import type { LifecycleRule, TransitionMinimum } from '#core/lifecycle/rule.ts';
import type { StoreError } from './object-store.ts';

/** An answer, or a sentence about why there is none and what to do; with the failure of the store, if it was one. */
export type Told<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly why: string; readonly failure?: StoreError };

/** The lifecycle configuration of a bucket. */
export interface BucketLifecycle {
  /** As the bucket has it, with what is not understood. */
  readonly document: LifecycleJson;
  readonly rules: readonly LifecycleRule[];
  readonly transitionMinimum: TransitionMinimum | null;
  /** Of the document itself; what was not understood of a rule is with the rule. */
  readonly notUnderstood: readonly string[];
}

/** `Suspended`: no new versions come, and the old ones are still there. */
export type Versioning = 'never' | 'Enabled' | 'Suspended';

/** Multipart uploads that were neither completed nor aborted. They are billed, and no listing of objects shows them. */
export interface IncompleteUploads {
  readonly count: number;
  /** Of the parts that have arrived. */
  readonly bytes: number;
  /** When the oldest began, epoch milliseconds; null where there is none. */
  readonly oldest: number | null;
  /** Whether not all were looked at: the numbers are then lower bounds. */
  readonly atLeast: boolean;
}

/** Versions that a bucket keeps in addition to the current objects. */
export interface OlderVersions {
  readonly noncurrent: number;
  readonly noncurrentBytes: number;
  readonly deleteMarkers: number;
  /** Of the noncurrent ones, those in other storage classes than S3 Standard; absent where there are none. */
  readonly classes?: readonly OlderVersionsOfClass[] | undefined;
  /** Whether the listing was not read to its end: the numbers are then lower bounds. */
  readonly atLeast: boolean;
}

/** Noncurrent versions of one storage class. */
export interface OlderVersionsOfClass extends Readonly<ClassAmount> {
  readonly storageClass: StorageClass;
}

/** A queue to which a bucket tells what happens in it. */
export interface ToldQueue {
  /** ARN. */
  readonly queue: string;
  /** As S3 names them: `s3:LifecycleExpiration:*`. */
  readonly events: readonly string[];
  /** Of the keys that it tells of; empty for all. */
  readonly prefix: string;
  readonly suffix: string;
}

/** Whom a bucket tells what happens in it. Topics and functions are left out. */
export interface BucketNotices {
  readonly queues: readonly ToldQueue[];
  readonly eventBridge: boolean;
}

/** How a bucket is asked about itself. */
export interface AskOptions {
  readonly signal?: AbortSignal;
}

/** What a bucket tells about itself. A refusal is an answer ({@link Told}), never an error. */
export interface BucketFacts {
  /** `s3://bucket`. */
  readonly name: string;
  /** Null where the bucket has no lifecycle configuration. */
  lifecycle(options?: AskOptions): Promise<Told<BucketLifecycle | null>>;
  versioning(options?: AskOptions): Promise<Told<Versioning>>;
  notices(options?: AskOptions): Promise<Told<BucketNotices>>;
  incompleteUploads(prefix: string, options?: AskOptions): Promise<Told<IncompleteUploads>>;
  olderVersions(prefix: string, options?: AskOptions): Promise<Told<OlderVersions>>;
}
