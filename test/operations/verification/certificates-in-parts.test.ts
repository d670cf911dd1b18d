import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { BREAKERS } from '#core/collect/breakers.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import type { CertifiedRoot } from '#operations/ledger/certificate-lines.ts';
import { type CertificateHead, type CertificatePart, readCertificate } from '#operations/ledger/certificates.ts';
import { nameHash } from '#operations/ledger/name-hashes.ts';
import type { RunRecord } from '#operations/ledger/run-records.ts';
import { CertifiedParts } from '#operations/verification/certified-parts.ts';
import { StoreError } from '#ports/object-store.ts';
import { type CollectionInShards, collectInShards } from '#test/model/collect-in-shards.ts';
import { forgeDeletion, headIn, type Line, linesIn, recertify, writeLinesTo } from '#test/support/forged-deletion.ts';
import { OPEN } from '#test/support/gate.ts';
import { MemoryLedger } from '#test/support/memory-ledger.ts';
import { DAY, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { ALONE, keepLast, playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';
import { expectNoticed, verified } from '#test/support/verified.ts';

/** The certificate of a collection in shards, of which each part can be tampered with. */

const open = useStewarded();
const SETTINGS = { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 };

async function collect(area: Stewarded, changes: Partial<CollectionInShards> = {}): Promise<RunRecord> {
  return await collectInShards({
    input: area.surveyInput({ settings: SETTINGS }),
    ledger: area.ledger,
    run: area.nextRun(),
    holders: ALONE,
    shards: 3,
    accept: new Set(BREAKERS),
    retention: keepLast(1),
    writers: area.writers,
    deleters: area.deleters,
    now: () => area.time,
    ...changes,
  });
}

/** A job that has ended and left two checkpoints. */
function playEndedJob(area: Stewarded, number: number): void {
  const job = new PlayedJob(area, `flink/${number}${OTHER_JOB.slice(1)}/`, area.url);
  const files = [job.upload(50 + number, NOW - 40 * DAY)];
  for (const checkpoint of [1, 2]) job.complete(checkpoint, files, NOW - (30 - checkpoint) * DAY);
}

/** Three collections that each deleted a file and retired a checkpoint, and their names in that order. */
async function threeRuns(): Promise<{ readonly area: Stewarded; readonly runs: readonly [string, string, string] }> {
  const area = await open('directory');
  const job = playJob(area);
  const runs: string[] = [];
  await area.run({ survey: { settings: SETTINGS } });
  for (const number of [1, 2, 3]) {
    area.time = NOW + number * DAY;
    job.upload(10 + number, NOW - 4 * DAY);
    playEndedJob(area, number);
    const record = await collect(area);
    expect({ deleted: record.deleted.objects > 0, retired: record.retired > 0 }).toEqual({
      deleted: true,
      retired: true,
    });
    runs.push(record.run);
  }
  const [first = '', second = '', third = ''] = runs;
  return { area, runs: [first, second, third] };
}

type Runs = readonly [string, string, string];

function partsOf({ ledgerContent }: Stewarded, run: string): NonNullable<CertificateHead['parts']> {
  return headIn(ledgerContent, run).parts ?? { roots: [], deletions: [] };
}

function rootsOf(area: Stewarded, run: string): CertificatePart {
  const [part] = partsOf(area, run).roots;
  if (part === undefined) throw new Error('There is no part with roots.');
  return part;
}

function sweptOf(area: Stewarded, run: string): CertificatePart {
  const part = partsOf(area, run).deletions.find(({ covers }) => covers !== 'retired');
  if (part === undefined) throw new Error('There is no part with deletions.');
  return part;
}

/** Rewrites a part, and lets all that knows of it know the new one. */
function rewritePart(
  { ledgerContent }: Stewarded,
  run: string,
  part: CertificatePart,
  change: (lines: Line[]) => Line[],
): void {
  const sha256 = writeLinesTo(ledgerContent.files, part.file, change(linesIn(ledgerContent.files, part.file)));
  const head = headIn(ledgerContent, run);
  const { roots, deletions } = head.parts ?? { roots: [], deletions: [] };
  const changed = (parts: readonly CertificatePart[]) =>
    parts.map((each) => (each.file === part.file ? { ...each, sha256 } : each));
  recertify(ledgerContent, run, { ...head, parts: { roots: changed(roots), deletions: changed(deletions) } });
}

describe('Collections in shards that nobody has tampered with', () => {
  it('are proven, from the ledger alone and by their roots, as runs of one process are', async () => {
    const { area, runs } = await threeRuns();

    for (const run of runs) {
      expect(await verified(area.ledger, run)).toMatchObject({ run, proof: 'proven', findings: [], why: null });
      const { proof, roots } = await verified(area.ledger, run, area.locations);
      expect({ proof, roots }).toMatchObject({ proof: 'proven', roots: { unread: 0 } });
      expect(roots?.readAgain).toBeGreaterThan(0);
    }
  });

  it('name in their certificate each part once, with its hash and what it covers', async () => {
    const { area, runs } = await threeRuns();

    const { roots, deletions } = partsOf(area, runs[1]);

    expect(roots.map(({ covers }) => covers)).toEqual(['roots-0']);
    expect(deletions.map(({ covers }) => covers)).toEqual([expect.stringMatching(/^shards \d/), 'retired']);
    const files = [...area.ledgerContent.files.keys()].filter((path) =>
      path.startsWith(`runs/${runs[1]}/certificate/`),
    );
    expect([...roots, ...deletions].map(({ file }) => file).sort()).toEqual(files.sort());
  });
});

describe('A collection in shards of which an attempt has died', () => {
  it.each(['planned', 'done'])(
    'while it wrote what was "%s" is proven, and all that any attempt has put on record is certified',
    async (what) => {
      // Prepare
      const area = await open('directory');
      playJob(area);
      playEndedJob(area, 1);
      await area.run({ survey: { settings: SETTINGS } });
      area.time = NOW + DAY;
      const died = new Set<string>();
      area.onLedgerCall = (call) => {
        const [, kind, batch = ''] = /write file .*\/(planned|done)-(\d+)/.exec(call) ?? [];
        // Of each log the first attempt. What a directory has deleted is gone by then.
        if (kind !== what || died.has(batch) || Number(batch) % 1_000_000 !== 1) return;
        died.add(batch);
        throw new StoreError('unavailable', 'No answer.');
      };

      // Act
      const { run, deleted, retired } = await collect(area, { attempts: 3 });

      // Assess
      area.onLedgerCall = () => {};
      expect({ deaths: died.size, retired }).toEqual({ deaths: 2, retired: 1 });
      expect(deleted.objects).toBe(what === 'planned' ? 1 : 0);
      const { proof, findings } = await verified(area.ledger, run, area.locations);
      expect({ proof, findings }).toEqual({ proof: 'proven', findings: [] });
      const parts = partsOf(area, run).deletions.flatMap(({ file }) => linesIn(area.ledgerContent.files, file));
      const logged = parts.filter(({ line }) => line === 'log').map(({ file }) => String(file));
      const there = [...area.ledgerContent.files.keys()].filter(
        (path) => /\/(planned|done)-/.test(path) && path.includes(run),
      );
      expect(logged.sort()).toEqual(there.sort());
    },
  );
});

describe('Verifying a collection in shards', () => {
  it('reads one part at a time, with the log of that part', async () => {
    // Prepare
    const { area, runs } = await threeRuns();
    const read: string[] = [];
    area.onLedgerCall = (call) => {
      const [, name = ''] =
        /read file runs\/[^/]+\/(?:certificate\/)?((?:deletions|roots|planned|done)-\w+)/.exec(call) ?? [];
      if (name !== '') read.push(name.replace(/-\d{6,}$/, ''));
    };

    // Act
    await verified(area.ledger, runs[1]);

    // Assess
    area.onLedgerCall = () => {};
    expect(read).toEqual([
      ...['deletions-0', 'done', 'planned', 'roots-0'],
      ...['deletions-retired', 'done', 'planned', 'roots-0'],
      'roots-0',
    ]);
  });
});

describe('A checkpoint that is completed once a collection in shards has judged', () => {
  it('is in the certificate as a late one, once, with the names that it references, though several groups of shards find it', async () => {
    // Prepare
    const area = await open('directory');
    const job = playJob(area);
    for (const number of [21, 22]) job.upload(number, NOW - 5 * DAY, number === 22 ? 'chk-0' : 'shared');
    await area.run({ survey: { settings: SETTINGS } });
    area.time = NOW + DAY;
    let isComplete = false;

    // Act
    const { run } = await collect(area, {
      cuts: [{ location: 0, key: `${job.directory}chk-1/` }],
      limits: { deletedByItem: 1 },
      again: (phase) => {
        if (phase === 'mark-area' && !isComplete) job.complete(9, [job.file(1), job.upload(30, area.time)], area.time);
        isComplete ||= phase === 'mark-area';
        return false;
      },
    });

    // Assess
    const certificate = (await readCertificate(area.ledger, run))?.certificate;
    if (!certificate) throw new Error('There is no certificate.');
    const parts = new CertifiedParts(area.ledger, certificate);
    const roots: CertifiedRoot[] = [];
    for await (const root of parts.roots()) roots.push(root);
    const names: BigUint64Array[] = [];
    for await (const deletions of parts.deletions()) names.push(deletions.names);
    expect(roots.map(({ url, late, state }) => ({ url, late, state }))).toEqual([
      { url: `s3://bucket/${job.root(1)}`, late: false, state: 'read' },
      { url: `s3://bucket/${job.root(9)}`, late: true, state: 'read' },
    ]);
    const needed = BigUint64Array.from([1, 3, 30].map((number) => nameHash(uuid(number)))).sort();
    expect(names).toEqual([needed, needed]);
    expect(await verified(area.ledger, run, area.locations)).toMatchObject({
      proof: 'proven',
      roots: { certified: 2, readAgain: 2, gone: 0, unread: 0 },
    });
  });
});

describe('Tampering with a part of a certificate', () => {
  const CASES: readonly (readonly [string, (area: Stewarded, runs: Runs) => void, string])[] = [
    [
      'a changed part',
      (area, [, run]) => {
        const { file } = sweptOf(area, run);
        writeLinesTo(area.ledgerContent.files, file, linesIn(area.ledgerContent.files, file).slice(1));
      },
      'certificate',
    ],
    [
      'a part that was taken away',
      (area, [, run]) => area.ledgerContent.files.delete(sweptOf(area, run).file),
      'certificate',
    ],
    [
      'roots that were taken away',
      (area, [, run]) => area.ledgerContent.files.delete(rootsOf(area, run).file),
      'certificate',
    ],
    [
      'a part that is nothing of the kind',
      (area, [, run]) => area.ledgerContent.files.set(rootsOf(area, run).file, Buffer.from('nothing')),
      'certificate',
    ],
    [
      'the part of another run in its place',
      (area, [first, run]) => {
        const { files } = area.ledgerContent;
        files.set(rootsOf(area, run).file, files.get(rootsOf(area, first).file) ?? Buffer.from(''));
      },
      'certificate',
    ],
    [
      'another part in its place',
      (area, [, run]) => {
        const { files } = area.ledgerContent;
        files.set(rootsOf(area, run).file, files.get(sweptOf(area, run).file) ?? Buffer.from(''));
      },
      'certificate',
    ],
    [
      'a changed line of the log',
      (area, [, run]) => {
        const forged = forgeDeletion(area.ledgerContent, run, { isHidden: false });
        for (const [path, file] of forged?.files ?? []) area.ledgerContent.files.set(path, file);
      },
      'log',
    ],
    [
      'a file that was added to the log',
      ({ ledgerContent: { files } }, [, run]) => files.set(`runs/${run}/planned-000777.ndjson.gz`, Buffer.from('')),
      'log',
    ],
    [
      'a part that is not listed any more, of which all others know',
      (area, [, run]) => {
        const head = headIn(area.ledgerContent, run);
        const { roots = [], deletions = [] } = head.parts ?? {};
        recertify(area.ledgerContent, run, { ...head, parts: { roots, deletions: deletions.slice(1) } });
      },
      'log',
    ],
    [
      'a part that is listed twice, of which all others know',
      (area, [, run]) => {
        const head = headIn(area.ledgerContent, run);
        const { roots = [], deletions = [] } = head.parts ?? {};
        recertify(area.ledgerContent, run, { ...head, parts: { roots, deletions: [...deletions, ...deletions] } });
      },
      'certificate',
    ],
    [
      'a part of another run that is listed, of which all others know',
      (area, [first, run]) => {
        const head = headIn(area.ledgerContent, run);
        const { roots = [], deletions = [] } = head.parts ?? {};
        const parts = { roots: [...roots, rootsOf(area, first)], deletions };
        recertify(area.ledgerContent, run, { ...head, parts });
      },
      'certificate',
    ],
    [
      'a root that was taken out of its part, of which all others know',
      (area, [, run]) => rewritePart(area, run, rootsOf(area, run), (lines) => lines.slice(1)),
      'chain',
    ],
    [
      'names that were taken out of their part, of which all others know',
      (area, [, run]) =>
        rewritePart(area, run, sweptOf(area, run), (lines) => lines.filter(({ line }) => line !== 'names')),
      'chain',
    ],
    [
      'a file of the log that two parts name, of which all others know',
      (area, [, run]) =>
        rewritePart(area, run, sweptOf(area, run), (lines) => [
          ...lines,
          ...lines.filter(({ line }) => line === 'log'),
        ]),
      'log',
    ],
    [
      'a certificate without its list of parts, of which all others know',
      (area, [, run]) => {
        const { parts: _, ...head } = headIn(area.ledgerContent, run);
        recertify(area.ledgerContent, run, head);
      },
      'log',
    ],
  ];

  it.each(CASES)('is noticed: %s', async (_, tamper, rule) => {
    const { area, runs } = await threeRuns();

    tamper(area, runs);

    await expectNoticed(area.ledger, runs[1], rule);
  });

  it('is noticed by the deletions that nothing speaks for any more, even in the last run, where all others know of it', async () => {
    const { area, runs } = await threeRuns();
    const [, , run] = runs;

    rewritePart(area, run, sweptOf(area, run), (lines) => lines.filter(({ line }) => line !== 'job'));

    const { findings } = await verified(area.ledger, run);
    expect(findings.map(({ rule }) => rule)).toContain('certificate');
    expect(findings.map(({ rule }) => rule)).not.toContain('chain');
  });

  it('is noticed by the roots, read again, where a needed name was taken out in the last run', async () => {
    const { area, runs } = await threeRuns();
    const [, , run] = runs;

    rewritePart(area, run, sweptOf(area, run), (lines) => lines.filter(({ line }) => line !== 'names'));

    const { findings } = await verified(area.ledger, run, area.locations);
    expect(findings.map(({ rule }) => rule)).toContain('certificate');
  });

  it('does not hide a deletion of a live file, though all of the last run was made to fit', async () => {
    const { area, runs } = await threeRuns();

    const forged = forgeDeletion(area.ledgerContent, runs[2], { isHidden: true });

    if (forged === null) throw new Error('Nothing could be forged.');
    const { findings } = await verified(new MemoryLedger(forged, OPEN), runs[2]);
    expect(findings.map(({ rule }) => rule)).toEqual(['named-by-root']);
  });
});
