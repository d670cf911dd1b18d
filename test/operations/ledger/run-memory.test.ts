import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { damageMemory, discount, recollect, remember } from '#operations/ledger/run-memory.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const open = useStewarded();
const LOST = 'This run rebuilds it, and only time is lost: the quarantine of the objects in it begins again.';

function partOf({ ledgerContent }: Stewarded, what: string): string {
  const path = [...ledgerContent.files.keys()].find((file) => file.startsWith('memory/') && file.includes(what));
  if (path === undefined) throw new Error(`There is no part with ${what}.`);
  return path;
}

describe.each(['candidates', 'named', 'directories', 'damaged', 'known'])('A lost part of the %s', (what) => {
  it.each(['missing', 'cut off', 'another one'])('(%s) costs time, says so, and nothing else happens', async (how) => {
    // Prepare
    const area = await open('directory');
    const job = playJob(area);
    job.complete(1, [job.file(1), job.file(3), job.upload(7, NOW - 5 * DAY, 'taskowned')]);
    job.complete(2, [job.file(1), job.file(99)], NOW - DAY);
    await area.run();
    const path = partOf(area, what);
    const { files } = area.ledgerContent;
    const content = files.get(path);
    if (how === 'missing') files.delete(path);
    else if (how === 'cut off') files.set(path, content?.subarray(0, 10) ?? Buffer.alloc(0));
    else files.set(path, gzipSync('["one",2]\n'));

    // Act
    area.time = NOW + DAY;
    const lost = await area.run();
    area.time = NOW + 2 * DAY;
    const healed = await area.run();

    // Assess
    const why = how === 'missing' ? 'is missing' : 'is not what was written';
    expect(lost.notes).toEqual([`${path} of the ledger the ledger in memory ${why}. ${LOST}`]);
    expect(lost.record).toMatchObject({ result: 'nothing-to-do', breakers: [], quarantined: { objects: 1 } });
    expect(lost.before.record?.lastRun).toEqual({ roots: 2, objects: 7 });
    expect(healed.notes).toEqual([]);
    expect(healed.record).toMatchObject({ result: 'done', deleted: { objects: 1 } });
    expect(area.keys()).not.toContain(job.file(2));
  });
});

describe('The memory of runs', () => {
  it('is refused where it is not of this version', async () => {
    const area = await open('directory');
    await area.run();
    const { documents } = area.ledgerContent;
    documents.set('memory', { text: '{"run": 7}', tag: 'x' });

    await expect(area.run()).rejects.toThrow(
      /^memory of the ledger the ledger in memory is not what this version of the steward writes \(.*\)\. Nothing was changed; restore an earlier copy of that document, or use a newer steward\.$/,
    );
  });

  it('is written beside the one that counts, so that a crash in between leaves that as it is', async () => {
    // Prepare
    const area = await open('directory');
    const job = playJob(area);
    for (let run = 0; run < 5; run++) await area.run();
    area.onLedgerCall = (call) => {
      if (call === 'ledger: write memory') throw new Error('killed');
    };
    await expect(area.run()).rejects.toThrow('killed');
    area.onLedgerCall = () => {};

    // Act
    area.time = NOW + DAY;
    const { record, notes } = await area.run();

    // Assess
    expect(notes).toEqual([]);
    expect(record.deleted.objects).toBe(1);
    expect(area.keys()).not.toContain(job.file(2));
  });

  it('of the run before is still there when the next one has been written', async () => {
    const area = await open('directory');
    playJob(area);
    const { files } = area.ledgerContent;
    await area.run();
    const first = partOf(area, 'candidates');
    const content = files.get(first);
    area.time = NOW + 1_000;

    for (let run = 0; run < 3; run++) await area.run();

    expect([...files.keys()].filter((file) => file.includes('candidates')).sort()).toEqual(
      [0, 1, 2, 3].map((slot) => `memory/${slot}-candidates-00001.ndjson.gz`),
    );
    expect(files.get(first)).toEqual(content);
  });

  it('of a run that was overtaken does not count, and the run says so', async () => {
    // Prepare
    const area = await open('directory');
    playJob(area);
    let overtaken = false;
    area.onLedgerCall = async (call) => {
      if (call === 'ledger: write memory' && !overtaken) {
        overtaken = true;
        await area.ledger.writeDocument('memory', JSON.stringify(EMPTY_MEMORY), null);
      }
    };

    // Act
    const { notes } = await area.run();

    // Assess
    expect(notes).toEqual([
      'Another run has stored its findings in the meantime, so this run does not count for the quarantine.',
    ]);
    expect((await recollect(area.ledger)).record?.run).toBe('other');
  });

  it('tells which roots were damaged in the last run, and nothing before the first', async () => {
    const area = await open('directory');
    const job = playJob(area);
    job.complete(2, [job.file(99)], NOW - DAY);
    const { survey, before } = await area.run();
    const after = await recollect(area.ledger);

    const told = (memory: Parameters<typeof damageMemory>[0]) =>
      survey.reachability.roots
        .map((root) => [root.key, damageMemory(memory, survey.area).damagedBefore(root)])
        .sort((a, b) => String(a[0]).localeCompare(String(b[0])));
    expect(told(before)).toEqual([
      [job.root(1), null],
      [job.root(2), null],
    ]);
    expect(told(after)).toEqual([
      [job.root(1), false],
      [job.root(2), true],
    ]);
  });

  it('holds the garbage of a directory under the directory’s own name, compressed', async () => {
    const area = await open('directory');
    const job = playJob(area);
    const { survey } = await area.run();

    const content = area.ledgerContent.files.get(partOf(area, 'candidates')) ?? Buffer.alloc(0);

    const etag = survey.objects.etag(survey.objects.find(0, job.file(2)));
    expect(gunzipSync(content).toString()).toBe(
      `{"store":"s3://bucket","path":"flink/${JOB}/shared/"}\n${JSON.stringify([job.file(2).split('/').at(-1), etag, NOW, 1])}\n`,
    );
  });

  it('knows what is garbage again under a location that was renamed', async () => {
    const area = await open('directory');
    playJob(area);
    await area.run();
    area.time = NOW + DAY;
    const survey = {
      locations: area.locations.map(({ area: its, store }) => ({ area: { ...its, name: 'another name' }, store })),
    };

    expect((await area.run({ survey })).record.deleted.objects).toBe(1);
  });

  it('takes nothing off where nothing is remembered', async () => {
    const area = await open('directory');
    const nothing = await recollect(area.ledger);

    expect(await discount(area.ledger, nothing, { objects: 1, roots: 1, directories: [] })).toBe(nothing);
    expect(area.ledgerContent.documents.has('memory')).toBe(false);
  });

  it('takes off what a run deleted, and never more than there was', async () => {
    const area = await open('directory');
    new PlayedJob(area, `flink/${JOB}/`, area.url).complete(1, []);
    const { survey, verdicts } = await area.run();
    const before = await recollect(area.ledger);
    const remembered = await remember(area.ledger, before, { run: 'r', survey, verdicts, tripped: false });
    if (remembered === null) throw new Error('Nobody else writes here.');

    const some = await discount(area.ledger, remembered, { objects: 1, roots: 0, directories: [] });
    const all = some && (await discount(area.ledger, some, { objects: 9, roots: 9, directories: [] }));

    expect([remembered, some, all].map((memory) => memory?.record?.lastRun)).toEqual([
      { roots: 1, objects: 2 },
      { roots: 1, objects: 1 },
      { roots: 0, objects: 0 },
    ]);
  });
});

const EMPTY_MEMORY = {
  run: 'other',
  start: '2027-03-01T00:00:00.000Z',
  area: ['s3://bucket/'],
  decidable: true,
  lastRun: null,
  settled: true,
  slot: 1,
  candidates: [],
  named: [],
  directories: [],
  damaged: [],
};
