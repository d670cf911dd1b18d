import { describe, expect, it } from 'vitest';
import { UNDECIDABLE_CODES } from '#core/collect/undecidable.ts';
import { DAY, DIRECTORY, fate, HOUR, JOB, type RootSpec, uuid, type WorldSpec, world } from '#test/support/world.ts';

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const CHECKPOINT = `${DIRECTORY}/chk-9`;
const ROOT = `s3://bucket/${CHECKPOINT}/_metadata`;
const FOREIGN = 'import/savepoint-cccccc-000000000000';
const FOREIGN_ROOT = `s3://bucket/${FOREIGN}/_metadata`;

/** An area with one piece of garbage that would go if the area were decidable. */
function withGarbage(spec: WorldSpec) {
  return world({
    ...spec,
    objects: { [FILE]: 10 * DAY, ...spec.objects },
    roots: { [CHECKPOINT]: { age: HOUR }, ...spec.roots },
  });
}

/** The codes, the objects and the sentences; and what becomes of the garbage. */
function reasons(spec: WorldSpec) {
  const evidence = withGarbage(spec);
  return { undecidable: evidence.undecidable, garbage: fate(evidence, FILE) };
}

const KEPT = 'keep-undecidable (undecidable-area)';

function imported(root: Partial<RootSpec>, spec: WorldSpec = {}) {
  return reasons({ ...spec, roots: { [FOREIGN]: { age: HOUR, kind: 'savepoint-native', ...root } } });
}

describe('an area', () => {
  it('is decidable where every root was read and belongs here', () => {
    expect(reasons({})).toEqual({ undecidable: [], garbage: 'delete (garbage)' });
  });

  it('is not where a root can’t be read, and what to do is said', () => {
    expect(imported({ outcome: 'unreadable' })).toEqual({
      undecidable: [
        {
          code: 'unreadable-root',
          object: FOREIGN_ROOT,
          sentence: `${FOREIGN_ROOT} can't be read: it ends at byte 7. What it references is unknown, so nothing in this area is deleted. If it will never be restored, declare it dead, with the same locations and the same ledger: steward declare-dead --root ${FOREIGN_ROOT} --etag m1 --execute`,
        },
      ],
      garbage: KEPT,
    });
  });

  it('is held up no more by a root that was written off, be it unreadable or of another place', () => {
    expect(imported({ outcome: 'unreadable', writtenOff: true })).toEqual({
      undecidable: [],
      garbage: 'delete (garbage)',
    });
    expect(imported({ names: [{ path: 's3://elsewhere/x' }], writtenOff: true }).undecidable).toEqual([]);
  });

  it('is not where a root lies in an archive', () => {
    expect(imported({ outcome: 'archived' })).toEqual({
      undecidable: [
        {
          code: 'archived-root',
          object: FOREIGN_ROOT,
          sentence: `${FOREIGN_ROOT} is in an archive storage class and can't be read: it is in GLACIER. What it references is unknown, so nothing in this area is deleted; restore the object from the archive (aws s3api restore-object --bucket bucket --key ${FOREIGN}/_metadata --restore-request Days=7), then run again`,
        },
      ],
      garbage: KEPT,
    });
  });

  it('is not where a root of a mounted archive can’t be read, and no command of S3 is named for it', () => {
    const { undecidable, garbage } = imported({ outcome: 'archived' }, { locations: [{ store: 'file://' }] });
    expect(garbage).toBe(KEPT);
    expect(undecidable[0]?.sentence).toContain('restore the object from the archive, then run again');
  });

  it('is not where a root names files, and none of them here', () => {
    expect(imported({ names: [{ path: 's3://far/a' }, { path: 's3://far/b' }] })).toEqual({
      undecidable: [
        {
          code: 'foreign-root',
          object: FOREIGN_ROOT,
          sentence: `${FOREIGN_ROOT} references files, but none of them is in this area (the first: s3://far/a). Either this location has another name (then set it: --as URL for a directory, aliases in steward.json for a bucket), or it is a copy (copies in steward.json), or the area lacks a location (then add it), or those files are elsewhere on purpose (outside in steward.json). Until then nothing in this area is deleted`,
        },
      ],
      garbage: KEPT,
    });
  });

  it('says how to write the access point that its only references lead through', () => {
    const { undecidable } = imported({ names: [{ path: 's3a://ap-x1-s3alias/far/a' }] });

    expect(undecidable).toMatchObject([
      {
        code: 'foreign-root',
        sentence: expect.stringContaining(
          'That is an access point alias. If it leads to a bucket of this area, write "aliases": {"s3://ap-x1-s3alias": "s3://bucket"} in steward.json, with the bucket that it leads to;',
        ),
      },
    ]);
  });

  it('is decidable where a root names something here too, existing or not', () => {
    expect(imported({ names: [{ path: 's3://far/a' }, `gone/${uuid(9)}`] }).undecidable).toEqual([]);
    expect(imported({ names: [] }).undecidable).toEqual([]);
  });

  it('is decidable where the foreign place is declared, and only as far as it is', () => {
    const spec = { outside: ['s3://far/known'] };

    expect(imported({ names: [{ path: 's3://far/known/a' }] }, spec).undecidable).toEqual([]);
    expect(imported({ names: [{ path: 's3://far/known/a' }, { path: 's3://far/b' }] }, spec).garbage).toBe(KEPT);
    expect(imported({ names: [{ path: 's3://far/knowns/a' }] }, spec).garbage).toBe(KEPT);
  });

  it('is not where a file with a name that a root misses elsewhere lies here: this place has another name', () => {
    const names = [
      `${DIRECTORY}/shared/${uuid(2)}`,
      { path: `s3://alias/${uuid(1)}` },
      { path: `s3://alias/${uuid(2)}` },
    ];

    expect(
      reasons({ objects: { [`x/shared/${uuid(2)}`]: DAY }, roots: { [CHECKPOINT]: { age: HOUR, names } } }),
    ).toEqual({
      undecidable: [
        {
          code: 'other-name',
          object: ROOT,
          sentence: `${ROOT} references s3://alias/${uuid(1)}, which is not in this area, but a file with that name is. So this location has another name, or is a copy. Declare which: if that path leads to the same objects, set aliases in steward.json; if this location is a copy of them, set copies; for a directory, use --as URL. Until then nothing in this area is deleted`,
        },
      ],
      garbage: 'keep-live (base-name)',
    });
  });

  it('is decidable again under its other name', () => {
    const names = [{ path: `s3://alias/${FILE}`, bytes: 100n }];

    expect(
      reasons({ roots: { [CHECKPOINT]: { age: HOUR, names } }, aliases: { 's3://alias': 's3://bucket' } }),
    ).toEqual({ undecidable: [], garbage: 'keep-live (named-by-root)' });
  });

  it('is not where a root vanished and nothing later could be read', () => {
    expect(
      reasons({
        roots: { [`${DIRECTORY}/chk-8`]: { age: DAY, outcome: 'vanished' } },
        unsettled: [`${DIRECTORY}/chk-8`],
      }),
    ).toEqual({
      undecidable: [
        {
          code: 'vanished-root',
          object: `s3://bucket/${DIRECTORY}/chk-8/_metadata`,
          sentence: `s3://bucket/${DIRECTORY}/chk-8/_metadata was listed, but no longer existed when it was to be read, and no later checkpoint of ${DIRECTORY}/ could be read instead. What it referenced is unknown, so nothing in this area is deleted in this run; run again`,
        },
      ],
      garbage: KEPT,
    });
  });

  it('is not where a directory has lost its roots since the last run', () => {
    expect(reasons({ lost: ['s3://bucket/x'] })).toEqual({
      undecidable: [
        {
          code: 'lost-directory',
          object: 's3://bucket/x',
          sentence:
            's3://bucket/x held a checkpoint or savepoint in the last run, but none could be read in this run. Somebody may be moving it, so nothing in this area is deleted in this run; run again',
        },
      ],
      garbage: KEPT,
    });
  });

  it('is not where roots may lie behind a link', () => {
    expect(reasons({ hidden: [{ url: 'file:///cp/eu', what: 'a symbolic link to /mnt' }] })).toEqual({
      undecidable: [
        {
          code: 'hidden-roots',
          object: 'file:///cp/eu',
          sentence:
            'file:///cp/eu is a symbolic link to /mnt. The steward does not follow it and would miss checkpoints behind it, so nothing in this area is deleted; add its target to the area as a location of its own, or remove the link',
        },
      ],
      garbage: KEPT,
    });
  });

  it('is not where a directory was found under a second path', () => {
    const secondPath = { here: "'/data/view'", there: "'/data/teamB'" };

    expect(reasons({ hidden: [{ url: 'file:///data/view/', what: 'the same directory', secondPath }] })).toEqual({
      undecidable: [
        {
          code: 'same-directory',
          object: 'file:///data/view/',
          sentence:
            "'/data/view' and '/data/teamB' are one directory (a bind mount, or one mount under two names). Whatever is deleted under one path is gone under the other, so nothing in this area is deleted; leave one of the two out of the area, and if jobs use both paths, add the other to aliases in steward.json",
        },
      ],
      garbage: KEPT,
    });
  });

  describe('in which an alias calls one place by the name of another', () => {
    const folded = (aliases: Readonly<Record<string, string>>, objects: Readonly<Record<string, number>> = {}) =>
      reasons({ aliases, objects });

    it('is not where objects are listed in both', () => {
      const aliases = { 's3://bucket/old': 's3://bucket/new' };
      const sentence = (others: string): string =>
        `by "aliases" s3://bucket/old/${JOB}/shared/${others} is another name of s3://bucket/new/${JOB}/shared/, but objects are listed under both in this area. The steward would look for references to one place in the other, so nothing in this area is deleted. Remove that entry of "aliases" or, if the objects in s3://bucket/old/${JOB}/shared/ were moved there, what is left of them`;
      const old = (folder: string, number: number) => ({ [`old/${JOB}/${folder}/${uuid(number)}`]: DAY });

      const others = ['', ' (and 1 more directory)', ' (and 2 more directories)'];
      for (const [more, told] of others.entries()) {
        const objects = Object.assign({}, ...['shared', 'taskowned', 'xx'].slice(0, more + 1).map(old));
        expect(folded(aliases, objects)).toEqual({
          undecidable: [{ code: 'same-directory', object: `s3://bucket/old/${JOB}/shared/`, sentence: sentence(told) }],
          garbage: KEPT,
        });
      }
    });

    it('is decidable where all was moved, or the other name is outside, or the alias only begins alike', () => {
      const elsewhere = { [`older/${JOB}/shared/${uuid(7)}`]: DAY };
      for (const aliases of [
        { 's3://bucket/old': 's3://bucket/new' },
        { 's3://bucket/older': 's3://other/older' },
        { 's3://other': 's3://bucket' },
        { 's3a://bucket': 's3://bucket' },
      ]) {
        expect(folded(aliases, elsewhere)).toEqual({ undecidable: [], garbage: 'delete (garbage)' });
      }
    });
  });

  describe('of which a location cuts a job directory off', () => {
    const cut = (prefix: string, keys = [`${DIRECTORY}/shared/${uuid(1)}`, `${DIRECTORY}/chk-9/${uuid(2)}`]) =>
      world({
        locations: [{ prefix }],
        objects: Object.fromEntries(keys.filter((key) => key.startsWith(prefix)).map((key) => [key, 60 * DAY])),
      }).undecidable.map(({ code, object, sentence }) => `${code} ${object} ${sentence}`);

    it('is not where that is only a part of it, whose checkpoints lie beside it', () => {
      const found = cut(`${DIRECTORY}/shared/`);

      expect(found).toEqual([
        `cut-job-directory s3://bucket/${DIRECTORY}/ s3://bucket/${DIRECTORY}/shared/ is only a part of the job directory s3://bucket/${DIRECTORY}/. The rest is outside this area, so the checkpoints of the job are not scanned and nothing in this area is deleted; use s3://bucket/cp/ or a folder above it instead`,
      ]);
    });

    it('is not where that is the whole of it, and jobs that name its files lie beside it', () => {
      const found = cut(`${DIRECTORY}/`);

      expect(found).toEqual([
        `cut-job-directory s3://bucket/${DIRECTORY}/ s3://bucket/${DIRECTORY}/ is the directory of a single job. Checkpoints and savepoints outside it may reference its files, such as those of a job that was restored from it. They are not scanned, so nothing in this area is deleted; use s3://bucket/cp/ or a folder above it instead`,
      ]);
    });

    it('is not where only one of its locations does so, and another one does not cut its own', () => {
      const found = world({
        locations: [{ prefix: 'whole/' }, { store: 's3://other', prefix: `${DIRECTORY}/shared/` }],
        objects: {
          [`whole/${DIRECTORY}/shared/${uuid(1)}`]: 60 * DAY,
          [`${DIRECTORY}/shared/${uuid(2)}`]: { age: 60 * DAY, location: 1 },
        },
      }).undecidable.map(({ code, object }) => `${code} ${object}`);

      expect(found).toEqual([`cut-job-directory s3://other/${DIRECTORY}/`]);
    });

    it('is where each of two locations holds job directories of its own', () => {
      const { undecidable } = world({
        locations: [{ prefix: 'a/' }, { store: 's3://other', prefix: 'b/' }],
        objects: {
          [`a/${DIRECTORY}/shared/${uuid(1)}`]: 60 * DAY,
          [`b/${DIRECTORY}/shared/${uuid(2)}`]: { age: 60 * DAY, location: 1 },
        },
      });

      expect(undecidable).toEqual([]);
    });

    it('is advised to begin at the top where the job directory lies there', () => {
      const found = cut(`${JOB}/`, [`${JOB}/shared/${uuid(1)}`]);

      expect(found).toEqual([expect.stringContaining('; use s3://bucket/ or a folder above it instead')]);
    });

    it('is not where only the changelog of a job is a location', () => {
      expect(cut(`log/${JOB}/`, [`log/${JOB}/dstl/${uuid(1)}`])).toHaveLength(1);
    });

    it('is where the location lies above, be it a tenant’s folder of 32 digits with something of its own', () => {
      const keys = [`${JOB}/${DIRECTORY}/shared/${uuid(1)}`, `${JOB}/`, `${JOB}/.flink-steward.json`];

      expect(cut('cp/')).toEqual([]);
      expect(cut('')).toEqual([]);
      expect(cut(`${JOB}/`, keys)).toEqual([]);
    });

    it('keeps what only a successor beside it names, though its job is declared dead', () => {
      const evidence = world({
        locations: [{ prefix: `${DIRECTORY}/` }],
        objects: { [FILE]: 60 * DAY },
        deadJobs: { [JOB]: DAY },
      });

      expect(fate(evidence, FILE)).toBe(KEPT);
    });
  });

  it('is where a location is a part of a checkpoint directory without a job id, which is never given up', () => {
    const { undecidable } = world({
      locations: [{ prefix: 'flat/shared/' }],
      objects: { [`flat/shared/${uuid(1)}`]: 60 * DAY },
    });

    expect(undecidable).toEqual([]);
  });

  it('does not advise to take away a root that only could not be had', () => {
    const denied = imported({ outcome: 'denied' }).undecidable[0];

    expect(denied).toEqual({
      code: 'unreadable-root',
      object: FOREIGN_ROOT,
      sentence: `${FOREIGN_ROOT} can't be read: permission denied. What it references is unknown, so nothing in this area is deleted; fix that, then run again`,
    });
  });

  it('is not where a root names a symbolic link: what it leads to may bear any name', () => {
    const link = `${FOREIGN}/${uuid(5)}`;
    const spec: WorldSpec = { objects: { [link]: { age: DAY, special: "a symbolic link to 'x'" } } };

    expect(imported({ names: [link, link] }, spec)).toEqual({
      undecidable: [
        {
          code: 'linked-state',
          object: `s3://bucket/${link}`,
          sentence: `${FOREIGN_ROOT} references s3://bucket/${link}, which is a symbolic link to 'x'. The steward can't tell which file it points to, so nothing in this area is deleted; replace it with the file itself`,
        },
      ],
      garbage: KEPT,
    });
  });

  it('is not where the link is the first of all objects', () => {
    const link = `a/${uuid(5)}`;
    const evidence = world({
      objects: { [link]: { age: DAY, special: 'a symbolic link' } },
      roots: { [CHECKPOINT]: { age: HOUR, names: [link] } },
    });

    expect(evidence.object(link)).toBe(0);
    expect(evidence.undecidable).toMatchObject([{ code: 'linked-state', object: `s3://bucket/${link}` }]);
  });

  it('has fourteen ways of being undecidable', () => {
    expect(UNDECIDABLE_CODES).toHaveLength(14);
  });
});
