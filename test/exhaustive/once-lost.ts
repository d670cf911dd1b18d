/** How state was once lost, or a run said what was not so, while the steward was made. Each way is a small world now. */

/** One way, and the worlds that show it; or why none does, and which test does instead. */
export interface OnceLost {
  /** What happened, in a sentence. */
  readonly what: string;
  /** Names of worlds. Without the rule that mends it, something goes wrong in each. */
  readonly worlds: readonly string[];
  /** Worlds in which there is nothing that could be switched off, with what holds them instead. @default none */
  readonly unswitched?: Readonly<Record<string, string>>;
  /** Where no world shows it: why, and the file of the test. */
  readonly instead?: { readonly why: string; readonly test: string };
}

export const ONCE_LOST: readonly OnceLost[] = [
  {
    what: 'The changelog of a cluster that shares its job id with another one was taken for that of the other.',
    worlds: [
      'two clusters of one id',
      'a changelog of one id',
      'a changelog of a cluster without a directory',
      'a folder like entropy',
    ],
  },
  { what: 'One place was in the area under two names.', worlds: ['two names', 'another name'] },
  { what: 'A second ledger looked after a part of an area.', worlds: ['a second ledger'] },
  { what: 'A store said "not found" of a root that it went on listing.', worlds: ['not found'] },
  { what: 'A cache gave an older content of a root than the listing showed.', worlds: ['old content'] },
  {
    what: 'A job was started again under its id, from an older checkpoint of another one, which was retired.',
    worlds: ['started from an older one', 'started again', 'only folders yet', 'continued long ago'],
  },
  {
    what: 'Savepoints of two clusters whose job ids are zeros counted as those of one job.',
    worlds: ['savepoints of zeros'],
    unswitched: { 'savepoints of one id': 'they are in groups of their own: test/core/retention/groups.test.ts' },
  },
  { what: 'A checkpoint counted as whole though a file of it was in an archive.', worlds: ['in an archive'] },
  { what: 'The document with the pins was lost, and nobody was told.', worlds: ['a lost document'] },
  { what: 'A pin did not outlive another name of the same place.', worlds: ['renamed'] },
  { what: 'A copied ledger and the original both counted as the one of the area.', worlds: ['a copied ledger'] },
  {
    what: 'An undo died after it had put a root back, which took another place in the order.',
    worlds: ['undone by one that dies'],
    unswitched: { undone: 'no single rule is at work there: test/operations/run/undo.test.ts' },
  },
  {
    what: 'An undo overwrote a root that Flink had written since, in a store without conditions.',
    worlds: ['undone in a store without conditions'],
  },
  {
    what: 'A run that was refused all deletions said that there was nothing to do.',
    worlds: ['may not delete', 'may not retire'],
  },
  { what: 'Folders of other programs with names like those of Flink were deleted.', worlds: ['what others write'] },
  {
    what: 'A metadata file under another name than `_metadata` protected nothing.',
    worlds: ['metadata of another name'],
  },
  { what: 'The files of a retired savepoint stayed for good.', worlds: ['a retired savepoint'] },
  {
    what: 'A store gave the same continuation token again and again, and the run never ended.',
    worlds: ['pages without end'],
  },
  {
    what: 'A key that a request could not hold kept all keys of its batch, in every run.',
    worlds: ['a name that a request can not hold'],
  },
  {
    what: 'A damaged copy of an archived root ended the run with an error of the decoder.',
    worlds: ['a damaged copy'],
  },
  {
    what: 'A root that was copied onto itself seemed later than the uploads of failed checkpoints.',
    worlds: ['copied onto itself while checkpoints fail', 'copied onto itself'],
  },
  { what: 'An earlier copy of a ledger was put back.', worlds: ['an earlier ledger'] },
  {
    what: 'A damaged record of one run made the history unreadable.',
    worlds: [],
    instead: { why: 'nothing is deleted by it', test: 'test/operations/ledger/records.test.ts' },
  },
  {
    what: 'A path with credentials in it was printed as it was.',
    worlds: [],
    instead: { why: 'no order of steps makes a difference to it', test: 'test/core/secrets.test.ts' },
  },
  {
    what: 'The lease allowed for less than the clocks of two machines may differ by.',
    worlds: [],
    instead: { why: 'all in a small world go by one clock', test: 'test/operations/ledger/lease.test.ts' },
  },
  {
    what: 'Two attempts at an item deleted side by side, and the run counted only what one of them had deleted.',
    worlds: [],
    instead: {
      why: 'in no small world does an item run twice at once',
      test: 'test/functions/collection-in-shards.test.ts',
    },
  },
  {
    what: 'A late attempt at a step failed, and a run that had ended well was recorded as failed.',
    worlds: [],
    instead: {
      why: 'in no small world does a step run twice at once',
      test: 'test/functions/collection-in-shards.test.ts',
    },
  },
  {
    what: 'A later attempt at an item took the place of the first one in the log, which then said that what that one had deleted was gone before.',
    worlds: [],
    instead: {
      why: 'in no small world does a store put off a request',
      test: 'test/functions/collection-in-shards.test.ts',
    },
  },
];
