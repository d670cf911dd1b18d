import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LEDGER, reach, SHORT_CONFIG, STATE } from '#test/support/acting-bucket.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import * as lying from '#test/support/lying-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { NOW } from '#test/support/played-job.ts';
import { QuarantinedBucket } from '#test/support/quarantined-bucket.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import type { FaultRule } from '#tools/embedded-s3/faults.ts';
import { documentOf, type Ran, runCaptured } from './steward.ts';

const serve = useEmbeddedS3();
useMachineClock(NOW);
const makeDirectory = useTempDirectories();
const PROBES = /\.flink-steward-probe-/;

async function quarantined(): Promise<{
  readonly world: QuarantinedBucket;
  readonly s3: EmbeddedS3;
  readonly cwd: string;
}> {
  const { s3 } = await serve({ buckets: [] });
  const cwd = await makeDirectory({ 'steward.json': SHORT_CONFIG });
  return { world: await QuarantinedBucket.make(s3, cwd), s3, cwd };
}

function markerOf(s3: EmbeddedS3, location = 'flink'): Record<string, unknown> {
  return JSON.parse(String(s3.object(STATE, `${location}/.flink-steward.json`)?.content));
}

/** What is asked of each object, in order, while something happens. */
async function requestsOf(s3: EmbeddedS3, key: string, act: () => Promise<unknown>): Promise<readonly string[]> {
  const from = s3.log.requests.length;
  await act();
  return s3.log.requests
    .slice(from)
    .filter((request) => request.key === key)
    .map(({ operation }) => operation);
}

function plain({ out, err }: Ran): string {
  return `${out}\n${err}`.replace(/\s+/g, ' ');
}

describe('steward', () => {
  beforeEach(() => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  describe('collect --execute', () => {
    it('probes each location once, keeps the result in its marker, and looks probe nothing', async () => {
      // Prepare
      const { world, s3 } = await quarantined();
      const probes = (): number => s3.log.requests.filter(({ key }) => PROBES.test(key)).length;
      expect(probes()).toBe(0);

      // Act
      const { status } = await world.collect('--execute');
      const after = probes();
      await world.collect('--execute');

      // Assess
      expect(status).toBe(0);
      expect(after).toBeGreaterThan(0);
      expect(probes()).toBe(after);
      for (const location of ['flink', 'more']) {
        expect(markerOf(s3, location).store).toEqual({
          endpoint: s3.url,
          at: expect.any(String),
          putIfAbsent: 'honoured',
          putIfUnchanged: 'honoured',
          deleteTogether: 'honoured',
          deleteSingly: 'honoured',
          listingAfterWrite: true,
          listingOrder: true,
          etagsAgree: true,
          versions: false,
          clockSkew: 0,
        });
      }
      expect(s3.keys(STATE).filter((key) => PROBES.test(key))).toEqual([]);
    });

    it.each<[string, readonly FaultRule[], string]>([
      [
        'shows late',
        [lying.listsLate(PROBES)],
        'Its listings show new objects late. A new checkpoint could be missing from a listing',
      ],
      [
        'shows out of order',
        [lying.listsOutOfOrder(PROBES)],
        'Its listings are not in key order. A checkpoint could be missing from a listing',
      ],
    ])('deletes and retires nothing where the store lists what it %s', async (_, rules, sentence) => {
      // Prepare
      const { world, s3 } = await quarantined();
      for (const rule of rules) s3.faults.add(rule);
      const before = s3.keys(STATE);

      // Act
      const ran = await world.collect('--execute');

      // Assess
      expect(ran.status).toBe(3);
      expect(plain(ran)).toContain(
        `Nothing was deleted, because the store of s3://state/flink does not do what safe deletion needs. ${sentence}`,
      );
      expect(s3.keys(STATE).filter((key) => !key.endsWith('.flink-steward.json'))).toEqual(before);
      expect(world.bucket.harm()).toEqual([]);
    });

    it('loses no object that changes before it is deleted, where the store ignores If-Match', async () => {
      // Prepare: it is somebody else's from the moment in which the batch begins.
      const { world, s3 } = await quarantined();
      s3.faults.add(lying.IGNORES_IF_MATCH_OF_DELETES);
      const [first = '', changed = ''] = world.bucket.garbage;
      s3.faults.add({
        match: { operation: 'DeleteObject', key: first, nth: 1 },
        do: { kind: 'run', callback: () => void s3.put(STATE, changed, 'somebody has written this') },
      });
      s3.faults.add({
        match: { operation: 'HeadObject', key: changed, nth: 1 },
        do: { kind: 'run', callback: () => void s3.put(STATE, changed, 'somebody has written this') },
      });

      // Act
      const ran = await world.collect('--execute');

      // Assess
      expect(ran.status).toBe(0);
      expect(plain(ran)).toContain('1 object was kept: changed after the verdict.');
      expect(plain(ran)).toContain(
        'The store of s3://state/flink and s3://state/more: It ignores conditions on deletions (If-Match). So the ETag of each object is compared right before it is deleted',
      );
      expect(world.bucket.left()).toEqual([changed, world.bucket.retiring.root, world.bucket.retiring.file]);
      expect(world.bucket.harm()).toEqual([]);
      expect(s3.log.count('DeleteObjects')).toBeGreaterThan(0);
    });

    it('retires nothing there, because a job that begins anew writes the name of a root again', async () => {
      const { world, s3 } = await quarantined();
      s3.faults.add(lying.IGNORES_IF_MATCH_OF_DELETES);

      const ran = await world.collect('--execute', '--json');

      expect(documentOf(ran)).toMatchObject({ retired: 0, deleted: { objects: 40 } });
      expect(s3.object(STATE, world.bucket.retiring.root)).toBeDefined();
      expect(world.bucket.harm()).toEqual([]);
    });

    it('looks at each object right before it goes, and only where it must', async () => {
      const [honest, lies] = [await quarantined(), await quarantined()];
      lies.s3.faults.add(lying.IGNORES_IF_MATCH_OF_DELETES);
      const [key = ''] = honest.world.bucket.garbage;

      expect(await requestsOf(honest.s3, key, () => honest.world.collect('--execute'))).toEqual([]);
      expect(await requestsOf(lies.s3, key, () => lies.world.collect('--execute'))).toEqual([
        'HeadObject',
        'DeleteObject',
      ]);
    });

    it('deletes one by one, and retires, where the ETags of many are ignored', async () => {
      // Prepare
      const { world, s3 } = await quarantined();
      s3.faults.add(lying.IGNORES_ETAGS_OF_MANY);
      const [key = ''] = world.bucket.garbage;

      // Act
      const requests = await requestsOf(s3, key, () => world.collect('--execute'));

      // Assess
      expect(requests).toEqual(['DeleteObject']);
      expect(world.bucket.left()).toEqual([world.bucket.retiring.file]);
      expect(world.bucket.harm()).toEqual([]);
    });

    it('goes the most careful way where it may not probe, and says which permission it lacks', async () => {
      // Prepare
      const { world, s3 } = await quarantined();
      s3.faults.add({ match: { operation: 'PutObject', key: PROBES }, do: { kind: 'answer', code: 'AccessDenied' } });

      // Act
      const ran = await world.collect('--execute');

      // Assess
      expect(ran.status).toBe(0);
      expect(plain(ran)).toContain("What the store of s3://state honours can't be found out");
      expect(plain(ran)).toContain(
        'So each object is compared right before it is deleted, and no checkpoint is retired.',
      );
      expect(world.bucket.left()).toEqual([world.bucket.retiring.root, world.bucket.retiring.file]);
      expect(world.bucket.harm()).toEqual([]);
      expect(markerOf(s3).store).toBeUndefined();
    });

    it('probes anew after the store has refused a deletion, and where the marker came from another store', async () => {
      // Prepare
      const { world, s3 } = await quarantined();
      const end = s3.faults.add({
        match: { operation: 'DeleteObjects' },
        do: { kind: 'refuse-keys', keys: /^(?!.*steward-probe)/, code: 'AccessDenied' },
      });

      // Act
      await world.collect('--execute');
      const forgotten = markerOf(s3).store;
      end();
      await world.collect('--execute');
      const known = markerOf(s3);

      // Assess
      expect(forgotten).toBeUndefined();
      expect(known.store).toMatchObject({ endpoint: s3.url });
    });

    it('trusts no result of another endpoint, and none that it can’t read', async () => {
      for (const store of [
        { ...STORE_OF_MARKER, endpoint: 'https://elsewhere.example.org' },
        { of: 'a later version' },
      ]) {
        const { world, s3 } = await quarantined();
        await world.collect('--execute');
        const marker = { ...markerOf(s3), store };
        s3.put(STATE, 'flink/.flink-steward.json', JSON.stringify(marker));
        s3.put(STATE, world.bucket.garbage[0] ?? '', 'garbage again', { lastModified: NOW - 1e9 });

        await world.collect('--execute');
        await world.collect('--execute');

        expect(markerOf(s3).store).toMatchObject({ endpoint: s3.url, deleteSingly: 'honoured' });
      }
    });
  });

  describe('undo --execute', () => {
    it('says what it relies on where the store ignores If-None-Match, and overwrites nothing that is there', async () => {
      // Prepare
      const { world, s3, cwd } = await quarantined();
      const { run } = documentOf(await world.collect('--execute', '--json'));
      for (const location of ['flink', 'more']) {
        const { store: _, ...unprobed } = markerOf(s3, location);
        s3.put(STATE, `${location}/.flink-steward.json`, JSON.stringify(unprobed));
      }
      s3.faults.add({ ...lying.IGNORES_CONDITIONS_OF_WRITES, match: { operation: 'PutObject', bucket: STATE } });

      // Act
      const ran = await runCaptured(['undo', String(run), ...reach(s3.url), '--execute'], {
        cwd,
        clock: () => s3.clock(),
        columns: 100,
      });

      // Assess
      expect(ran.status).toBe(1);
      expect(plain(ran)).toContain(
        'It ignores If-None-Match. The marker does not keep out a second ledger that begins at the same moment: use one ledger. And undo can overwrite what a job writes at the same moment',
      );
      expect(s3.object(STATE, world.bucket.retiring.root)).toBeDefined();
    });
  });

  describe('probe', () => {
    async function probe(cwd: string, ...args: readonly string[]): Promise<Ran> {
      return await runCaptured(['probe', ...args], { cwd, clock: () => NOW, columns: 100 });
    }

    it('prints what a store honours, and writes it into the markers of its ledger', async () => {
      // Prepare
      const { world, s3, cwd } = await quarantined();
      await world.collect('--execute');
      s3.faults.add(lying.IGNORES_ETAGS_OF_MANY);
      s3.clock = () => NOW;

      // Act
      const { status, out } = await probe(cwd, ...reach(s3.url));

      // Assess
      expect(status).toBe(1);
      expect(out.slice(0, out.indexOf('\n\n')).replaceAll(s3.url, 'URL')).toMatchInlineSnapshot(`
        "s3://state/flink
        at URL               answer
        If-None-Match of writes                 honoured
        If-Match of writes                      honoured
        ETags of DeleteObjects                  ignored
        If-Match of DeleteObject                honoured
        listings show at once what was written  yes
        listings are in the order of keys       yes
        LIST, HEAD and GET give one ETag        yes
        deleted objects can be brought back     no
        its clock                               120 s behind
        It ignores the ETags of DeleteObjects, so objects are deleted one by one, with If-Match, which it
        honours.
        The marker of this location keeps this result."
      `);
      expect(markerOf(s3)).toMatchObject({ store: { deleteTogether: 'ignored', deleteSingly: 'honoured' } });
      expect(s3.keys(STATE).filter((key) => PROBES.test(key))).toEqual([]);
    });

    it.each<[string, readonly FaultRule[], number, Record<string, unknown>]>([
      ['honours all', [], 0, { refusal: null, notes: [] }],
      ['lists late', [lying.listsLate()], 3, { refusal: expect.stringContaining('show new objects late') }],
      ['lists other ETags', [lying.listsOtherEtags()], 3, { honours: expect.objectContaining({ etagsAgree: false }) }],
      [
        'ignores conditions on deletions',
        [lying.IGNORES_IF_MATCH_OF_DELETES],
        1,
        { refusal: null, noRetiring: expect.stringContaining('ignores conditions on deletions') },
      ],
      [
        'may not be probed',
        [{ match: { operation: 'PutObject' }, do: { kind: 'answer', code: 'AccessDenied' } }],
        3,
        { kind: 'unknown', honours: null, endpoint: null },
      ],
    ])('has a status for a store that %s, also without a ledger', async (_, rules, status, found) => {
      const { s3 } = await serve({ buckets: [STATE, LEDGER], clock: () => NOW });
      for (const rule of rules) s3.faults.add(rule);

      const ran = await probe(
        await makeDirectory({}),
        `s3://${STATE}/flink`,
        ...['--endpoint', s3.url, '--region', 'us-east-1', '--path-style', '--json'],
      );

      expect(ran.status).toBe(status);
      expect(documentOf(ran)).toEqual({ stores: [expect.objectContaining({ remembered: false, ...found })] });
      expect(s3.keys(STATE)).toEqual([]);
    });

    it('writes nothing into a directory, where the steward itself compares', async () => {
      const cwd = await makeDirectory({ 'copy/': '' });

      const { status, out } = await probe(cwd, 'copy');

      expect(status).toBe(0);
      expect(out).toBe(
        'copy\nThis is a directory, so no probe is needed: the steward itself compares each file before it writes\nor deletes it.\n',
      );
    });
  });
});

const STORE_OF_MARKER = {
  at: '2027-01-01T00:00:00.000Z',
  putIfAbsent: 'honoured',
  putIfUnchanged: 'honoured',
  deleteTogether: 'ignored',
  deleteSingly: 'ignored',
  listingAfterWrite: true,
  listingOrder: true,
  etagsAgree: true,
  versions: false,
  clockSkew: 0,
};
