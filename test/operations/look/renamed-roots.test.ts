import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { JUDGEMENTS, judgeAll } from '#core/collect/judge.ts';
import { tally } from '#core/collect/totals.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import { MOST_BYTES, MOST_LOOKS } from '#operations/look/renamed-roots.ts';
import { notes } from '#operations/report/audit-notes.ts';
import { explain } from '#operations/report/explain.ts';
import type { ObjectStore, ReadOptions } from '#ports/object-store.ts';
import { judge } from '#test/support/judged.ts';
import { failWith, MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob, uuid } from '#test/support/played-job.ts';

const BAK = `flink/${JOB}/chk-1/_metadata.bak`;
const KEPT = `flink/${JOB}/shared/${uuid(1)}`;
const GARBAGE = `flink/${JOB}/shared/${uuid(2)}`;

/** A job that has subsumed chk-1, of which somebody has kept the metadata under another name. */
function play(name = BAK, content?: (metadata: Buffer) => Uint8Array): { store: MovingStore; job: PlayedJob } {
  const store = new MovingStore({ now: NOW, objectsPerPage: 100_000, bytesPerChunk: 1_000_000 });
  const job = new PlayedJob(store);
  const metadata = job.metadata(1, [job.upload(1)]);
  store.put(name, content?.(metadata) ?? metadata, NOW - 4 * DAY);
  job.upload(2);
  job.complete(2, [job.upload(3)]);
  return { store, job };
}

function readsOf(store: MovingStore, key: string): number {
  return store.calls.filter((call) => call === `read ${key}`).length;
}

describe('The metadata of a checkpoint under another name', () => {
  it.each([
    BAK,
    `flink/${JOB}/chk-7-metadata`,
    `flink/${JOB}/old/state.bin`,
    'elsewhere/metadata-of-monday',
    'flink/savepoint-946894-0123456789ab/copy',
  ])('keeps what it references as %s, and nothing else', async (name) => {
    const { verdicts, garbage, codes } = await judge(play(name).store);

    expect(codes).toEqual([]);
    expect(garbage).toEqual([GARBAGE]);
    expect([verdicts[KEPT], verdicts[name]]).toEqual(['keep-protected', 'keep-unknown']);
  });

  it('keeps what it references where it lies beside files with names of Flink', async () => {
    const { store } = play('backup/state.bin');
    const alone = await judge(store);
    store.put(`backup/${uuid(9)}`, 'state', NOW - 4 * DAY);

    const beside = await judge(store);

    expect(alone.garbage).toEqual([KEPT, GARBAGE]);
    expect(beside.garbage).toEqual([GARBAGE]);
  });

  it('keeps it by one rule, without which it would be deleted', async () => {
    const { survey } = await judge(play().store);
    const without = JUDGEMENTS.filter(({ rule }) => rule !== 'named-by-renamed-root');
    const kept = survey.objects.find(0, KEPT);

    expect(judgeAll(survey).rule(kept)).toBe('named-by-renamed-root');
    expect(judgeAll(survey, without).verdict(kept)).toBe('delete');
  });

  it('keeps files with the name of one that it misses, as where a whole directory was moved', async () => {
    const moved = `flink/${JOB}/moved/shared/${uuid(1)}`;
    const { store } = play();
    store.put(moved, 'x'.repeat(100), NOW - 5 * DAY).remove(KEPT);

    const { survey, garbage } = await judge(store);

    expect(judgeAll(survey).rule(survey.objects.find(0, moved))).toBe('named-by-renamed-root');
    expect(garbage).toEqual([GARBAGE]);
  });

  it('keeps copies of what it references, which may be the same files under another name', async () => {
    const copy = `mirror/${JOB}/shared/${uuid(1)}`;
    const { store } = play();
    const mirror = new PlayedJob(store, `mirror/${JOB}/`);
    store.put(copy, 'x'.repeat(100), NOW - 5 * DAY);
    mirror.complete(1, [mirror.upload(8)]);

    const { survey } = await judge(store);

    const rules = judgeAll(survey);
    expect(rules.rule(survey.objects.find(0, copy))).toBe('copy');
  });

  it('is no restore point, and no root that retention or a breaker counts', async () => {
    const { survey } = await judge(play().store);
    const jobs = jobsOf(survey, tally(survey, judgeAll(survey)), []);

    expect(survey.reachability.roots.map(({ key }) => key)).toEqual([`flink/${JOB}/chk-2/_metadata`]);
    expect(jobs.flatMap(({ restorePoints }) => restorePoints.map(({ key }) => key))).toEqual([
      `flink/${JOB}/chk-2/_metadata`,
    ]);
  });

  it('is named in a note and in the explanations of itself and of what it keeps', async () => {
    const { survey } = await judge(play().store);
    const explained = (key: string) => explain(survey, judgeAll(survey), survey.objects.find(0, key));

    expect(notes(survey)).toEqual([
      `s3://bucket/${BAK} is a checkpoint or savepoint whose metadata file is not called _metadata. What it references is kept while it exists. It is not a restore point and is never retired. Delete it when nobody needs it any more.`,
    ]);
    expect(explained(KEPT)).toMatchObject({
      rule: 'named-by-renamed-root',
      roots: [BAK],
      because: [
        `No _metadata references it, but s3://bucket/${BAK} does: the metadata of a checkpoint or savepoint under another name. It is kept while that file exists. If nobody needs that checkpoint any more, delete that file.`,
      ],
    });
    expect(explained(BAK).because).toEqual([
      'It is the metadata of a checkpoint or savepoint under another name than _metadata. What it references is kept while it exists (1 object in this area). It is not a restore point, and the steward never deletes it.',
    ]);
  });
});

describe('One that can not be read completely', () => {
  it('keeps what it references up to there, and never stops the area', async () => {
    const { store } = play(BAK, (metadata) => metadata.subarray(0, -1));

    const { survey, garbage, codes } = await judge(store);

    expect(codes).toEqual([]);
    expect(garbage).toEqual([GARBAGE]);
    expect(notes(survey)).toEqual([
      expect.stringMatching(
        /^s3:\/\/bucket\/.*_metadata\.bak begins like the metadata of a checkpoint or savepoint, but it could not be read completely: .*\. What it references up to there is kept; /,
      ),
    ]);
  });

  it('keeps nothing where it breaks off at once, or where only its first bytes may be read', async () => {
    const cut = await judge(play(BAK, (metadata) => metadata.subarray(0, 8)).store);
    const { store } = play();
    let reads = 0;
    store.always(
      ({ operation, of }) => operation === 'read' && of === BAK && ++reads > 1,
      failWith('denied', 'You may not read it.'),
    );
    const denied = await judge(store);

    for (const { garbage, codes, survey } of [cut, denied]) {
      expect({ garbage, codes }).toEqual({ garbage: [KEPT, GARBAGE], codes: [] });
      expect(notes(survey)).toHaveLength(1);
    }
    expect(notes(denied.survey)[0]).toContain('could not be read completely: You may not read it. What');
  });

  it('is read up to 64 MiB where it is larger', async () => {
    const { store } = play(BAK, (metadata) => Buffer.concat([metadata, Buffer.alloc(MOST_BYTES)]));
    const asked: ReadOptions[] = [];
    const watched: ObjectStore = {
      name: store.name,
      now: () => store.now(),
      list: (range) => store.list(range),
      children: (prefix) => store.children(prefix),
      read: (key, options) => {
        if (key === BAK) asked.push({ from: options?.from ?? 0, to: options?.to ?? Number.POSITIVE_INFINITY });
        return store.read(key, options);
      },
    };

    const { survey, garbage, codes } = await judge(watched);

    expect({ garbage, codes }).toEqual({ garbage: [GARBAGE], codes: [] });
    expect(asked).toEqual([
      { from: 0, to: 3 },
      { from: 0, to: MOST_BYTES - 1 },
    ]);
    expect(notes(survey)).toEqual([expect.stringContaining('it is larger than 64 MiB, and no more of it was read.')]);
  });
});

describe('An object of unknown name', () => {
  it('is looked at by four bytes, and only where it may be such a file', async () => {
    const { store } = play();
    const looked = [`flink/${JOB}/notes.txt`, 'lake/v1.metadata.json', `flink/${JOB}/a/b/c.parquet`];
    const ignored = ['lake/part-0.parquet', 'README.md', `flink/${JOB}/shared/short`];
    for (const key of [...looked, ...ignored]) store.put(key, key.endsWith('short') ? '1234567' : 'PAR1 and more', NOW);

    const { survey, codes } = await judge(store);

    expect(codes).toEqual([]);
    expect(looked.map((key) => [readsOf(store, key), survey.renamed.looks.get(survey.objects.find(0, key))])).toEqual(
      looked.map(() => [1, 'other']),
    );
    expect(ignored.map((key) => readsOf(store, key))).toEqual([0, 0, 0]);
  });

  it('may be gone, or another one, when it is looked at', async () => {
    const { store } = play();
    store.lie(BAK, 1, null);
    const gone = await judge(store);
    store.lie(BAK, 1, { content: 'something else', modified: NOW });
    const other = await judge(store);

    for (const { survey, codes } of [gone, other]) {
      expect(codes).toEqual([]);
      expect([...survey.renamed.looks]).toEqual([]);
      expect(notes(survey)).toEqual([]);
    }
  });

  it('that the role may not read is a note, and after a few refusals no other of such a name is asked for', async () => {
    const { store } = play(`flink/${JOB}/state.bin`);
    for (let at = 0; at < 100; at++) store.put(`flink/${JOB}/odd-${at}`, 'not Flink metadata', NOW);
    store.put(BAK, 'not Flink metadata', NOW);
    store.always(
      ({ operation, of }) => operation === 'read' && !of.includes('metadata'),
      failWith('denied', 'This role may not read it.'),
    );

    const { survey, codes, garbage } = await judge(store);

    expect(codes).toEqual([]);
    expect(garbage).toEqual([KEPT, GARBAGE]);
    expect(readsOf(store, BAK)).toBe(1);
    const asked = store.calls.filter((call) => /^read .*(odd-\d+|state\.bin)$/.test(call)).length;
    expect(asked).toBeGreaterThanOrEqual(8);
    expect(asked).toBeLessThan(40);
    expect(notes(survey)).toEqual([
      expect.stringMatching(
        /^Could not be looked at: 101 objects that may hold a checkpoint or savepoint under another name than _metadata\. The first is s3:\/\/bucket\/.*: This role may not read it\. The deployed functions/,
      ),
    ]);
  });

  it('is looked at before whatever else is named so, such as the metadata of tables', async () => {
    const { store } = play();
    for (let at = 0; at < MOST_LOOKS; at++) store.put(`a-table/metadata/v${at}.metadata.json`, '{"format": 2}', NOW);

    const { garbage, survey } = await judge(store);

    expect(survey.renamed.left).toBe(1);
    expect(garbage).toEqual([GARBAGE]);
  });

  it('waits for the next run behind ten thousand others, which a note says', async () => {
    const { store } = play();
    for (let at = 0; at <= MOST_LOOKS; at++) store.put(`flink/${JOB}/odd-${at}`, 'not Flink metadata', NOW);

    const { survey } = await judge(store);
    const later = await judge(store, {
      recall: async () => ({ ...survey.memory, lookedAt: (object) => survey.renamed.looks.get(object) ?? null }),
    });

    expect(survey.renamed).toMatchObject({ left: 2, unread: 0 });
    expect(survey.renamed.looks.size).toBe(MOST_LOOKS);
    expect(notes(survey)).toContainEqual(
      expect.stringMatching(/^Not looked at yet: 2 objects that may hold .* 10,000 of them;/),
    );
    expect(later.survey.renamed).toMatchObject({ left: 0, unread: 0 });
    expect(later.survey.renamed.looks.size).toBe(MOST_LOOKS + 2);
  });
});
