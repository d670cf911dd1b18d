/** What a store makes of conditions and listings, as a probe found it out, and what follows for who acts there. */

/**
 * `ignored`: it does what the condition forbids. `refused`: it does not even do what the condition allows, because it has
 * no such request or was not allowed to do it.
 */
export const ANSWERS = ['honoured', 'ignored', 'refused'] as const;
/** What a store makes of a request under a condition. */
export type Answer = (typeof ANSWERS)[number];

/** What a probe found out about a store. */
export interface StoreHonours {
  /** If-None-Match of a write, on which a marker and what `undo` puts back rely. */
  readonly putIfAbsent: Answer;
  /** If-Match of a write, on which the renewal of a marker relies. */
  readonly putIfUnchanged: Answer;
  /** The ETag of each key of DeleteObjects. */
  readonly deleteTogether: Answer;
  /** If-Match of DeleteObject. */
  readonly deleteSingly: Answer;
  /** Whether a listing shows at once what was written. */
  readonly listingAfterWrite: boolean;
  /** Whether listings are in the order of the bytes of keys, across pages. */
  readonly listingOrder: boolean;
  /** Whether LIST, HEAD and GET give one ETag. */
  readonly etagsAgree: boolean;
  /** Whether a deletion leaves a marker behind which the object can be brought back. Null where nothing could be deleted. */
  readonly versions: boolean | null;
  /** Seconds by which the store's clock is ahead of this machine's; null where it does not tell its time. */
  readonly clockSkew: number | null;
}

/** How objects of a store are deleted so that none goes that has changed since it was judged. */
export interface DeletionGuard {
  /** Whether many at a time, each with its ETag. Names that XML can't hold go one by one all the same. */
  readonly together: boolean;
  /** Whether the ETag is compared right before an object is deleted by itself, because the store does not. */
  readonly looksFirst: boolean;
}

/** As Amazon S3 has it. */
export const USUAL_GUARD: DeletionGuard = { together: true, looksFirst: false };
/** Where it is unknown what the store honours. It is right for every store, at two requests for each object. */
export const CAUTIOUS_GUARD: DeletionGuard = { together: false, looksFirst: true };

/** What follows from what a store honours. Sentences are about the store: "It ignores …". */
export interface StoreConsequences {
  /** Why nothing may be deleted or retired there; null where it may. */
  readonly refusal: string | null;
  /**
   * Why no root may be retired there; null where it may. Flink writes each file of state under a name that it never uses
   * again, so nobody rewrites one between a look and its deletion. A `_metadata` is the exception: a job with a fixed id
   * that begins anew completes its `chk-1` again.
   */
  readonly noRetiring: string | null;
  readonly guard: DeletionGuard;
  /** What people should know beside these, in sentences. */
  readonly notes: readonly string[];
}

/** What holds on Amazon S3, which is never probed: AWS documents it. */
export const AWS_CONSEQUENCES: StoreConsequences = { refusal: null, noRetiring: null, guard: USUAL_GUARD, notes: [] };

/** Of a store that could not be probed: it is taken for one that honours no condition. */
export const UNKNOWN_CONSEQUENCES: StoreConsequences = {
  refusal: null,
  noRetiring:
    'It is unknown whether the store honours conditions on deletions, and a job that begins anew could write this name at the same moment.',
  guard: CAUTIOUS_GUARD,
  notes: [],
};

/** What follows from what was found out about a store. */
export function consequencesOf(honours: StoreHonours): StoreConsequences {
  const { deleteTogether, deleteSingly } = honours;
  const isGuarded = deleteTogether === 'honoured' || deleteSingly === 'honoured';
  return {
    refusal: refusalOf(honours),
    noRetiring:
      isGuarded || deleteSingly === 'refused'
        ? null
        : 'The store ignores conditions on deletions (If-Match), and a job that begins anew could write this name at the same moment.',
    guard: { together: deleteTogether === 'honoured', looksFirst: deleteSingly === 'ignored' },
    notes: [...deletionNotes(honours), ...writeNotes(honours), ...otherNotes(honours)],
  };
}

function refusalOf({ listingAfterWrite, listingOrder }: StoreHonours): string | null {
  if (!listingAfterWrite) {
    return 'Its listings show new objects late. A new checkpoint could be missing from a listing, and its files would look like garbage.';
  }
  return listingOrder
    ? null
    : 'Its listings are not in key order. A checkpoint could be missing from a listing, and its files would look like garbage.';
}

function deletionNotes({ deleteTogether, deleteSingly }: StoreHonours): readonly string[] {
  if (deleteTogether === 'honoured') return [];
  if (deleteSingly === 'honoured') {
    const why = deleteTogether === 'ignored' ? 'ignores the ETags of DeleteObjects' : 'does not accept DeleteObjects';
    return [`It ${why}, so objects are deleted one by one, with If-Match, which it honours.`];
  }
  if (deleteSingly === 'refused') {
    return ['It refuses deletions under a condition (If-Match), and the steward deletes nothing without one.'];
  }
  return [
    'It ignores conditions on deletions (If-Match). So the ETag of each object is compared right before it is deleted, one by one, and checkpoints and savepoints are not retired.',
  ];
}

function writeNotes({ putIfAbsent, putIfUnchanged }: StoreHonours): readonly string[] {
  const own =
    putIfAbsent === 'ignored'
      ? [
          'It ignores If-None-Match. The marker does not keep out a second ledger that begins at the same moment: use one ledger. And undo can overwrite what a job writes at the same moment: stop the job before you undo in its directory.',
        ]
      : putIfAbsent === 'refused'
        ? ['It refuses writes under a condition (If-None-Match), so undo can put back no checkpoint.']
        : [];
  const renewed =
    putIfUnchanged === 'honoured'
      ? []
      : [
          putIfUnchanged === 'ignored'
            ? 'It ignores If-Match on writes, so two ledgers that take an area over at the same moment do not notice each other.'
            : 'It refuses writes with If-Match, so markers are not renewed.',
        ];
  return [...own, ...renewed];
}

function otherNotes({ etagsAgree }: StoreHonours): readonly string[] {
  return etagsAgree
    ? []
    : [
        "Its listings show other ETags than its objects have. The steward can't tell whether it read the listed content of a checkpoint, so the area stays undecidable.",
      ];
}
