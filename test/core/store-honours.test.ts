import { describe, expect, it } from 'vitest';
import { consequencesOf, type StoreHonours, UNKNOWN_CONSEQUENCES, USUAL_GUARD } from '#core/store-honours.ts';

const ALL: StoreHonours = {
  putIfAbsent: 'honoured',
  putIfUnchanged: 'honoured',
  deleteTogether: 'honoured',
  deleteSingly: 'honoured',
  listingAfterWrite: true,
  listingOrder: true,
  etagsAgree: true,
  versions: false,
  clockSkew: 0,
};

describe('What follows from what a store honours', () => {
  it('is nothing where it honours all', () => {
    expect(consequencesOf(ALL)).toEqual({ refusal: null, noRetiring: null, guard: USUAL_GUARD, notes: [] });
  });

  it('is that nothing is deleted where a new checkpoint may be missing from a listing', () => {
    expect(consequencesOf({ ...ALL, listingAfterWrite: false }).refusal).toBe(
      'Its listings show new objects late. A new checkpoint could be missing from a listing, and its files would look like garbage.',
    );
    expect(consequencesOf({ ...ALL, listingOrder: false }).refusal).toBe(
      'Its listings are not in key order. A checkpoint could be missing from a listing, and its files would look like garbage.',
    );
  });

  it.each([
    ['ignored', 'It ignores the ETags of DeleteObjects'],
    ['refused', 'It does not accept DeleteObjects'],
  ] as const)('is that objects go one by one where the ETags of many are %s', (deleteTogether, why) => {
    expect(consequencesOf({ ...ALL, deleteTogether })).toEqual({
      refusal: null,
      noRetiring: null,
      guard: { together: false, looksFirst: false },
      notes: [`${why}, so objects are deleted one by one, with If-Match, which it honours.`],
    });
  });

  it('is a look before each deletion, and no retiring, where no condition on it is honoured', () => {
    const { guard, noRetiring, refusal, notes } = consequencesOf({
      ...ALL,
      deleteTogether: 'ignored',
      deleteSingly: 'ignored',
    });

    expect({ guard, refusal }).toEqual({ guard: { together: false, looksFirst: true }, refusal: null });
    expect(noRetiring).toBe(
      'The store ignores conditions on deletions (If-Match), and a job that begins anew could write this name at the same moment.',
    );
    expect(notes).toEqual([
      'It ignores conditions on deletions (If-Match). So the ETag of each object is compared right before it is deleted, one by one, and checkpoints and savepoints are not retired.',
    ]);
  });

  it('is a look before what goes one by one where conditions are honoured of many only', () => {
    expect(consequencesOf({ ...ALL, deleteSingly: 'ignored' })).toEqual({
      refusal: null,
      noRetiring: null,
      guard: { together: true, looksFirst: true },
      notes: [],
    });
  });

  it('is nothing to delete where conditions on deletions are refused', () => {
    const { guard, noRetiring, notes } = consequencesOf({ ...ALL, deleteTogether: 'refused', deleteSingly: 'refused' });

    expect({ guard, noRetiring }).toEqual({ guard: { together: false, looksFirst: false }, noRetiring: null });
    expect(notes).toEqual([
      'It refuses deletions under a condition (If-Match), and the steward deletes nothing without one.',
    ]);
  });

  it.each([
    [
      { putIfAbsent: 'ignored' },
      'It ignores If-None-Match. The marker does not keep out a second ledger that begins at the same moment: use one ledger. And undo can overwrite what a job writes at the same moment: stop the job before you undo in its directory.',
    ],
    [
      { putIfAbsent: 'refused' },
      'It refuses writes under a condition (If-None-Match), so undo can put back no checkpoint.',
    ],
    [
      { putIfUnchanged: 'ignored' },
      'It ignores If-Match on writes, so two ledgers that take an area over at the same moment do not notice each other.',
    ],
    [{ putIfUnchanged: 'refused' }, 'It refuses writes with If-Match, so markers are not renewed.'],
    [
      { etagsAgree: false },
      "Its listings show other ETags than its objects have. The steward can't tell whether it read the listed content of a checkpoint, so the area stays undecidable.",
    ],
  ] as const)('is a sentence: %j', (some, sentence) => {
    expect(consequencesOf({ ...ALL, ...some })).toEqual({
      refusal: null,
      noRetiring: null,
      guard: USUAL_GUARD,
      notes: [sentence],
    });
  });

  it('is the most careful way where nothing is known', () => {
    expect(UNKNOWN_CONSEQUENCES.guard).toEqual({ together: false, looksFirst: true });
    expect(UNKNOWN_CONSEQUENCES.noRetiring).not.toBeNull();
  });
});
