import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LedgerFolder } from '#adapters/ledger/ledger-folder.ts';
import { Lease } from '#operations/ledger/lease.ts';
import { readState, updateState } from '#operations/ledger/state.ts';
import { JOB, NOW, OTHER_JOB } from '#test/support/played-job.ts';
import { ALONE } from '#test/support/stewarded.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, at, runOf, twoJobs } from './acting.ts';
import { documentOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const ROOT = `flink/${OTHER_JOB}/chk-3`;
const URL = `s3://bucket/${ROOT}/_metadata`;
const PIN = ['pin', ROOT, ...AREA, '--execute'];

describe('A pin', () => {
  it.each([
    ['its URL', `s3a://bucket/${ROOT}`],
    ['its page in the AWS console', `https://eu-central-1.console.aws.amazon.com/s3/buckets/bucket?prefix=${ROOT}/`],
    ['its path from here', `bucket/${ROOT}`],
    ['its path as a shell completes it', `./bucket/${ROOT}/`],
    ['the first digits of its job, and its name', `${OTHER_JOB.slice(0, 4)}/chk-3`],
    ['the end of its path', 'chk-3'],
    ['the end of the path of its file', 'chk-3/_metadata'],
    ['too many slashes', `//${ROOT}/`],
  ])('takes the names of a root that are explained: %s', async (_, name) => {
    const cwd = await makeDirectory(twoJobs());

    const ran = await steward(cwd, ['pin', name, ...AREA, '--execute', '--json']);

    expect(documentOf(ran)).toMatchObject({ pinned: URL });
    // The same name takes it off again.
    expect(documentOf(await steward(cwd, ['unpin', name, ...AREA, '--json']))).toMatchObject({ unpinned: URL });
  });

  it.each(['chk-3/', './chk-3/_metadata', `../${OTHER_JOB}/chk-3`])(
    'is set and removed by a path from another folder, as are the others that take one: %s',
    async (name) => {
      const cwd = await makeDirectory(twoJobs());
      const config = { area: [{ path: join(cwd, 'bucket'), as: 's3://bucket' }], ledger: join(cwd, '.steward') };
      await writeFile(join(cwd, 'steward.json'), JSON.stringify(config));
      const from = join(cwd, 'bucket', 'flink', OTHER_JOB);
      const ask = async (...words: string[]) => await steward(from, [...words, '--config', join(cwd, 'steward.json')]);

      expect((await ask('pin', name)).out).toContain(`${URL} is pinned`);
      expect((await ask('explain', name)).out).toContain('keep-pinned');
      expect((await ask('declare-dead', '--root', name)).err).toContain('give its ETag');
      expect((await steward(from, ['inspect', name])).out).toContain('Checkpoint 3, format version 4');
      expect((await ask('unpin', name, '--execute')).out).toContain(`${URL} is no longer pinned.`);
    },
  );

  it('is removed by no name that several pins have', async () => {
    const cwd = await makeDirectory(twoJobs());
    await steward(cwd, ['pin', 'chk-3', ...AREA]);
    await steward(cwd, ['pin', 'chk-4', ...AREA]);

    const { status, err } = await steward(cwd, ['unpin', OTHER_JOB, ...AREA, '--execute']);

    expect(status).toBe(2);
    expect(err).toContain(
      `does not match exactly one pin. Nothing was changed. Pinned roots: ${URL}, s3://bucket/flink/`,
    );
  });

  it('of a directory is that of its only root, and of several none', async () => {
    const cwd = await makeDirectory(twoJobs());

    const one = await steward(cwd, ['pin', `s3://bucket/flink/${JOB}`, ...AREA, '--execute', '--json']);
    const several = await steward(cwd, ['pin', `flink/${OTHER_JOB}`, ...AREA, '--execute']);
    const none = await steward(cwd, ['pin', 'k-3', ...AREA, '--execute']);

    expect(documentOf(one)).toMatchObject({ pinned: `s3://bucket/flink/${JOB}/chk-7/_metadata` });
    expect([several.status, none.status]).toEqual([2, 2]);
    expect(several.err.replace(/\s+/g, ' ')).toContain(
      `flink/${OTHER_JOB}: this name matches 2 checkpoints and savepoints. Nothing was changed. Give a longer part of one of these paths: ${URL}, s3://bucket/flink/${OTHER_JOB}/chk-4/_metadata.`,
    );
    expect(none.err).toContain('the area contains no checkpoint or savepoint of that name');
  });

  it('is set while another run holds the lease, and nothing else is', async () => {
    // Prepare
    const cwd = await makeDirectory(twoJobs());
    await steward(cwd, ['collect', ...AREA, '--execute']);
    const ledger = new LedgerFolder(join(cwd, '.steward'));
    const lease = await Lease.take(ledger, { run: 'r', command: 'steward collect', holders: ALONE, now: () => NOW });

    // Act
    const pinned = await steward(cwd, PIN);
    const declared = await steward(cwd, ['declare-dead', JOB, ...AREA, '--execute']);
    await lease.release();

    // Assess
    expect([pinned.status, declared.status]).toEqual([0, 3]);
    expect((await readState(ledger)).pins.map(({ url }) => url)).toEqual([URL]);
  });

  it('that comes too late for its root says which run puts it back, and holds then', async () => {
    // Prepare: a run that has written down what it retires, and has not deleted it yet.
    const cwd = await makeDirectory(twoJobs());
    await steward(cwd, ['collect', ...AREA, '--execute']);
    const ledger = new LedgerFolder(join(cwd, '.steward'));
    const { err } = await steward(cwd, ['declare-dead', ...AREA, '--root', ROOT, '--execute']);
    const etag = /--etag (\S+) --execute/.exec(err)?.[1] ?? '';
    const completed = '2027-01-11T00:00:00.000Z';
    const entry = { url: URL, etag, bytes: 1, completed, run: 'RUN', file: 'retired/RUN/000001.metadata' };
    await updateState(ledger, (state) => ({
      ...state,
      retired: [{ ...entry, state: 'retiring', restoredEtag: null }],
    }));

    // Act
    const pinned = await steward(cwd, PIN);
    const document = await steward(cwd, [...PIN, '--json']);

    // Assess
    expect(pinned.status).toBe(1);
    expect(pinned.out.replace(/\s+/g, ' ')).toBe(
      `${URL} is pinned: it will not be retired, and the files that it references are kept. Run RUN had begun to retire it before the pin. If it no longer exists, put it back: then it is kept. To put it back: steward undo RUN bucket --as s3://bucket --execute `,
    );
    expect(documentOf(document)).toEqual({ pinned: URL, why: null, retiredBy: 'RUN', executed: true });
    expect((await readState(ledger)).pins.map(({ url }) => url)).toEqual([URL]);
  });

  it('whose checkpoint is gone is a finding, until it is back or the pin is', async () => {
    // Prepare
    const policy = { 'steward.json': '{"retain": [{"path": "**", "endedJobs": {"keepLast": 1}}]}' };
    const cwd = await makeDirectory({ ...twoJobs(), ...policy });
    const retired = runOf(await steward(cwd, ['retire', ...AREA, '--now', at(0), '--execute', '--json']));
    const ledger = new LedgerFolder(join(cwd, '.steward'));
    await updateState(ledger, (state) => ({ ...state, pins: [{ url: URL, at: at(0), why: null }] }));
    const commands = [['audit'], ['plan'], ['plan', '--assume-quarantined'], ['collect']];
    const findingsOf = async () => {
      const found = [];
      for (const words of commands) {
        const ran = await steward(cwd, [...words, ...AREA, '--json']);
        found.push([ran.status, documentOf(ran).findings]);
      }
      return found;
    };

    // Act
    const gone = await findingsOf();
    await steward(cwd, ['undo', retired, ...AREA, '--execute']);
    const back = await findingsOf();
    await rm(join(cwd, `bucket/${ROOT}/_metadata`));
    const lost = await findingsOf();
    await steward(cwd, ['unpin', `s3://bucket/${ROOT}`, ...AREA, '--execute']);
    const unpinned = await findingsOf();

    // Assess
    const unpin = `If nobody needs it: steward unpin s3://bucket/${ROOT} ${AREA.join(' ')} --execute`;
    const sentence = `s3://bucket/${ROOT} is pinned, and it is not there any more, so the pin keeps nothing.`;
    const finding = (said: string) => [1, [{ kind: 'pinned-root-missing', sentence: said }]];
    const undo = `Run ${retired} retired it. It is put back by: steward undo ${retired} ${AREA.join(' ')} --execute.`;
    expect(gone).toEqual(commands.map(() => finding(`${sentence} ${undo} ${unpin}`)));
    expect(back).toEqual(commands.map(() => [0, []]));
    expect(lost).toEqual(commands.map(() => finding(`${sentence} ${unpin}`)));
    expect(unpinned).toEqual(commands.map(() => [0, []]));
  });
});
