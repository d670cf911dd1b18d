import { Buffer } from 'node:buffer';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { JUDGEMENTS } from '#core/collect/judge.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import type { JudgementRule } from '#core/collect/verdicts.ts';
import { certificatePath, writeCertificate } from '#operations/ledger/certificates.ts';
import { pin } from '#operations/ledger/declarations.ts';
import { EMPTY_RUN, readRun, writeRun } from '#operations/ledger/run-records.ts';
import { updateState } from '#operations/ledger/state.ts';
import { type ObjectStore, StoreError } from '#ports/object-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { keepLast, playJob, type RunChanges, type Stewarded, useStewarded } from '#test/support/stewarded.ts';
import { expectNoticed, verified } from '#test/support/verified.ts';

const open = useStewarded();
type Location = Stewarded['locations'][number];
const HOUR = 3_600_000;
const RULES: RunChanges = { survey: { settings: { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 } } };

/** An area in which a run is to delete one file. */
async function ripe(): Promise<{ readonly area: Stewarded; readonly job: PlayedJob }> {
  const area = await open('directory');
  const job = playJob(area);
  await area.run(RULES);
  area.time = NOW + DAY;
  return { area, job };
}

/** From a call on, nothing of the ledger answers any more: the process is dead. */
function dieAt(area: Stewarded, first: RegExp): void {
  let isDead = false;
  area.onLedgerCall = (call) => {
    isDead ||= first.test(call);
    if (isDead) throw new Error('killed');
  };
}

interface Without {
  /** The rules that the steward lacks. */
  readonly rules: readonly JudgementRule[];
  /** What would be kept by them. */
  readonly play: (area: Stewarded, job: PlayedJob) => void;
  /** What the second judge says. */
  readonly broken: string;
}

describe('A steward that lacks a rule', () => {
  it.each<Without>([
    { rules: ['named-by-root'], play: () => {}, broken: 'named-by-root' },
    {
      rules: ['base-name'],
      play: (_, job) => {
        job.upload(50);
        job.complete(2, [job.file(1), job.file(50, 'chk-2')]);
      },
      broken: 'named-by-root',
    },
    { rules: ['root'], play: (_, job) => job.complete(2, [job.file(1)], NOW), broken: 'root' },
    { rules: ['taskowned'], play: (_, job) => job.upload(50, NOW - 5 * DAY, 'taskowned'), broken: 'taskowned' },
    {
      rules: ['unknown-name'],
      play: (area, job) => area.put(`${job.directory}shared/readme`, 'x', NOW - 5 * DAY),
      broken: 'unknown-name',
    },
    {
      rules: ['savepoint-files'],
      play: (area) => area.put(`sp/savepoint-946894-0123456789ab/${uuid(50)}`, 'x', NOW - 5 * DAY),
      broken: 'savepoint-files',
    },
    {
      rules: ['min-age'],
      play: (_, job) => {
        job.upload(50, NOW - HOUR);
        job.complete(2, [job.file(1)], NOW);
      },
      broken: 'min-age',
    },
    {
      rules: ['rootless-directory', 'no-later-checkpoint'],
      play: (area) => area.put(`flink/${OTHER_JOB}/shared/${uuid(50)}`, 'x', NOW - 5 * DAY),
      broken: 'rootless-directory',
    },
    {
      rules: ['no-later-checkpoint'],
      play: (_, job) => job.upload(50, NOW - 1.5 * DAY),
      broken: 'no-later-checkpoint',
    },
    { rules: ['quarantine'], play: () => {}, broken: 'quarantine' },
  ])('is found out by the second judge: $rules', async ({ rules, play, broken }) => {
    // Prepare
    const area = await open('directory');
    play(area, playJob(area));
    const lacking = { ...RULES, judgements: JUDGEMENTS.filter(({ rule }) => !rules.includes(rule)) };

    // Act: after the quarantine the young file is 22 hours old.
    const first = await area.run(lacking);
    area.time = NOW + 21 * HOUR;
    const second = await area.run(lacking);

    // Assess
    const { run } = first.record.deleted.objects > 0 ? first.record : second.record;
    await expectNoticed(area.ledger, run, broken, area.locations);
  });
});

describe('The roots, read again', () => {
  it('show that a deleted file is referenced, whatever the certificate says', async () => {
    // Prepare: the steward has overlooked a reference, and so has its certificate.
    const area = await open('directory');
    const job = playJob(area);
    const judgements = JUDGEMENTS.filter(({ rule }) => rule !== 'named-by-root');
    await area.run({ ...RULES, judgements });
    area.time = NOW + DAY;
    const { record } = await area.run({ ...RULES, judgements });

    // Act
    const { findings, roots } = await verified(area.ledger, record.run, area.locations);

    // Assess
    const url = `s3://bucket/${job.file(1)}`;
    expect(findings).toContainEqual({
      rule: 'named-by-root',
      url,
      sentence: `${url} was deleted, but s3://bucket/${job.root(1)} references it as ${url}.`,
    });
    expect(roots).toEqual({ certified: 1, readAgain: 1, gone: 0, unread: 0 });
  });

  it('show that the certificate leaves out a name', async () => {
    // Prepare
    const { area, job } = await ripe();
    const { record } = await area.run(RULES);
    const path = certificatePath(record.run);
    const lines = gunzipSync(area.ledgerContent.files.get(path) ?? Buffer.from(''))
      .toString('utf8')
      .split('\n');
    const rest = lines.filter((line) => !line.includes('"line":"names"'));
    area.ledgerContent.files.set(path, gzipSync(rest.join('\n')));

    // Act
    const { findings } = await verified(area.ledger, record.run, area.locations);

    // Assess
    const root = `s3://bucket/${job.root(1)}`;
    expect(findings).toContainEqual({
      rule: 'certificate',
      url: root,
      sentence: `The certificate leaves out a name that ${root} references: s3://bucket/${job.file(1)}.`,
    });
  });

  it('are left to their digests where they are gone, changed, or can’t be read', async () => {
    // Prepare
    const { area, job } = await ripe();
    job.complete(2, [job.file(1)], NOW);
    job.complete(3, [job.file(1)], NOW);
    job.complete(4, [job.file(1)], NOW);
    const { record } = await area.run(RULES);
    area.remove(job.root(1));
    job.complete(2, [job.file(3)], NOW + 2 * DAY);
    area.put(job.root(3), 'no metadata', NOW + 2 * DAY);

    // Act
    const { proof, roots } = await verified(area.ledger, record.run, area.locations);

    // Assess
    expect({ proof, roots }).toEqual({
      proof: 'proven',
      roots: { certified: 4, readAgain: 1, gone: 2, unread: 1 },
    });
  });
});

describe('The roots of a store that does not answer', () => {
  it('leave the certificate alone to stand for them, and that is said', async () => {
    const { area } = await ripe();
    const { record } = await area.run(RULES);

    const told = await verified(area.ledger, record.run, area.locations.map(withoutAnswer));

    expect(told).toMatchObject({
      proof: 'proven',
      notes: ['No checkpoint or savepoint could be read again, so the run is judged by the ledger alone.'],
      roots: { certified: 1, readAgain: 0, gone: 0, unread: 1 },
    });
  });

  it('are not all of them, and that is said too', async () => {
    const { area, job } = await ripe();
    job.complete(2, [job.file(1)], NOW);
    const { record } = await area.run(RULES);
    area.put(job.root(2), 'no metadata', NOW + 2 * DAY);

    const { notes } = await verified(area.ledger, record.run, area.locations);

    expect(notes).toEqual(['Those that could not be read again are judged by the ledger alone.']);
  });

  it('are read no more once the command is interrupted, which proves nothing', async () => {
    const { area } = await ripe();
    const { record } = await area.run(RULES);
    const controller = new AbortController();
    const interrupting = area.locations.map((location) => ({
      ...location,
      store: withoutAnswer(location, () => controller.abort(new Error('interrupted'))).store,
    }));

    await expect(verified(area.ledger, record.run, interrupting, controller.signal)).rejects.toThrow('interrupted');
    await expect(verified(area.ledger, record.run, area.locations, controller.signal)).rejects.toThrow('interrupted');
  });
});

/** A location of which nothing can be read. @param onRead called at each attempt. */
function withoutAnswer(location: Location, onRead: unknown = undefined): Location {
  const read: ObjectStore['read'] = async () => {
    if (typeof onRead === 'function') onRead();
    throw new StoreError('unavailable', 'No answer.');
  };
  return {
    ...location,
    store: new Proxy(location.store, { get: (store, name) => (name === 'read' ? read : Reflect.get(store, name)) }),
  };
}

describe('A run without a certificate', () => {
  it('deleted nothing, so it needs none', async () => {
    const area = await open('directory');
    playJob(area);

    const { record } = await area.run(RULES);

    expect(record).not.toHaveProperty('certificate');
    expect(await verified(area.ledger, record.run)).toMatchObject({
      proof: 'no-certificate',
      why: `Run ${record.run} deleted nothing, so it needs no certificate.`,
    });
  });

  it('was killed before its end: what its log says is looked at', async () => {
    const { area } = await ripe();
    dieAt(area, /write file .*certificate/);
    await expect(area.run({ ...RULES, run: 'killed' })).rejects.toThrow('killed');
    area.onLedgerCall = () => {};

    expect(await verified(area.ledger, 'killed')).toMatchObject({
      proof: 'no-certificate',
      deletions: 1,
      why: 'Run killed ended before it wrote a certificate. What its log says of each object was looked at, and nothing else is known.',
    });
  });

  it('could not write it, and says so', async () => {
    const { area } = await ripe();
    area.onLedgerCall = (call) => {
      if (/write file .*certificate/.test(call)) throw new StoreError('unavailable', 'The disk is full.');
    };

    const { record, notes } = await area.run(RULES);
    area.onLedgerCall = () => {};

    expect(record).toMatchObject({ result: 'done', certificate: null });
    expect(notes).toContain(
      'No certificate of this run could be written, so "verify-run" can\'t prove its deletions later: The disk is full.',
    );
    expect(await verified(area.ledger, record.run)).toMatchObject({
      proof: 'no-certificate',
      why: `Run ${record.run} has no certificate: it could not be written, or not be added to the ledger's list.`,
    });
  });

  it('has its record all the same, even where a fault of the steward kept it from its certificate', async () => {
    const { area } = await ripe();
    area.onLedgerCall = (call) => {
      if (/write file .*certificate/.test(call)) throw new RangeError('Invalid time value');
    };

    const { record, notes } = await area.run(RULES);

    expect(record).toMatchObject({ result: 'done', certificate: null, deleted: { objects: 1 } });
    expect(await readRun(area.ledger, record.run)).toEqual(record);
    expect(notes).toContain(
      'No certificate of this run could be written, so "verify-run" can\'t prove its deletions later: Invalid time value',
    );
  });

  it('is of a version that wrote none: no break of the chain, and no failure', async () => {
    // Prepare: as that version has left it.
    const { area, job } = await ripe();
    const first = await area.run(RULES);
    const { certificate: _, ...record } = first.record;
    await writeRun(area.ledger, record);
    area.ledgerContent.files.delete(certificatePath(record.run));
    area.ledgerContent.documents.delete('certificates');
    job.upload(60, NOW - 4 * DAY);
    area.time = NOW + 2 * DAY;
    await area.run(RULES);
    area.time = NOW + 3 * DAY;

    // Act
    const second = await area.run(RULES);

    // Assess
    expect(await verified(area.ledger, record.run)).toMatchObject({
      proof: 'no-certificate',
      why: `Run ${record.run} has no certificate: a version of the steward made it that wrote none.`,
    });
    expect(await verified(area.ledger, second.record.run)).toMatchObject({ proof: 'proven', deletions: 1 });
  });

  it('is not proven where its log alone shows that something is wrong', async () => {
    const { area } = await ripe();
    const { ledger } = area;
    const line = {
      url: `s3://bucket/flink/${JOB}/chk-1/_metadata`,
      bytes: 1,
      etag: '1',
      modified: '2027-01-01T00:00:00Z',
    };
    const lines = [
      { ...line, rule: 'garbage', garbageSince: '2027-01-01T00:00:00Z' },
      { ...line, url: 's3://bucket/x', rule: 'garbage', garbageSince: null },
      { ...line, url: 's3://bucket/x', rule: 'retired', garbageSince: null },
    ];
    const content = gzipSync(lines.map((each) => `${JSON.stringify(each)}\n`).join(''));
    await ledger.writeFile('runs/odd/planned-000001.ndjson.gz', content);
    await ledger.writeFile('runs/odd/done-000001.ndjson.gz', Buffer.from('no gzip'));
    await writeRun(ledger, { ...EMPTY_RUN, ...oddRun('odd'), area: [] });

    const { proof, findings } = await verified(ledger, 'odd');

    expect({ proof, rules: findings.map(({ rule }) => rule) }).toEqual({
      proof: 'not-proven',
      rules: ['log', 'root', 'quarantine', 'root'],
    });
  });
});

function oddRun(run: string) {
  return {
    run,
    command: 'collect',
    began: '2027-01-01T00:00:00Z',
    ended: '2027-01-01T00:00:00Z',
    executed: true,
    result: 'done',
    why: null,
  } as const;
}

describe('A run that retires', () => {
  /** An ended job of which a run retires the older checkpoint. */
  async function retiring(
    changes: RunChanges = {},
  ): Promise<{ readonly area: Stewarded; readonly job: PlayedJob; readonly run: string }> {
    const area = await open('directory');
    const job = playJob(area);
    job.complete(2, [job.file(1)], NOW - DAY);
    area.time = NOW + 20 * DAY;
    const retire = { ...RULES, retention: keepLast(1), sweep: null, command: 'retire' } as const;
    const { record } = await area.runUnverified({ ...retire, ...changes });
    expect(record.retired).toBe(1);
    return { area, job, run: record.run };
  }

  it('is proven by the copy in the ledger', async () => {
    const { area, run } = await retiring();

    expect(await verified(area.ledger, run, area.locations)).toMatchObject({
      proof: 'proven',
      deletions: 1,
      roots: { certified: 2, readAgain: 1, gone: 1 },
    });
  });

  it('is not proven without that copy', async () => {
    const { area, job, run } = await retiring();
    area.ledgerContent.files.delete(`retired/${run}/000001.metadata`);

    const { findings } = await verified(area.ledger, run);

    expect(findings).toEqual([
      {
        rule: 'root',
        url: `s3://bucket/${job.root(1)}`,
        sentence: `s3://bucket/${job.root(1)} was retired, but the ledger has no copy of it.`,
      },
    ]);
  });

  it('is not proven where a pattern protects the root', async () => {
    const { area, job, run } = await retiring({ protect: ['flink/**'] });

    const { findings } = await verified(area.ledger, run);

    const url = `s3://bucket/${job.root(1)}`;
    const sentence = `${url} was retired, but a pattern of "protect" protects it.`;
    expect(findings).toEqual([{ rule: 'protect-pattern', url, sentence }]);
  });

  it('is not proven where the run had not read the root', async () => {
    const { area, job, run } = await retiring();
    const path = certificatePath(run);
    const lines = gunzipSync(area.ledgerContent.files.get(path) ?? Buffer.from('')).toString('utf8');
    area.ledgerContent.files.set(path, gzipSync(lines.replaceAll(/"sha256":"\w+","late"/g, '"sha256":null,"late"')));

    const { findings } = await verified(area.ledger, run);

    const url = `s3://bucket/${job.root(1)}`;
    const sentence = `${url} was retired, but the run had not read it.`;
    expect(findings).toContainEqual({ rule: 'unreadable-root', url, sentence });
  });

  it('certifies the pins', async () => {
    const area = await open('directory');
    const job = playJob(area);
    await updateState(area.ledger, (state) => pin(state, `s3://bucket/${job.root(1)}`, null, NOW));
    await area.run(RULES);
    area.time = NOW + DAY;

    const { record } = await area.run(RULES);

    expect(await verified(area.ledger, record.run, area.locations)).toMatchObject({ proof: 'proven', deletions: 1 });
  });
});

describe('What needs an exception', () => {
  it('is a file that Flink copied for a job restored with NO_CLAIM', async () => {
    // Prepare: the copy is younger, and its job needs it.
    const area = await open('directory');
    const job = playJob(area);
    const successor = new PlayedJob(area, `flink/${OTHER_JOB}/`, area.url);
    successor.complete(1, [successor.upload(2, NOW - 4 * DAY)]);
    await area.run(RULES);
    area.time = NOW + DAY;

    // Act
    const { record } = await area.run(RULES);

    // Assess
    expect(area.keys()).not.toContain(job.file(2));
    expect(area.keys()).toContain(successor.file(2));
    expect(await verified(area.ledger, record.run, area.locations)).toMatchObject({ proof: 'proven', deletions: 1 });
  });

  it('is a file of a retired savepoint, which its copy in the ledger must name', async () => {
    // Prepare
    const area = await open('directory');
    const job = new PlayedJob(area, `flink/${JOB}/`, area.url);
    job.complete(1, [job.upload(0)]);
    for (const [number, name] of ['savepoint-946894-0123456789a1', 'savepoint-946894-0123456789a2'].entries()) {
      const own = new PlayedJob(area, `sp/${name}/`, area.url);
      const file = `sp/${name}/${uuid(70 + number)}`;
      area.put(file, 'x'.repeat(100), NOW - 4 * DAY);
      area.put(`sp/${name}/_metadata`, own.metadata(1, [file], 'savepoint-native'), NOW - (4 - number) * DAY);
    }
    area.time = NOW + 15 * DAY;
    const retiring = { ...RULES, command: 'retire', sweep: null, retention: keepLast(1) } as const;
    const { record: retired } = await area.run(retiring);
    area.time += DAY;
    await area.run(RULES);
    area.time += DAY;
    const { record } = await area.run(RULES);
    expect(record.deleted.objects).toBe(1);

    // Act
    const whole = await verified(area.ledger, record.run, area.locations);
    const copy = `retired/${retired.run}/000001.metadata`;
    const { files } = area.ledgerContent;
    const other = files.get(copy) ?? Buffer.from('');
    files.set(copy, other.subarray(0, 20));
    const cut = await verified(area.ledger, record.run, area.locations);
    files.delete(copy);
    const gone = await verified(area.ledger, record.run, area.locations);

    // Assess
    const url = `s3://bucket/sp/savepoint-946894-0123456789a1/${uuid(70)}`;
    const finding = {
      rule: 'savepoint-files',
      url,
      sentence: `${url} was deleted as a file of a retired savepoint, but ${copy} of the ledger does not reference it.`,
    };
    expect(whole.proof).toBe('proven');
    expect([cut.findings, gone.findings]).toEqual([[finding], [finding]]);
  });
});

describe('A certificate', () => {
  it('proves nothing of an area that could not be decided', async () => {
    // Prepare
    const { area } = await ripe();
    const root = {
      line: 'root',
      url: `s3://bucket/flink/${JOB}/chk-1/_metadata`,
      etag: '1',
      completed: '2027-01-01T00:00:00.000Z',
      state: 'unreadable',
      kind: null,
      sha256: null,
      late: false,
      writtenOff: false,
    } as const;
    const { maxDeleteFraction: _, ...settings } = DEFAULT_COLLECT_SETTINGS;
    await writeCertificate(area.ledger, {
      head: {
        run: 'odd',
        start: '2027-03-01T00:00:00.000Z',
        area: [],
        settings,
        protect: [],
        pins: [],
        undecidable: ['A reason.'],
        log: [],
        names: { count: 0, groupBits: 0 },
      },
      roots: [root, { ...root, url: 's3://bucket/late/_metadata', late: true }, { ...root, url: 's3://bucket/x.bak' }],
      jobs: [],
      exceptions: [],
      names: new BigUint64Array(),
    });

    // Act
    const { findings } = await verified(area.ledger, 'odd');

    // Assess
    expect(findings).toEqual([
      { rule: 'undecidable-area', url: null, sentence: 'A reason.' },
      { rule: 'unreadable-root', url: root.url, sentence: `${root.url} could not be read.` },
    ]);
  });
});
