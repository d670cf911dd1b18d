import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LedgerFolder } from '#adapters/ledger/ledger-folder.ts';
import { historyFileOf, writeHistories } from '#operations/ledger/job-histories.ts';
import { completion, historyOf } from '#test/support/job-histories.ts';
import { JOB } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { below, documentOf, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const REPLAY = ['signals', '--history', 'orders.ndjson'];

function line(hours: number, rest: object): string {
  const at = new Date(Date.UTC(2027, 2, 1) + hours * 3_600_000).toISOString();
  return `${JSON.stringify({ at, job: 'orders', ...rest })}\n`;
}

function completed(hours: number, rest: object = {}): string {
  return line(hours, { event: 'completed', bytes: 1e9, ...rest });
}

const LATE = [completed(0), completed(1), completed(2), completed(3), completed(9)];

async function replayed(text: string, args: readonly string[] = [], config = '{}', columns = 100) {
  const cwd = await makeDirectory({ 'orders.ndjson': text, 'steward.json': config });
  return await steward(cwd, [...REPLAY, ...args], columns);
}

describe('The page about signals', () => {
  it('shows what its example prints', async () => {
    const page = await readFile(join(import.meta.dirname, '../../docs/signals.md'), 'utf8');
    const [, example = ''] = /```ndjson\n(.*?)```/s.exec(page) ?? [];
    const [, output] = /```\n\$ steward signals --history orders\.ndjson\n(.*?)```/s.exec(page) ?? [];

    const { out, status } = await replayed(example, [], '{}', 80);

    expect(out).toBe(output);
    expect(status).toBe(1);
  });
});

describe('steward signals', () => {
  it('prints each alarm as a row with --format csv', async () => {
    const { out, status } = await replayed(`${LATE.join('')}${completed(20)}${completed(30)}`, ['--format', 'csv']);

    expect(status).toBe(1);
    expect(out.split('\r\n').slice(0, 2)).toEqual([
      'job,alarm,fired,recovered,metric,value,threshold,cause,budget_bytes',
      'orders,late-checkpoint,2027-03-01T07:00:00.000Z,2027-03-01T09:00:00.000Z,Lateness,4,3,,',
    ]);
  });

  it('says when a checkpoint was late, and ends with status 1', async () => {
    const { out, err, status } = await replayed(LATE.join(''));

    expect(status).toBe(1);
    expect(err).toBe('');
    expect(out).toBe(
      [
        'Replay of orders.ndjson',
        'From 2027-03-01 00:00 to 2027-03-01 09:00 UTC: 1 job, 1 alarm.',
        '',
        'orders',
        'fired             recovered         alarm',
        "2027-03-01 07:00  2027-03-01 09:00  Checkpoint late: the newest is 4.00 of the job's usual intervals",
        '                                    old (alarm above 3).',
        '',
        'What each alarm means, and what to run:',
        '  docs/runbook.md#late-checkpoint',
        '',
      ].join('\n'),
    );
  });

  it('prints the same as one document', async () => {
    const ran = await replayed(LATE.join(''), ['--json', '--now', '2027-03-01T08:00:00Z']);

    expect(ran.status).toBe(1);
    expect(documentOf(ran)).toEqual({
      history: 'orders.ndjson',
      from: '2027-03-01T00:00:00.000Z',
      until: '2027-03-01T08:00:00.000Z',
      thresholds: { jump: 3, horizon: 14, reclaimableShare: 0.5, lateness: 3, paused: 24 },
      jobs: [
        {
          job: 'orders',
          ended: false,
          alarms: [
            {
              alarm: 'late-checkpoint',
              title: 'Checkpoint late',
              fired: '2027-03-01T07:00:00.000Z',
              recovered: null,
              metric: 'Lateness',
              value: 4,
              threshold: 3,
              cause: null,
              causeText: null,
              budget: null,
              runbook: 'docs/runbook.md#late-checkpoint',
            },
          ],
          gauges: expect.objectContaining({ CheckpointBytes: 1e9, Lateness: 5, TotalBytes: null }),
        },
      ],
      spread: { 'late-checkpoint': 'one' },
    });
  });

  it('tells the same of unordered, doubled and late lines', async () => {
    const ordered = await replayed(LATE.join(''), ['--json']);
    const mixed = await replayed([...LATE.toReversed(), '\n', ...LATE.slice(1, 3)].join(''), ['--json']);
    expect(mixed).toEqual(ordered);
  });

  it('takes thresholds, budgets and the age of dead jobs from the configuration', async () => {
    const signals = { lateness: 100, budget: { orders: '1GB' } };
    const survey = { event: 'survey', live: 2e9 };
    const surveys = Array.from({ length: 60 }, (_, hour) => line(hour / 2, survey));
    const config = JSON.stringify({ signals, collect: { deadAfter: '2d' } });

    const { out, status } = await replayed([...LATE, ...surveys, line(47, survey)].join(''), [], config, 120);

    expect(status).toBe(1);
    expect(out).toContain(
      '2027-03-01 19:00  not yet    Storage budget will be reached: now (alarm below 14). It is 1.0 GB.',
    );
    expect(out).toContain('docs/runbook.md#budget\n');
    expect(out).not.toContain('Checkpoint late');
  });

  it('ends with status 0 where nothing would have fired, and says so of each job', async () => {
    const others = ['a', 'b'].map((job) => completed(0, { job }));
    const { out, status } = await replayed([completed(0), ...others].join(''));
    expect(status).toBe(0);
    expect(out).toContain('UTC: 3 jobs, 0 alarms.\n\nNo alarm: a, b, orders\n');
  });

  it('says where all jobs raise the same alarm', async () => {
    const all = ['a', 'b', 'c'].flatMap((job) => [0, 1, 2, 3, 9].map((hours) => completed(hours, { job })));
    const { out } = await replayed(all.join(''));
    expect(out).toContain('"Checkpoint late" fired on all jobs. Look for a cause outside the jobs.\n');
  });

  it('marks jobs that have ended', async () => {
    const { out } = await replayed([...LATE, line(10, { event: 'ended' })].join(''));
    expect(out).toContain('\norders (ended)\n');
  });

  it.each([80, 120])('fits a terminal of %d columns, with numbers of every alarm', async (columns) => {
    // Prepare
    const gib = 1024 ** 3;
    const lines = Array.from({ length: 24 * 16 }, (_, hour) => {
      const grown = 1 + Math.max(0, hour - 200) / 24;
      return [
        completed(hour, { checkpointId: hour, bytes: Math.round(gib * (hour > 250 ? 4 : 1)), jobId: 'a' }),
        line(hour + 0.1, {
          event: 'survey',
          live: gib,
          reclaimable: Math.round(4 * gib * grown),
          quarantined: 0,
          restorePoints: hour > 300 ? 0 : 1,
          newestDamaged: hour > 310,
        }),
      ].join('');
    });
    const long = completed(0, { job: 'x'.repeat(150) });
    const name = JSON.stringify({ signals: { growthHorizon: '30d' } });

    // Act
    const { out } = await replayed([...lines, completed(400), long].join(''), [], name, columns);

    // Assess
    for (const title of [
      'Checkpoint size jumped: two in a row are 4.00 times as large as usual',
      'Storage budget will be reached: in ',
      'Garbage piles up: 80 % of all its bytes',
      "Checkpoint late: the newest is 4.00 of the job's usual intervals",
      "No restore point: the job can't be restored from any checkpoint or savepoint.",
      'Newest checkpoint damaged: in two surveys in a row',
    ]) {
      expect(out.replaceAll(/\n +/g, ' ')).toContain(title);
    }
    expect(out.replaceAll(/\n +/g, ' ')).toContain(
      'assumed as five times its first three days. Garbage that may be deleted is',
    );
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(columns);
  });

  it('shows fifty alarms of a job, and fifty names', async () => {
    const surveys = Array.from({ length: 180 }, (_, hour) =>
      line(hour, { event: 'survey', live: 1, restorePoints: hour % 3 === 0 ? 1 : 0 }),
    );
    const others = Array.from({ length: 60 }, (_, job) => completed(0, { job: `job-${job}` }));
    const { out } = await replayed([...surveys, ...others].join(''));
    expect(out.match(/No restore point:/g)).toHaveLength(50);
    expect(out).toContain('… and 10 more alarms (see --json)\n');
    expect(out.replaceAll(/\n +/g, ' ')).toContain('and 10 more jobs\n');
  });

  it('refuses a line that is no event, with its number and the column of the key', async () => {
    const refused = async (bad: string) => {
      const { out, err, status } = await replayed(`${LATE[0]}\n${bad}\n`);
      expect({ out, status }).toEqual({ out: '', status: 2 });
      return err;
    };
    expect(await refused('{"at": 1')).toBe(
      'orders.ndjson:3:9: a comma or } is missing: here is the end of the file, so the file is refused. Put it right there or just before.\n',
    );
    expect(await refused('[]')).toBe(
      'orders.ndjson:3:1: this is no JSON object, so the file is refused. Write one JSON object a line, such as {"at": "2027-03-01T06:00:00Z", "job": "orders", "event": "ended"}.\n',
    );
    expect(await refused('{"event": "done"}')).toBe(
      'orders.ndjson:3:2: event is "done", so the file is refused. Write "completed" or "survey" or "ended".\n',
    );
    expect(await refused('{"at": "2027-03-01T06:00:00Z", "job": "a"}')).toBe(
      'orders.ndjson:3:1: event is missing, so the file is refused. Write "completed" or "survey" or "ended".\n',
    );
    expect(await refused('{"at": "yesterday", "job": "", "event": "ended"}')).toBe(
      [
        'orders.ndjson:3:2: at is "yesterday", so the file is refused. Write a time such as "2027-03-01T06:00:00Z".',
        'orders.ndjson:3:21: job is "", so the file is refused. Write the name of the job.',
        '',
      ].join('\n'),
    );
    expect(await refused(completed(1, { byte: 1 }))).toBe(
      'orders.ndjson:3:88: byte is not a known key, so the file is refused. The nearest known key is bytes: write that, or remove this one.\n',
    );
    expect(await refused(completed(1, { bytes: -1 }))).toBe(
      'orders.ndjson:3:69: bytes is -1, so the file is refused. Write a number of bytes, 0 or more.\n',
    );
    expect(await refused(completed(1, { checkpointId: 'x' }))).toBe(
      'orders.ndjson:3:88: checkpointId is "x", so the file is refused. Write a whole number of decimal digits, as a number or as a text.\n',
    );
    expect(await refused(line(1, { event: 'survey', live: 1, roots: 1.5 }))).toBe(
      'orders.ndjson:3:75: roots is 1.5, so the file is refused. Write a whole number, 0 or more.\n',
    );
    expect(await refused('{"event": "ended", "event": "ended"}')).toContain(':3:20: the key "event"');
  });

  it('refuses what holds nothing to replay', async () => {
    expect(await replayed('\n\n')).toEqual({
      status: 2,
      out: '',
      err: 'orders.ndjson contains no event, so there is nothing to replay. Write one event per line.\n',
    });
    expect((await replayed(LATE.join(''), ['--now', '2027-02-01'])).err).toBe(
      'orders.ndjson: the first event is at 2027-03-01T00:00:00.000Z, after --now, so there is nothing to replay. Give a later time.\n',
    );
    const cwd = await makeDirectory({});
    expect(await steward(cwd, REPLAY)).toEqual({
      status: 2,
      out: '',
      err: "orders.ndjson can't be read: no such file. Give a file with one event per line.\n",
    });
  });
});

describe('steward signals of a ledger', () => {
  const RECORDED = historyOf({ completions: [0, 1, 2, 3].map((hours) => completion(hours)) });
  const PLACES = ['bucket', '--as', 's3://bucket'];

  /** A ledger that a run has made, with the history of one more job. */
  async function withLedger(): Promise<string> {
    const cwd = await makeDirectory({ ...below('bucket', smallJob()), 'plain.ndjson.gz': gzipSync('hello') });
    await steward(cwd, ['collect', ...PLACES, '--ledger', 'ledger']);
    await writeHistories(new LedgerFolder(join(cwd, 'ledger')), historyFileOf('orders'), [RECORDED]);
    return cwd;
  }

  it('replays what runs recorded of each job, up to --now or the present', async () => {
    const cwd = await withLedger();

    const ran = await steward(cwd, ['signals', '--ledger', 'ledger', '--now', '2027-03-01T08:00:00Z', '--json']);
    const ofArea = await steward(cwd, ['signals', ...PLACES, '--ledger', 'ledger', '--json']);

    const { jobs, ...document } = documentOf(ran);
    expect(ran.status).toBe(1);
    expect(document).toMatchObject({
      history: join(cwd, 'ledger'),
      until: '2027-03-01T08:00:00.000Z',
      spread: { 'late-checkpoint': 'one' },
    });
    expect(jobs).toEqual([
      expect.objectContaining({ job: JOB, alarms: [] }),
      expect.objectContaining({
        job: 'orders',
        alarms: [expect.objectContaining({ alarm: 'late-checkpoint', fired: '2027-03-01T07:00:00.000Z' })],
      }),
    ]);
    expect(documentOf(ofArea).until).toBe('2027-03-01T03:00:00.000Z');
  });

  it('finds the ledger next to a local area', async () => {
    const cwd = await makeDirectory(below('bucket', smallJob()));
    await steward(cwd, ['collect', ...PLACES]);

    const { status, out } = await steward(cwd, ['signals', ...PLACES]);

    expect(status).toBe(0);
    expect(out).toContain(`No alarm: ${JOB}\n`);
  });

  it('is the same from a file of its folder history', async () => {
    const cwd = await withLedger();
    const file = `ledger/history/${String(historyFileOf('orders')).padStart(2, '0')}.ndjson.gz`;

    const { out } = await steward(cwd, ['signals', '--history', file, '--now', '2027-03-01T08:00:00Z']);

    expect(out).toContain(`Replay of ${file}\n`);
    expect(out).toContain('2027-03-01 07:00  not yet    Checkpoint late');
  });

  it('says of what is no history what it is, and what to type', async () => {
    const cwd = await withLedger();
    const refusalOf = async (...args: readonly string[]) => {
      const { status, out, err } = await steward(cwd, ['signals', ...args]);
      expect({ status, out }).toEqual({ status: 2, out: '' });
      return err;
    };

    expect(await refusalOf('--history', 'ledger')).toBe(
      'ledger is a directory. If it is a ledger, replay it with: steward signals --ledger ledger\n',
    );
    expect(await refusalOf('--history', 'plain.ndjson.gz')).toBe(
      'plain.ndjson.gz is compressed, but it is not a history file of a ledger (history/*.ndjson.gz). Give such a file, or an uncompressed file with one event per line.\n',
    );
    expect(await refusalOf('bucket', '--history', 'ledger')).toBe(
      '--history replays a file in place of a ledger, so leave out the locations, or --history.\n',
    );
    expect(await refusalOf('--ledger', 'none')).toContain(
      'To create it, make a first run: steward collect --ledger none\n',
    );
    expect(await refusalOf()).toContain('No location was given.');
  });

  it('says that nothing was recorded yet', async () => {
    const cwd = await makeDirectory({ 'bucket/notes.txt': 'x' });
    await steward(cwd, ['pause', ...PLACES, '--ledger', 'ledger']);

    const { status, err } = await steward(cwd, ['signals', ...PLACES, '--ledger', 'ledger']);

    expect(status).toBe(2);
    expect(err).toBe(
      `The ledger ${join(cwd, 'ledger')} contains no history of jobs, so there is nothing to replay. Each run records history: steward plan bucket --as s3://bucket --ledger ledger\n`,
    );
  });
});
