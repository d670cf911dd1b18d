import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { JobHistory } from '#core/signals/job-history.ts';
import { historyFileOf, readHistory } from '#operations/ledger/job-histories.ts';
import { jobsDocument, jobsState } from '#operations/ledger/jobs-document.ts';
import { writeObservations } from '#operations/ledger/observations.ts';
import { StoreError } from '#ports/object-store.ts';
import { observationOf } from '#test/support/observation.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { KINDS, type RunChanges, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

const HOUR = 3_600_000;
const LABEL = 'orders';
/** Bytes of state that lie in the `_metadata` of a played checkpoint. */
const INLINE = 64;
const open = useStewarded();

function withJobs(onHistory?: (history: JobHistory) => void): RunChanges {
  return {
    execute: false,
    command: 'survey',
    sweep: null,
    jobs: {
      labels: [{ path: 'flink/{jobId}', job: LABEL }],
      billing: async () => null,
      ...(onHistory === undefined ? {} : { onHistory }),
    },
  };
}

async function historyOf(area: Stewarded, label = LABEL): Promise<JobHistory | null> {
  return await readHistory(area.ledger, label);
}

describe.each(KINDS)('The history of the jobs of a %s', (kind) => {
  it('keeps the names that clusters reported, also where a survey could not read them', async () => {
    // Prepare
    const area = await open(kind, { realLedger: true });
    const job = new PlayedJob(area, undefined, area.url);
    job.complete(1, [job.upload(1)], NOW - 2 * HOUR);
    await area.run(withJobs());
    const known = await jobsDocument(area.ledger).read();
    if (known === null) throw new Error('The survey left nothing.');
    const names = { [JOB]: { name: 'orders', label: 'orders' } };
    await jobsDocument(area.ledger).write({ ...known.value, names }, known.tag);
    const read = area.ledger.readDocument.bind(area.ledger);
    let failures = 0;
    area.ledger.readDocument = async (path) => {
      if (path === 'jobs' && failures++ === 0) throw new StoreError('unavailable', 'It does not answer.');
      return await read(path);
    };

    // Act
    await area.run(withJobs());

    // Assess
    expect(failures).toBeGreaterThan(1);
    expect((await jobsState(area.ledger))?.names).toEqual(names);
  });

  it('grows with each survey, across resubmissions, by what was seen and what was heard', async () => {
    // Prepare
    const area = await open(kind, { realLedger: true });
    const job = new PlayedJob(area, undefined, area.url);
    job.complete(1, [job.upload(1), job.upload(2)], NOW - 2 * HOUR);
    const first = await area.run(withJobs());
    await writeObservations(area.ledger, [observationOf(2, NOW + HOUR / 2)]);
    const again = new PlayedJob(area, `flink/${OTHER_JOB}/`, area.url);
    again.complete(1, [job.file(1), again.upload(9, NOW + HOUR / 2)], NOW + HOUR);
    area.time = NOW + 2 * HOUR;

    // Act
    const second = await area.run(withJobs());

    // Assess
    expect(await historyOf(area)).toEqual({
      label: LABEL,
      ended: false,
      completions: [
        {
          completed: NOW - 2 * HOUR,
          jobId: JOB,
          checkpointId: '1',
          savepoint: false,
          bytes: 200 + INLINE,
          incrementBytes: null,
        },
        {
          completed: NOW + HOUR / 2,
          jobId: JOB,
          checkpointId: '2',
          savepoint: false,
          bytes: 5_000,
          incrementBytes: null,
        },
        {
          completed: NOW + HOUR,
          jobId: OTHER_JOB,
          checkpointId: '1',
          savepoint: false,
          bytes: 200 + INLINE,
          incrementBytes: INLINE,
        },
      ],
      measures: [
        expect.objectContaining({ at: NOW, live: first.record.live.bytes, reclaimable: 0, roots: 1, restorePoints: 1 }),
        expect.objectContaining({
          at: NOW + 2 * HOUR,
          live: second.record.live.bytes,
          roots: 2,
          restorePoints: 2,
          costPerMonth: null,
        }),
      ],
    });
  });
});

describe('The history of a job', () => {
  it('tells by how much a checkpoint grew: what was written after the one before', async () => {
    // Prepare
    const area = await open('directory');
    const job = new PlayedJob(area, undefined, area.url);
    job.complete(1, [job.upload(1)], NOW - 2 * HOUR);
    job.complete(2, [job.file(1), job.upload(2, NOW - HOUR - 1_000)], NOW - HOUR);

    // Act
    await area.run(withJobs());

    // Assess
    const history = await historyOf(area);
    expect(history?.completions.map(({ bytes, incrementBytes }) => [bytes, incrementBytes])).toEqual([
      [100 + INLINE, null],
      [200 + INLINE, 100 + INLINE],
    ]);
  });

  it('is the same for events that come twice and late', async () => {
    // Prepare
    const once = await open('directory');
    const often = await open('directory');
    for (const area of [once, often]) {
      new PlayedJob(area, undefined, area.url).complete(9, [], NOW - 3 * HOUR);
      await area.run(withJobs());
      await writeObservations(area.ledger, [observationOf(10, NOW + 1_000)]);
      area.time = NOW + HOUR;
    }

    // Act
    await once.run(withJobs());
    await often.run(withJobs());
    await writeObservations(often.ledger, [observationOf(10, NOW + 1_000)]);
    for (const area of [once, often]) {
      area.time = NOW + 2 * HOUR;
      await area.run(withJobs());
    }

    // Assess
    expect(await historyOf(often)).toEqual({
      ...(await historyOf(once)),
      measures: (await historyOf(once))?.measures,
    });
    expect((await historyOf(often))?.completions).toHaveLength(2);
  });

  it('hears of no savepoint, whose job only the area tells, and of no other place', async () => {
    // Prepare
    const area = await open('directory');
    const job = new PlayedJob(area, undefined, area.url);
    job.complete(1, [job.upload(1)], NOW - 2 * HOUR);
    const savepoint = `s3://bucket/flink/savepoint-${JOB.slice(0, 6)}-000000000001/_metadata`;
    await writeObservations(area.ledger, [observationOf(5, NOW - HOUR, { url: savepoint, job: null })]);
    await writeObservations(area.ledger, [observationOf(6, NOW - HOUR, { url: 's3://elsewhere/chk-6/_metadata' })]);
    await area.ledger.writeFile('observations/20270228T23/no-job/garbled.json', Buffer.from('{'));

    // Act
    const { notes } = await area.run(withJobs());

    // Assess
    expect(notes).toEqual([]);
    expect((await historyOf(area))?.completions).toHaveLength(1);
  });

  it('ends with its job, and is forgotten after a quarter', async () => {
    // Prepare
    const area = await open('directory');
    const job = new PlayedJob(area, undefined, area.url);
    const other = new PlayedJob(area, 'elsewhere/chk/', area.url);
    other.complete(1, [], NOW - HOUR);
    const file = job.upload(1);
    const root = job.complete(1, [file], NOW - HOUR);
    await area.run(withJobs());
    area.remove(file, root);

    // Act
    area.time = NOW + DAY;
    await area.run(withJobs());
    const ended = await historyOf(area);
    area.time = NOW + 91 * DAY;
    await area.run(withJobs());

    // Assess
    expect(ended).toMatchObject({ ended: true, measures: [expect.objectContaining({ at: NOW })] });
    expect(await historyOf(area)).toBeNull();
  });

  it('has ended where its job was silent for long, or is declared dead', async () => {
    const area = await open('directory');
    const job = new PlayedJob(area, undefined, area.url);
    job.complete(1, [job.upload(1)], NOW - 2 * DAY);
    await area.run(withJobs());
    const running = (await historyOf(area))?.ended;

    await area.run({ ...withJobs(), survey: { deadJobs: [JOB] } });

    expect([running, (await historyOf(area))?.ended]).toEqual([false, true]);
    area.time = NOW + 20 * DAY;
    await area.run(withJobs());
    expect((await historyOf(area))?.ended).toBe(true);
  });

  it('begins anew where it can’t be read, with a sentence, and the run goes on', async () => {
    // Prepare
    const area = await open('directory');
    const job = new PlayedJob(area, undefined, area.url);
    job.complete(1, [job.upload(1)], NOW - 2 * HOUR);
    const file = `history/${String(historyFileOf(LABEL)).padStart(2, '0')}.ndjson.gz`;
    await area.ledger.writeFile(file, gzipSync('{"label":"orders"}\n'));

    // Act
    const { notes, record } = await area.run(withJobs());

    // Assess
    expect(record.result).toBe('observed');
    expect(notes).toEqual([expect.stringContaining(`${file} of the ledger the ledger in memory can't be read`)]);
    expect((await historyOf(area))?.measures).toHaveLength(1);
  });

  it('stops no run where the ledger does not take it', async () => {
    // Prepare
    const area = await open('directory');
    const job = new PlayedJob(area, undefined, area.url);
    job.complete(1, [job.upload(1)], NOW - 2 * HOUR);
    area.onLedgerCall = (call) => {
      if (call.startsWith('ledger: write file history/')) {
        throw new StoreError('unavailable', 'The ledger is full.');
      }
    };

    // Act
    const { notes, record } = await area.run(withJobs());

    // Assess
    expect(record.result).toBe('observed');
    expect(notes).toEqual(['The history of the jobs could not be extended by this run: The ledger is full.']);
  });

  it('is left alone by a run over a part of the area', async () => {
    // Prepare
    const area = await open('directory', { prefixes: ['flink/', 'more/'] });
    const job = new PlayedJob(area, undefined, area.url);
    job.complete(1, [job.upload(1)], NOW - 2 * HOUR);
    new PlayedJob(area, `more/${OTHER_JOB}/`, area.url).complete(1, [], NOW - HOUR);
    await area.run(withJobs());
    const before = [await historyOf(area), await jobsState(area.ledger)];

    // Act
    area.time = NOW + HOUR;
    const { breakers } = await area.run({ ...withJobs(), survey: { locations: area.locations.slice(1) } });

    // Assess
    expect(breakers.map(({ breaker }) => breaker)).toContain('area-shrunk');
    expect([await historyOf(area), await jobsState(area.ledger)]).toEqual(before);
  });

  it('is shown to whoever asks as the run goes, each job once', async () => {
    const area = await open('directory');
    for (const id of [JOB, OTHER_JOB]) new PlayedJob(area, `a/${id}/`, area.url).complete(1, [], NOW - HOUR);
    const shown: string[] = [];

    await area.run(withJobs(({ label }) => shown.push(label)));

    expect(shown.sort()).toEqual([JOB, OTHER_JOB].sort());
    expect(await jobsState(area.ledger)).toEqual({
      surveyed: new Date(NOW).toISOString(),
      severalFolders: false,
      jobs: 2,
      files: [JOB, OTHER_JOB].map(historyFileOf).toSorted((a, b) => a - b),
      undecidable: 0,
    });
  });
});
