/** An object that somebody else has deleted, as S3 tells of it. */
export interface Deletion {
  /** URL of the object: the bucket and the key, not encoded. */
  readonly url: string;
  /** Epoch milliseconds, by the clock of S3. */
  readonly at: number;
  /** A rule of the bucket, or a request of somebody. */
  readonly by: 'rule' | 'request';
  /** Whether a delete marker hides it, so that its content may still be there as an older version. */
  readonly leavesMarker: boolean;
  /** Who asked for it, as S3 knows that: an account, or the id of a principal. Null for a rule, or where S3 does not say. */
  readonly requester: string | null;
  /** From where; null for a rule, or where S3 does not say. */
  readonly address: string | null;
}
