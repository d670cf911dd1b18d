import { Buffer } from 'node:buffer';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { certificatePath } from '#operations/ledger/certificates.ts';
import { checksum } from '#operations/ledger/line-parts.ts';
import { DAY, JOB, NOW } from '#test/support/played-job.ts';
import { playJob, type Stewarded, useStewarded } from '#test/support/stewarded.ts';
import { expectNoticed, verified } from '#test/support/verified.ts';

const open = useStewarded();
const SETTINGS = { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 };

/** Three runs that each deleted one file, and their names in that order. */
async function threeRuns(): Promise<{ readonly area: Stewarded; readonly runs: readonly [string, string, string] }> {
  const area = await open('directory');
  const job = playJob(area);
  const runs: string[] = [];
  await area.run({ survey: { settings: SETTINGS } });
  for (const number of [1, 2, 3]) {
    area.time = NOW + number * DAY;
    job.upload(10 + number, NOW - 4 * DAY);
    const { record } = await area.run({ survey: { settings: SETTINGS } });
    expect(record.deleted.objects).toBe(1);
    runs.push(record.run);
  }
  const [first = '', second = '', third = ''] = runs;
  return { area, runs: [first, second, third] };
}

type Line = Record<string, unknown>;

/** Rewrites a compressed file of lines. @returns its new hash. */
function rewrite({ ledgerContent: { files } }: Stewarded, path: string, change: (lines: Line[]) => Line[]): string {
  const content = files.get(path) ?? Buffer.from('');
  const lines = gunzipSync(content).toString('utf8').trimEnd().split('\n');
  const changed = change(lines.map((line) => JSON.parse(line) as Line));
  const written = gzipSync(changed.map((line) => `${JSON.stringify(line)}\n`).join(''));
  files.set(path, written);
  return checksum(written);
}

function changeJson(text: string, change: (value: Line) => Line): string {
  return JSON.stringify(change(JSON.parse(text) as Line));
}

function changeRecord({ ledgerContent: { files } }: Stewarded, run: string, change: (record: Line) => Line): void {
  const path = `runs/${run}/summary.json`;
  const text = (files.get(path) ?? Buffer.from('{}')).toString('utf8');
  files.set(path, Buffer.from(changeJson(text, change)));
}

/** Lets the record of a run name another certificate. */
function renameInRecord(area: Stewarded, run: string, certificate: string): void {
  changeRecord(area, run, (record) => ({ ...record, certificate }));
}

/** Lets the ledger's list of certificates begin later, as it does when it has grown long. */
function shortenChain({ ledgerContent: { documents } }: Stewarded, before: number): void {
  const known = documents.get('certificates') ?? { text: '{}', tag: '' };
  const text = changeJson(known.text, ({ chain }) => ({ before, chain: (chain as Line[]).slice(before) }));
  documents.set('certificates', { ...known, text });
}

function removeRun({ ledgerContent: { files } }: Stewarded, run: string): void {
  for (const path of [...files.keys()]) if (path.startsWith(`runs/${run}/`)) files.delete(path);
}

/** Changes the ledger's list of certificates. */
function changeChain(
  { ledgerContent: { documents } }: Stewarded,
  change: (chain: { run: string; sha256: string }[]) => { run: string; sha256: string }[],
): void {
  const known = documents.get('certificates') ?? { text: '{}', tag: '' };
  const text = changeJson(known.text, (list) => ({
    ...list,
    chain: change(list.chain as { run: string; sha256: string }[]),
  }));
  documents.set('certificates', { ...known, text });
}

const planned = (run: string): string => `runs/${run}/planned-000001.ndjson.gz`;

describe('Runs that nobody has tampered with', () => {
  it('are proven, from the ledger alone and by their roots', async () => {
    const { area, runs } = await threeRuns();

    for (const run of runs) {
      expect(await verified(area.ledger, run)).toMatchObject({ run, proof: 'proven', deletions: 1, findings: [] });
      expect(await verified(area.ledger, run, area.locations)).toMatchObject({
        proof: 'proven',
        roots: { certified: 1, readAgain: 1, gone: 0, unread: 0 },
      });
    }
  });
});

describe('Tampering', () => {
  const CASES: readonly (readonly [
    string,
    (area: Stewarded, runs: readonly [string, string, string]) => void,
    string,
  ])[] = [
    [
      'a changed line of the log',
      (area, [, run]) => rewrite(area, planned(run), ([line]) => [{ ...line, etag: '"other"' }]),
      'log',
    ],
    ['a line of the log that was taken away', (area, [, run]) => rewrite(area, planned(run), () => []), 'log'],
    [
      'a line that was added to the log',
      (area, [, run]) =>
        rewrite(area, planned(run), ([line = {}]) => [line, { ...line, url: `s3://bucket/flink/${JOB}/shared/x` }]),
      'log',
    ],
    [
      'a file that was added to the log',
      ({ ledgerContent: { files } }, [, run]) =>
        files.set(`runs/${run}/planned-000002.ndjson.gz`, files.get(planned(run)) ?? Buffer.from('')),
      'log',
    ],
    ['a log that was taken away', ({ ledgerContent: { files } }, [, run]) => files.delete(planned(run)), 'log'],
    [
      'a changed live set',
      (area, [, run]) => rewrite(area, certificatePath(run), (lines) => lines.filter(({ line }) => line !== 'names')),
      'chain',
    ],
    [
      'a changed digest of a root',
      (area, [, run]) =>
        rewrite(area, certificatePath(run), (lines) =>
          lines.map((each) => (each.line === 'root' ? { ...each, sha256: 'f'.repeat(64) } : each)),
        ),
      'chain',
    ],
    [
      'changed settings',
      (area, [, run]) =>
        rewrite(area, certificatePath(run), ([head = {}, ...lines]) => [
          { ...head, settings: { ...(head.settings as Line), minAge: 0 } },
          ...lines,
        ]),
      'chain',
    ],
    [
      'the certificate of another run in its place',
      ({ ledgerContent: { files } }, [first, run]) =>
        files.set(certificatePath(run), files.get(certificatePath(first)) ?? Buffer.from('')),
      'chain',
    ],
    [
      'a replaced certificate of which the record knows',
      (area, [, run]) => {
        const sha256 = rewrite(area, certificatePath(run), ([head = {}, ...lines]) => [
          { ...head, pins: ['x'] },
          ...lines,
        ]);
        renameInRecord(area, run, sha256);
      },
      'chain',
    ],
    [
      'a replaced certificate of which the record and the list know',
      (area, [, run]) => {
        const sha256 = rewrite(area, certificatePath(run), ([head = {}, ...lines]) => [
          { ...head, pins: ['x'] },
          ...lines,
        ]);
        renameInRecord(area, run, sha256);
        changeChain(area, (chain) => chain.map((link) => (link.run === run ? { run, sha256 } : link)));
      },
      'chain',
    ],
    [
      'a certificate that was taken away',
      ({ ledgerContent: { files } }, [, run]) => files.delete(certificatePath(run)),
      'chain',
    ],
    [
      'a file that is no certificate in its place',
      ({ ledgerContent: { files } }, [, run]) => files.set(certificatePath(run), Buffer.from('nothing')),
      'chain',
    ],
    [
      'runs in another order',
      (area) => changeChain(area, ([a, b, c]) => [b, a, c].filter((link) => link !== undefined)),
      'chain',
    ],
    [
      'a run that was taken off the list',
      (area, [, run]) => changeChain(area, (chain) => chain.filter((link) => link.run !== run)),
      'chain',
    ],
    ['a list that was taken away', ({ ledgerContent: { documents } }) => documents.delete('certificates'), 'chain'],
    [
      'a record that no longer names the certificate',
      (area, [, run]) => changeRecord(area, run, ({ certificate: _, ...record }) => record),
      'chain',
    ],
    [
      'another number of deleted objects in the record',
      (area, [, run]) => changeRecord(area, run, (record) => ({ ...record, deleted: { objects: 7, bytes: 100 } })),
      'record',
    ],
    [
      'another number of bytes in the record',
      (area, [, run]) => changeRecord(area, run, (record) => ({ ...record, deleted: { objects: 1, bytes: 1 } })),
      'record',
    ],
    [
      'retired roots in the record',
      (area, [, run]) => changeRecord(area, run, (record) => ({ ...record, retired: 44 })),
      'record',
    ],
    [
      'a certificate that points at something else than a copy of a root',
      (area, [, run]) =>
        rewrite(area, certificatePath(run), (lines) => [
          ...lines,
          { line: 'exception', url: 's3://bucket/x', why: 'retired-savepoint', copy: 'retired/../../passwd' },
        ]),
      'chain',
    ],
    [
      'a certificate with groups of names that no hash has',
      (area, [, run]) =>
        rewrite(area, certificatePath(run), ([head = {}, ...lines]) => [
          { ...head, names: { count: 1, groupBits: 2 ** 50 } },
          ...lines,
        ]),
      'chain',
    ],
    [
      'a pattern that can not be read',
      (area, [, run]) =>
        rewrite(area, certificatePath(run), ([head = {}, ...lines]) => [{ ...head, protect: [''] }, ...lines]),
      'certificate',
    ],
  ];

  it.each(CASES)('is noticed: %s', async (_, tamper, rule) => {
    const { area, runs } = await threeRuns();

    tamper(area, runs);

    await expectNoticed(area.ledger, runs[1], rule);
  });

  it('is noticed where the whole last run was taken away', async () => {
    const { area, runs } = await threeRuns();

    removeRun(area, runs[2]);

    const { proof, findings } = await verified(area.ledger, runs[2]);
    expect({ proof, findings }).toEqual({
      proof: 'not-proven',
      findings: [
        {
          rule: 'chain',
          url: null,
          sentence: `The certificate of run ${runs[2]} is gone, and the ledger's list of certificates names it.`,
        },
      ],
    });
  });

  it('is noticed at the runs before and after one that was taken away', async () => {
    const { area, runs } = await threeRuns();
    area.ledgerContent.files.delete(certificatePath(runs[1]));

    const [before, after] = [await verified(area.ledger, runs[0]), await verified(area.ledger, runs[2])];

    expect([...before.findings, ...after.findings].map(({ sentence }) => sentence)).toEqual([
      `The certificate of run ${runs[1]}, which comes after that of run ${runs[0]}, is gone.`,
      `The certificate of run ${runs[1]}, which comes before that of run ${runs[2]}, is gone.`,
    ]);
  });

  it('is noticed where the list was shortened to hide a rewritten run', async () => {
    // Prepare
    const { area, runs } = await threeRuns();
    const [, run] = runs;

    // Act: the log, its certificate and the record agree with one another.
    const log = rewrite(area, planned(run), ([line]) => [{ ...line, etag: '"other"' }]);
    const sha256 = rewrite(area, certificatePath(run), ([head = {}, ...lines]) => [
      {
        ...head,
        log: (head.log as Line[]).map((part) => (part.file === planned(run) ? { ...part, sha256: log } : part)),
      },
      ...lines,
    ]);
    renameInRecord(area, run, sha256);
    shortenChain(area, 2);

    // Assess
    expect(await sentencesOf(area, runs)).toEqual([
      [`The chain of certificates breaks at that of run ${run}, before it comes to that of run ${runs[0]}.`],
      [
        `The ledger's list of certificates names another one for run ${run}.`,
        `The certificate of run ${runs[2]} follows another certificate than the one that run ${run} has now.`,
      ],
      [`The certificate of run ${run}, which comes before that of run ${runs[2]}, has changed.`],
    ]);
  });

  it('is noticed where the first run was taken away, and the list counts it among those that it no longer names', async () => {
    const { area, runs } = await threeRuns();

    removeRun(area, runs[0]);
    shortenChain(area, 1);

    expect(await sentencesOf(area, [runs[1], runs[2]])).toEqual([
      [`The certificate of run ${runs[0]}, which comes before that of run ${runs[1]}, is gone.`],
      [],
    ]);
  });

  it.each([1, 2])(
    'is noticed where run %i was made to look like one of a version that wrote no certificates',
    async (at) => {
      // Prepare
      const { area, runs } = await threeRuns();
      const run = runs[at] ?? '';

      // Act
      area.ledgerContent.files.delete(certificatePath(run));
      changeRecord(area, run, ({ certificate: _, ...record }) => record);
      changeChain(area, (chain) => chain.filter((link) => link.run !== run));

      // Assess
      const why = [
        `The certificate of run ${run} is gone, and that of run ${runs[2]} names it.`,
        `Run ${run} has no certificate, though run ${runs[0]} before it has one: it was taken away, or an older version of the steward made the run.`,
      ];
      expect(await sentencesOf(area, [run])).toEqual([[why[at - 1]]]);
    },
  );

  it('is noticed where a run in the middle was made to look like one that could not write its certificate', async () => {
    const { area, runs } = await threeRuns();

    changeRecord(area, runs[1], (record) => ({ ...record, certificate: null }));
    changeChain(area, (chain) => chain.filter((link) => link.run !== runs[1]));

    expect(await sentencesOf(area, [runs[1]])).toEqual([
      [`The ledger's list of certificates does not name that of run ${runs[1]}.`],
    ]);
  });

  it.each([
    ['was taken away', undefined],
    ['is damaged', '{broken'],
  ])('of the record is said, where that %s: the log and the certificate stand without it', async (_, text) => {
    const { area, runs } = await threeRuns();
    const path = `runs/${runs[1]}/summary.json`;

    if (text === undefined) area.ledgerContent.files.delete(path);
    else area.ledgerContent.files.set(path, Buffer.from(text));

    expect(await verified(area.ledger, runs[1])).toMatchObject({
      proof: 'proven',
      notes: [
        `Run ${runs[1]} has no record that can be read, so nothing that a record counts was compared with its log.`,
      ],
      findings: [],
    });
  });
});

/** What is wrong with each of some runs. */
async function sentencesOf({ ledger }: Stewarded, runs: readonly string[]): Promise<readonly (readonly string[])[]> {
  const found: string[][] = [];
  for (const run of runs) {
    const { findings } = await verified(ledger, run);
    found.push(findings.map(({ sentence }) => sentence));
  }
  return found;
}
