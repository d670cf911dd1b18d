import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { readCertificate } from '#operations/ledger/certificates.ts';
import { type ObjectStore, StoreError } from '#ports/object-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { playJob, type RunChanges, type Stewarded, useStewarded } from '#test/support/stewarded.ts';
import { verified } from '#test/support/verified.ts';
import { runningJob } from '#test/support/world.ts';

const open = useStewarded();
const RULES: RunChanges = { survey: { settings: { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 } } };

/** An area in which a run is to delete one file, and whatever else a test puts into it. */
async function ripe(
  play: (area: Stewarded, job: PlayedJob) => void = () => {},
  directory?: string,
): Promise<Stewarded> {
  const area = await open('bucket');
  play(area, playJob(area, directory));
  await area.run(RULES);
  area.time = NOW + DAY;
  return area;
}

describe('A run that kept all rules is proven', () => {
  it('where nothing but a marker is left of a directory of the job', async () => {
    // Prepare: S3A leaves the marker when it deletes the last file.
    const area = await open('bucket');
    const job = playJob(area);
    area.put(`eu/${JOB}/shared/${uuid(77)}`, 'x'.repeat(100), NOW - 40 * DAY);
    await area.run(RULES);
    area.remove(`eu/${JOB}/shared/${uuid(77)}`);
    area.put(`eu/${JOB}/shared/`, '', NOW + 1_000);
    area.time = NOW + DAY;

    // Act: it throws unless the second judge finds the run proven.
    const { record, notes } = await area.run(RULES);

    // Assess
    expect(area.keys()).not.toContain(job.file(2));
    expect(record).toMatchObject({ result: 'done', deleted: { objects: 1 }, certificate: expect.any(String) });
    expect(notes).toEqual([]);
  });

  it('where a second cluster of the same job id completes a full checkpoint while it deletes', async () => {
    // Prepare
    const area = await ripe();
    const second = new PlayedJob(area, `eu/${JOB}/`, area.url);
    const beforeActing = async () => {
      second.complete(1, [second.upload(200, area.time)], area.time, 'full-checkpoint');
    };

    // Act
    const { record } = await area.runUnverified({ ...RULES, beforeActing });

    // Assess
    expect(record).toMatchObject({ result: 'done', deleted: { objects: 1 } });
    expect(await verified(area.ledger, record.run, area.locations)).toMatchObject({ proof: 'proven', findings: [] });
  });

  it('where a root that it could not read can be read later', async () => {
    // Prepare: the root is completed after the first batch, and its store does not answer before the second.
    const area = await open('directory', { prefixes: ['a/', 'b/'] });
    const first = playJob(area, `a/${JOB}/`);
    playJob(area, `b/${OTHER_JOB}/`);
    await area.run(RULES);
    area.time = NOW + DAY;
    let isSilent = false;
    const locations = area.locations.map((location) => ({
      ...location,
      store: silent(location.store, () => isSilent),
    }));
    const onDeleted = () => {
      if (isSilent) return;
      isSilent = true;
      area.time += 60_000;
      first.complete(2, [first.file(1), first.upload(300, area.time)], area.time);
    };
    const survey = { ...RULES.survey, locations };
    const { record } = await area.runUnverified({ ...RULES, survey, onDeleted });

    // Act
    const { findings, roots } = await verified(area.ledger, record.run, area.locations);

    // Assess
    expect(record).toMatchObject({ result: 'stopped', deleted: { objects: 1 } });
    expect({ findings, roots }).toEqual({ findings: [], roots: { certified: 3, readAgain: 2, gone: 0, unread: 1 } });
  });

  it.each([
    ['two slashes', (area: Stewarded, job: PlayedJob) => copyRoot(area, job, `flink//${JOB}/chk-1/_metadata`)],
    ['a dot', (area: Stewarded, job: PlayedJob) => copyRoot(area, job, `flink/./${JOB}/chk-1/_metadata`)],
    ['a backslash', (area: Stewarded, job: PlayedJob) => copyRoot(area, job, `flink/a\\b/${JOB}/chk-1/_metadata`)],
  ])('where a copy of a root lies below a path with %s', async (_, play) => {
    const area = await ripe(play);

    const { record } = await area.run(RULES);

    expect(record).toMatchObject({ result: 'done', deleted: { objects: 1 } });
  });

  it.each([
    ['has completed no checkpoint since its start', 0, true],
    ['has completed one', 1, false],
  ])('where a cluster says that the job runs and %s', async (_, completedCheckpoints, starting) => {
    // Prepare: it has completed the checkpoint that is there before its last restart.
    const area = await ripe((_, job) => job.complete(2, [job.file(1)], NOW - DAY));
    const { cluster, ...job } = runningJob({ jobId: JOB, completedCheckpoints });
    const running = [{ name: cluster, jobs: async () => [job] }];

    // Act
    const { record } = await area.run({ survey: { ...RULES.survey, running } });

    // Assess
    expect(record).toMatchObject({ result: 'done', deleted: { objects: 1 } });
    const stored = await readCertificate(area.ledger, record.run);
    expect(stored?.certificate?.jobs).toMatchObject([{ id: JOB, running: true, starting }]);
  });

  it('where a folder above the job is called like one of ForSt', async () => {
    const area = await ripe(() => {}, `op_etl_attempt_1/${JOB}/`);

    const { record } = await area.run(RULES);

    expect(record).toMatchObject({ result: 'done', deleted: { objects: 1 } });
  });
});

/** Of long ago, so that it would make files look needed that a later checkpoint shows to be unused. */
function copyRoot(area: Stewarded, job: PlayedJob, key: string): void {
  area.put(key, job.metadata(1, [job.file(1)]), NOW - 20 * DAY);
}

describe('A run that the ledger fails once', () => {
  it('is proven where only its record could not be written', async () => {
    // Prepare
    const area = await ripe();
    let failures = 1;
    area.onLedgerCall = (call) => {
      if (/write file .*summary/.test(call) && failures-- > 0) throw new StoreError('unavailable', 'No answer.');
    };

    // Act: what is written then says that the run failed, and nothing of what it did.
    await expect(area.runUnverified({ ...RULES, run: 'run' })).rejects.toThrow('No answer.');
    area.onLedgerCall = () => {};

    // Assess
    expect(await verified(area.ledger, 'run')).toMatchObject({
      proof: 'proven',
      notes: ['Run run is recorded as failed, so nothing that a record counts was compared with its log.'],
      findings: [],
    });
  });

  it('has no certificate that counts where the list could not be written', async () => {
    // Prepare
    const area = await ripe((_, job) => job.upload(60, NOW - 2 * DAY));
    area.onLedgerCall = (call) => {
      if (/: write certificates/.test(call)) throw new StoreError('unavailable', 'No answer.');
    };

    // Act
    const { record } = await area.runUnverified(RULES);
    area.onLedgerCall = () => {};

    // Assess
    expect(record.certificate).toBeNull();
    expect(await verified(area.ledger, record.run)).toMatchObject(UNLISTED(record.run));
  });

  it('has no certificate that counts where it was killed before it wrote the list', async () => {
    const area = await ripe();
    let isDead = false;
    area.onLedgerCall = (call) => {
      isDead ||= /: write certificates/.test(call);
      if (isDead) throw new Error('killed');
    };

    await expect(area.runUnverified({ ...RULES, run: 'killed' })).rejects.toThrow('killed');
    area.onLedgerCall = () => {};

    expect(await verified(area.ledger, 'killed')).toMatchObject(UNLISTED('killed'));
  });

  it('writes no certificate once another run holds the lease, and is on record all the same', async () => {
    // Prepare: the run stands still after its only batch, and the next one takes over.
    const area = await ripe();
    const { documents } = area.ledgerContent;
    area.onLedgerCall = (call) => {
      if (!/write file .*done/.test(call)) return;
      area.time += 600_000;
      documents.set('lease', { tag: 'other', text: documents.get('lease')?.text ?? '' });
    };

    // Act
    const { record, notes } = await area.runUnverified(RULES);
    area.onLedgerCall = () => {};

    // Assess
    expect(record).toMatchObject({ result: 'done', certificate: null, deleted: { objects: 1 } });
    expect(notes.join()).toContain('No certificate of this run could be written');
    expect(documents.has('certificates')).toBe(false);
    expect((await verified(area.ledger, record.run)).proof).toBe('no-certificate');
  });

  it('is proven where the list was written and the answer was lost', async () => {
    // Prepare
    const area = await ripe();
    const { ledger } = area;
    const lossy = new Proxy(ledger, {
      get: (target, name: keyof typeof ledger) => {
        if (name !== 'writeDocument') return bound(target, name);
        return async (...args: Parameters<typeof ledger.writeDocument>) => {
          const tag = await target.writeDocument(...args);
          if (args[0] === 'certificates') throw new StoreError('unavailable', 'No answer.');
          return tag;
        };
      },
    });

    // Act
    const { record } = await area.runUnverified({ ...RULES, ledger: lossy });

    // Assess
    expect(record.certificate).toBeNull();
    expect(await verified(ledger, record.run)).toMatchObject({ proof: 'proven', findings: [] });
  });
});

const UNLISTED = (run: string) => ({
  proof: 'no-certificate',
  why: `The certificate of run ${run} does not count: the run could not add it to the ledger's list. What its log says of each object was looked at, and nothing else is known.`,
  findings: [],
});

/** A store that reads no second checkpoint while it is silent. */
function silent(store: ObjectStore, isSilent: () => boolean): ObjectStore {
  return new Proxy(store, {
    get: (target, name: keyof ObjectStore) => {
      if (name !== 'read') return bound(target, name);
      return (...args: Parameters<ObjectStore['read']>) => {
        if (isSilent() && args[0].includes('chk-2/')) throw new StoreError('unavailable', 'No answer.');
        return target.read(...args);
      };
    },
  });
}

function bound<Target extends object>(target: Target, name: keyof Target): unknown {
  const value: unknown = target[name];
  return typeof value === 'function' ? value.bind(target) : value;
}
