import { describe, expect, it } from 'vitest';
import { Area } from '#core/area/area.ts';
import type { Deletion } from '#core/guard/deletion.ts';
import { LiveSet, NOTHING_KNOWN, type Readers } from '#core/guard/live-set.ts';
import { suspectsAmong } from '#core/guard/suspects.ts';
import { hashText, spread } from '#core/guard/text-hash.ts';
import { NameFilter } from '#core/inventory/name-filter.ts';
import { JOB, uuid } from '#test/support/played-job.ts';
import { expired, requested } from './deletions.ts';

const AREA = new Area([{ name: 's3://bucket', store: 's3://bucket', prefix: '', hidden: 0 }]);
const DIRECTORY = `flink/${JOB}/`;
const SHARED = `${DIRECTORY}shared/${uuid(1)}`;
const PRIVATE = `${DIRECTORY}chk-7/${uuid(2)}`;
const SAVED = `sp/savepoint-946894-0123456789ab/${uuid(3)}`;
const ROOT = `${DIRECTORY}chk-7/_metadata`;

function liveSet(keys: readonly string[], readers: Readers = new Map(), roots = [ROOT]): LiveSet {
  const filter = new NameFilter(100);
  for (const key of keys) filter.add(spread(hashText(`s3://bucket/${key}`)));
  const urls = new Set(roots.map((key) => `s3://bucket/${key}`));
  return new LiveSet({ start: 0, names: keys.length, filter, readers, roots: urls, former: new Set() });
}

function judged(deletions: readonly Deletion[], live = liveSet([SHARED, PRIVATE, SAVED, ROOT]), blind = false) {
  return suspectsAmong(deletions, { live, area: AREA, blind });
}

describe('The suspects among deletions', () => {
  it('are those of live files, by the directories whose roots can clear them', () => {
    const { groups, cleared, outside } = judged([
      expired(SHARED),
      requested(PRIVATE),
      expired(SAVED),
      requested(`${DIRECTORY}shared/${uuid(9)}`),
      expired('s3://elsewhere/key'),
    ]);

    expect(groups.map(({ directory, files, readers }) => [directory, files.map(({ key }) => key), readers])).toEqual([
      [
        `s3://bucket/${DIRECTORY}`,
        [SHARED, PRIVATE],
        [{ directory: `s3://bucket/${DIRECTORY}`, holdsCheckpoints: true }],
      ],
      [
        's3://bucket/sp/savepoint-946894-0123456789ab/',
        [SAVED],
        [{ directory: 's3://bucket/sp/savepoint-946894-0123456789ab/', holdsCheckpoints: false }],
      ],
    ]);
    expect({ cleared, outside }).toEqual({ cleared: 1, outside: 1 });
  });

  it('count once where S3 tells twice', () => {
    const { groups } = judged([expired(SHARED), expired(SHARED)]);

    expect(groups.map(({ files }) => files.length)).toEqual([1]);
  });

  it('can be cleared by roots of other directories too, where the survey saw some that read there', () => {
    const heir = { directory: 's3://bucket/flink/heir/', holdsCheckpoints: true };
    const live = liveSet([SHARED], new Map([[`s3://bucket/${DIRECTORY}`, [heir]]]));

    const { groups } = judged([expired(SHARED)], live);

    expect(groups[0]?.readers).toEqual([{ directory: `s3://bucket/${DIRECTORY}`, holdsCheckpoints: true }, heir]);
  });

  it('are roots only where a rule has deleted them, since Flink deletes its own', () => {
    const { roots, groups, cleared } = judged([expired(ROOT)]);

    expect(roots.map(({ key }) => key)).toEqual([ROOT]);
    expect(groups).toEqual([]);
    expect(cleared).toBe(0);
    expect(judged([requested(ROOT)])).toMatchObject({ roots: [], groups: [], cleared: 1 });
  });

  it('are no roots that the survey has not seen, whatever else has the same bits in the filter', () => {
    const former = `${DIRECTORY}chk-6/_metadata`;

    expect(judged([expired(former)], liveSet([former]))).toMatchObject({ roots: [], groups: [], cleared: 1 });
  });

  it('are all that rules deleted, where what is live is not known by now, and no more of what was asked for', () => {
    const { groups, roots, cleared } = judged(
      [expired(SHARED), expired(ROOT), requested(PRIVATE), requested(SAVED)],
      NOTHING_KNOWN,
      true,
    );

    expect(groups.map(({ files }) => files.map(({ key }) => key))).toEqual([[SHARED]]);
    expect(roots.map(({ key }) => key)).toEqual([ROOT]);
    expect(cleared).toBe(2);
  });

  it('are also what was suspect before, whatever a survey has found since', () => {
    const again = new Set([`s3://bucket/${SHARED}`]);
    const input = { live: liveSet([], new Map(), []), area: AREA, blind: false, again };

    const { groups, cleared } = suspectsAmong([requested(SHARED), requested(PRIVATE)], input);

    expect(groups.map(({ files, hadRoots }) => [files.map(({ key }) => key), hadRoots])).toEqual([[[SHARED], true]]);
    expect(cleared).toBe(1);
  });

  it('say whether roots lay where they do, beside other places', () => {
    const roots = new Set([`s3://bucket/${ROOT}`, 's3://elsewhere/flink/chk-1/_metadata']);
    const live = new LiveSet({ ...liveSet([SHARED, SAVED]), roots });

    const { groups } = judged([requested(SHARED), requested(SAVED)], live);

    expect(groups.map(({ hadRoots }) => hadRoots)).toEqual([true, false]);
  });

  it('are roots that went while the last survey looked', () => {
    const live = new LiveSet({ ...liveSet([ROOT], new Map(), []), former: new Set([`s3://bucket/${ROOT}`]) });

    expect(judged([expired(ROOT)], live).roots.map(({ key }) => key)).toEqual([ROOT]);
  });
});
