import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { parseFlinkPath } from '#core/flink/state-path.ts';
import { DAY, NOW, PlayedJob } from '#test/support/played-job.ts';
import { keepLast, type RunChanges, type Stewarded, useStewarded } from '#test/support/stewarded.ts';

/** Directories in which a job lives although little shows it: used again, shared by two clusters, or copied. */

const open = useStewarded();
const HOUR = 3_600_000;
const SETTINGS = { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 };
const RETIRE: RunChanges = { command: 'retire', sweep: null, retention: keepLast(1), survey: { settings: SETTINGS } };
const [ENDED = '', JOB = '', SUCCESSOR = ''] = ['a1', 'b2', 'c3'].map((pair) => pair.repeat(16));

function play(area: Stewarded, id: string, above = 'flink/'): PlayedJob {
  return new PlayedJob(area, `${above}${id}/`, area.url);
}

/** A job that has ended, with two checkpoints: one that starts may run on the older one, and not say so yet. */
function playEnded(area: Stewarded): PlayedJob {
  const job = play(area, ENDED);
  job.complete(1, [job.upload(101, NOW - 41 * DAY)], NOW - 40 * DAY);
  job.complete(2, [job.upload(102, NOW - 31 * DAY)], NOW - 30 * DAY);
  return job;
}

/** Two runs a day apart, so that the quarantine ends. */
async function sweepTwice(area: Stewarded, between: () => void, survey: RunChanges['survey'] = {}): Promise<void> {
  await area.run({ survey: { settings: SETTINGS, ...survey } });
  area.time += DAY;
  between();
  await area.run({ survey: { settings: SETTINGS, ...survey } });
}

async function retiredIn(area: Stewarded, changes: RunChanges = RETIRE): Promise<readonly string[]> {
  return (await area.run(changes)).retired.retired.map(({ key }) => key);
}

describe('No file is deleted', () => {
  it('of a cluster that shares directory and job id with another one, and whose checkpoints fail', async () => {
    // Prepare
    const area = await open('bucket');
    const job = play(area, '0'.repeat(32));
    job.complete(500, [job.upload(1, NOW - 4 * DAY)], NOW - 4 * DAY + HOUR);
    const upload = job.upload(2, NOW - 3 * DAY);
    job.complete(7, [job.upload(3, NOW - 26 * HOUR)], NOW - 25 * HOUR);
    job.complete(8, [job.upload(4, NOW - 3 * HOUR)], NOW - 2 * HOUR);
    job.upload(5, NOW - HOUR);

    // Act
    await sweepTwice(area, () => job.complete(9, [job.upload(6, area.time - 2 * HOUR)], area.time - HOUR));

    // Assess
    expect(area.keys()).toContain(upload);
  });

  it('where an old root was copied onto itself and looks like a new run', async () => {
    // Prepare
    const area = await open('bucket');
    const job = play(area, JOB);
    job.complete(9, [job.upload(1, NOW - 21 * DAY)], NOW - 2 * DAY);
    job.complete(10, [job.upload(2, NOW - 20.2 * DAY)], NOW - 20 * DAY);
    const upload = job.upload(3, NOW - 5 * DAY);
    job.upload(4, NOW - HOUR);

    // Act
    await sweepTwice(area, () => job.upload(5, area.time - HOUR));

    // Assess
    expect(area.keys()).toContain(upload);
  });

  it('of a job that shows no more than the directories of the checkpoints that it begins', async () => {
    // Prepare
    const area = await open('bucket');
    const job = play(area, JOB);
    job.complete(4, [job.upload(9, NOW - 31.5 * DAY)], NOW - 31 * DAY);
    job.complete(5, [job.upload(1, NOW - 31 * DAY)], NOW - 30 * DAY);
    const upload = job.upload(2, NOW - 16 * DAY);
    area.put(`${job.directory}chk-900/`, '', NOW - HOUR);

    // Act
    await sweepTwice(area, () => {
      area.remove(`${job.directory}chk-900/`);
      area.put(`${job.directory}chk-901/`, '', area.time - HOUR);
    });

    // Assess
    expect(area.keys()).toContain(upload);
  });

  it('of a job that was started again without state, and shows no more than the checkpoint that it begins', async () => {
    // Prepare
    const area = await open('bucket');
    const job = play(area, JOB);
    job.complete(4, [job.upload(9, NOW - 31.5 * DAY)], NOW - 31 * DAY);
    job.complete(5, [job.upload(1, NOW - 31 * DAY)], NOW - 30 * DAY);
    const upload = job.upload(2, NOW - 16 * DAY);
    area.put(`${job.directory}chk-1/`, '', NOW - HOUR);

    // Act
    await sweepTwice(area, () => {
      area.remove(`${job.directory}chk-1/`);
      area.put(`${job.directory}chk-2/`, '', area.time - HOUR);
    });

    // Assess
    expect(area.keys()).toContain(upload);
  });

  it('in a declared copy that is written to itself', async () => {
    // Prepare
    const area = await open('bucket');
    const [primary, backup] = [play(area, JOB), play(area, JOB, 'backup/')];
    primary.complete(90, [primary.upload(1, NOW - 3 * HOUR)], NOW - 2 * HOUR);
    backup.complete(50, [backup.upload(2, NOW - 13 * DAY)], NOW - 12 * DAY);
    const upload = backup.upload(3, NOW - 5 * DAY);
    backup.upload(4, NOW - HOUR);

    // Act
    await sweepTwice(
      area,
      () => {
        backup.upload(5, area.time - HOUR);
        primary.complete(91, [primary.upload(6, area.time - 2 * HOUR)], area.time - HOUR);
      },
      { copies: copies('s3://bucket/flink', 's3://bucket/backup') },
    );

    // Assess
    expect(area.keys()).toContain(upload);
  });

  it('where the declaration of a copy is written the wrong way round', async () => {
    // Prepare
    const area = await open('bucket');
    const [primary, replica] = [play(area, JOB), play(area, JOB, 'replica/')];
    const file = primary.upload(1, NOW - 13 * DAY);
    primary.complete(5, [file], NOW - 12 * DAY);
    const upload = primary.upload(2, NOW - 5 * DAY);
    primary.upload(3, NOW - HOUR);
    area.put(replica.file(1), 'x'.repeat(100), NOW - DAY);
    area.put(replica.root(5), primary.metadata(5, [file]), NOW - DAY + 1000);

    // Act
    await sweepTwice(area, () => primary.upload(4, area.time - HOUR), {
      copies: copies('s3://bucket/replica', 's3://bucket/flink'),
    });

    // Assess
    expect(area.keys()).toContain(upload);
  });
});

describe('No checkpoint is retired', () => {
  it('while a job starts again whose old files a long-lived successor still references', async () => {
    // Prepare
    const area = await open('bucket');
    playEnded(area);
    const [job, successor] = [play(area, JOB), play(area, SUCCESSOR)];
    const old = job.upload(1, NOW - 50 * DAY);
    job.upload(2, NOW - HOUR);
    successor.complete(71, [old, successor.upload(6, NOW - HOUR / 2)], NOW - HOUR / 3);

    // Act, Assess
    expect(await retiredIn(area)).toEqual([]);
  });

  it('while one of two directories of a job id starts, and a successor references files of the other', async () => {
    // Prepare
    const area = await open('bucket');
    playEnded(area);
    const [eu, us, successor] = [play(area, JOB, 'flink/eu/'), play(area, JOB, 'flink/us/'), play(area, SUCCESSOR)];
    const old = eu.upload(1, NOW - 50 * DAY);
    us.upload(2, NOW - HOUR);
    successor.complete(71, [old, successor.upload(6, NOW - HOUR / 2)], NOW - HOUR / 3);

    // Act, Assess
    expect(await retiredIn(area)).toEqual([]);
  });

  it('while a job that was declared dead starts again, and has made no more than directories', async () => {
    // Prepare
    const area = await open('bucket');
    playEnded(area);
    await area.run({ survey: { settings: SETTINGS, deadJobs: [JOB] } });
    area.time += 5 * DAY;
    for (const folder of ['shared', 'taskowned']) area.put(`flink/${JOB}/${folder}/`, '', area.time - HOUR);

    // Act, Assess
    expect(await retiredIn(area, { ...RETIRE, survey: { settings: SETTINGS, deadJobs: [JOB] } })).toEqual([]);
  });

  it('while a job starts in a directory with files of an earlier run, and has made no more than directories', async () => {
    // Prepare
    const area = await open('bucket');
    playEnded(area);
    play(area, JOB).upload(9, NOW - 50 * DAY);
    for (const folder of ['shared', 'taskowned']) area.put(`flink/${JOB}/${folder}/`, '', NOW - HOUR);

    // Act, Assess
    expect(await retiredIn(area)).toEqual([]);
  });

  it('while a job starts whose files only the backup of an ended job references', async () => {
    // Prepare
    const area = await open('bucket');
    playEnded(area);
    const [job, successor] = [play(area, JOB), play(area, SUCCESSOR)];
    const old = job.upload(1, NOW - 50 * DAY);
    successor.complete(7, [old, successor.upload(5, NOW - 40 * DAY)], NOW - 39 * DAY);
    job.upload(2, NOW - HOUR);
    area.put(`backup/${SUCCESSOR}/chk-7/_metadata`, successor.metadata(7, [old, successor.file(5)]), NOW - HOUR / 2);
    const survey = { settings: SETTINGS, copies: copies('s3://bucket/flink', 's3://bucket/backup') };

    // Act, Assess
    expect(await retiredIn(area, { ...RETIRE, survey })).toEqual([]);
  });

  it('while a job starts again, and nobody has watched it when the successor of its earlier run began', async () => {
    // Prepare: all own files of the successor are young, since RocksDB has compacted the others.
    const area = await open('bucket');
    playEnded(area);
    const [job, successor] = [play(area, JOB), play(area, SUCCESSOR)];
    const old = job.upload(1, NOW - 50 * DAY);
    job.upload(2, NOW - 4 * DAY);
    successor.complete(9_000, [old, successor.upload(6, NOW - 3 * DAY)], NOW - HOUR);

    // Act: the first runs of a new ledger.
    await area.run({ survey: { settings: SETTINGS } });
    area.time += HOUR;

    // Assess
    expect(await retiredIn(area)).toEqual([]);
  });

  it('while a job starts again, and the successor of its earlier run is new in the area only', async () => {
    // Prepare: the location of the successor was added while the job was starting.
    const area = await open('bucket', { prefixes: ['flink/', 'more/'] });
    const narrow = area.locations.slice(0, 1);
    playEnded(area);
    const [job, successor] = [play(area, JOB), play(area, SUCCESSOR, 'more/')];
    const old = job.upload(1, NOW - 50 * DAY);
    successor.complete(9_000, [old, successor.upload(6, NOW + 2 * DAY)], NOW + 3 * DAY);
    await area.run({ survey: { settings: SETTINGS, locations: narrow } });
    area.time += DAY;
    job.upload(2, area.time);
    await area.run({ survey: { settings: SETTINGS, locations: narrow } });
    area.time += 3 * DAY;

    // Act
    const retired = [await retiredIn(area), await retiredIn(area)];

    // Assess
    expect(retired).toEqual([[], []]);
  });

  it('of an earlier run of a job that was just started again from it', async () => {
    // Prepare
    const area = await open('bucket');
    const job = play(area, JOB);
    job.complete(50, [job.upload(1, NOW - 21 * DAY)], NOW - 20 * DAY);
    for (const [number, hours] of [
      [1, 15],
      [2, 9],
      [3, 3],
    ] as const) {
      job.complete(number, [job.upload(number + 1, NOW - (hours + 1) * HOUR)], NOW - hours * HOUR);
    }
    job.upload(5, NOW - HOUR);

    // Act, Assess
    expect(await retiredIn(area)).toEqual([]);
  });
});

describe('A job that was started without its state under its old id', () => {
  /** chk-12 and chk-13 of the former run; then chk-1 to chk-3, and an upload that no checkpoint took. */
  function playAgain(area: Stewarded, began: number): string {
    const job = play(area, JOB);
    job.complete(12, [job.upload(1, NOW - 62 * DAY)], NOW - 61 * DAY);
    job.complete(13, [job.upload(2, NOW - 61 * DAY)], NOW - 60 * DAY);
    const garbage = job.upload(3, NOW - 8 * DAY);
    job.complete(1, [job.upload(4, NOW - began - HOUR)], NOW - began);
    job.complete(2, [job.upload(5, NOW - 3 * DAY)], NOW - 2 * DAY);
    job.complete(3, [job.upload(6, NOW - 3 * HOUR)], NOW - 2 * HOUR);
    return garbage;
  }

  const complete = (area: Stewarded) => () => {
    const job = play(area, JOB);
    job.complete(4, [job.upload(7, area.time - 3 * HOUR)], area.time - 2 * HOUR);
  };

  it('is cleaned while it runs, and all that its former run references stays', async () => {
    const area = await open('bucket');
    const garbage = playAgain(area, 10 * DAY);
    const before = area.keys();

    await sweepTwice(area, complete(area));

    expect(before.filter((key) => !area.keys().includes(key))).toEqual([garbage]);
  });

  it('loses the checkpoints of its former run by policy, but for the newest', async () => {
    const area = await open('bucket');
    playAgain(area, 10 * DAY);

    expect(await retiredIn(area)).toEqual([`flink/${JOB}/chk-12/_metadata`]);
    expect(await retiredIn(area)).toEqual([]);
  });

  it('keeps all where its former run may be alive: it was not silent for deadAfter', async () => {
    const area = await open('bucket');
    playAgain(area, 10 * DAY);
    const job = play(area, JOB);
    for (const days of [50, 40, 30, 20]) job.upload(100 + days, NOW - days * DAY);
    const before = area.keys();

    await sweepTwice(area, complete(area));

    expect(before.filter((key) => !area.keys().includes(key))).toEqual([]);
    expect(await retiredIn(area)).toEqual([]);
  });
});

describe('A job that was started from the files of another, which had written for the last time', () => {
  it('does not stop the retiring of the area once a run has seen it', async () => {
    // Prepare
    const area = await open('bucket');
    playEnded(area);
    const [job, successor] = [play(area, JOB), play(area, SUCCESSOR)];
    const taken = job.upload(1, NOW - 50 * DAY);
    job.complete(13, [taken], NOW - 3 * DAY);
    await area.run({ survey: { settings: SETTINGS } });
    area.time += DAY;
    job.upload(2, area.time - 20 * HOUR);
    successor.complete(14, [taken, successor.upload(5, area.time - 3 * HOUR)], area.time - 2 * HOUR);

    // Act
    const first = await retiredIn(area);
    area.time += DAY;
    const next = await retiredIn(area);

    // Assess
    expect([first, next]).toEqual([[], [`flink/${ENDED}/chk-1/_metadata`]]);
  });
});

describe('A successor that deletes in the directory of a dead job', () => {
  /** S3A leaves an empty key in each folder of which the last file went. */
  async function playTakenOver(area: Stewarded): Promise<{ readonly job: PlayedJob; readonly garbage: string }> {
    const [job, successor] = [play(area, JOB), play(area, SUCCESSOR)];
    const taken = job.upload(1, NOW - 50 * DAY);
    const garbage = job.upload(2, NOW - 48 * DAY);
    job.complete(13, [taken], NOW - 47 * DAY);
    successor.complete(14, [taken, successor.upload(5, NOW - 46 * DAY)], NOW - 45 * DAY);
    await area.run({ survey: { settings: SETTINGS } });
    job.subsume(13);
    area.time += DAY;
    // Undecidable: somebody might be moving the directory.
    await area.run({ survey: { settings: SETTINGS } });
    area.time += DAY;
    for (const folder of ['', 'chk-13/', 'dstl/', 'taskowned/']) {
      area.put(`${job.directory}${folder}`, '', area.time - HOUR);
    }
    return { job, garbage };
  }

  it('does not keep its garbage', async () => {
    const area = await open('bucket');
    const { job, garbage } = await playTakenOver(area);

    await area.run({ survey: { settings: SETTINGS } });

    expect(area.keys()).not.toContain(garbage);
    expect(area.keys()).toContain(job.file(1));
  });

  it('does not stop the retiring of the area', async () => {
    const area = await open('bucket');
    playEnded(area);
    await playTakenOver(area);

    expect(await retiredIn(area)).toEqual([`flink/${ENDED}/chk-1/_metadata`]);
  });
});

function copies(from: string, to: string): NonNullable<NonNullable<RunChanges['survey']>['copies']> {
  const path = (url: string) => {
    const parsed = parseFlinkPath(url);
    if (parsed === null) throw new Error(`${url} is no path.`);
    return parsed;
  };
  return [{ from: path(from), to: path(to) }];
}
