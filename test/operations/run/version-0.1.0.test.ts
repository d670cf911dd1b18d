import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { LedgerBucket } from '#adapters/ledger/ledger-bucket.ts';
import { LedgerFolder } from '#adapters/ledger/ledger-folder.ts';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import type { StoreHonours } from '#core/store-honours.ts';
import { loggedDeletions } from '#operations/ledger/audit-log.ts';
import { resume } from '#operations/ledger/declarations.ts';
import { newestRuns } from '#operations/ledger/run-records.ts';
import { readState, updateState } from '#operations/ledger/state.ts';
import { plannedObjects } from '#operations/plan/planned-objects.ts';
import { openStoredPlan } from '#operations/plan/stored-plan.ts';
import { undoRun } from '#operations/run/undo-run.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, uuid } from '#test/support/played-job.ts';
import { keepLast, type Stewarded, useStewarded } from '#test/support/stewarded.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

/**
 * A ledger, its markers and a plan as version 0.1.0 wrote them (commit 1b16fd5; `{root}` is the folder that it was made
 * in): with a pin, a dead job and a dead root, a pause, a retired root, garbage that has served its quarantine.
 */

const openArea = useStewarded();
const makeDirectory = useTempDirectories();
const RULES = { ...DEFAULT_COLLECT_SETTINGS, maxDeleteFraction: 1 };

interface Fixture {
  readonly time: number;
  readonly plan: string;
  readonly area: Readonly<Record<string, { readonly modified: number; readonly content: string }>>;
  readonly ledger: Readonly<Record<string, string>>;
}

interface Old {
  readonly area: Stewarded;
  readonly fixture: Fixture;
  readonly ledger: LedgerStore;
}

async function open(kind: 'folder' | 'bucket'): Promise<Old> {
  const url = new URL(`../../fixtures/version-0.1.0/${kind}.json`, import.meta.url);
  const fixture: Fixture = JSON.parse(readFileSync(url, 'utf8'));
  const root = await makeDirectory();
  const bytesOf = (text: string): Buffer =>
    Buffer.from(Buffer.from(text, 'base64').toString('latin1').replaceAll('{root}', root), 'latin1');
  const area = await openArea('bucket', { realLedger: kind === 'bucket' });
  area.time = fixture.time;
  for (const [key, { modified, content }] of Object.entries(fixture.area)) area.put(key, bytesOf(content), modified);
  for (const [path, content] of Object.entries(fixture.ledger)) {
    if (kind === 'bucket') {
      area.s3?.put('ledger', path, bytesOf(content));
    } else {
      await mkdir(dirname(join(root, 'ledger', path)), { recursive: true });
      await writeFile(join(root, 'ledger', path), bytesOf(content));
    }
  }
  if (kind === 'folder') area.ledger = new LedgerFolder(join(root, 'ledger'));
  expect(area.ledger).toBeInstanceOf(kind === 'folder' ? LedgerFolder : LedgerBucket);
  return { area, fixture, ledger: area.ledger };
}

function markerOf(area: Stewarded): Record<string, unknown> {
  return JSON.parse(area.content(MARKER_NAME).toString());
}

/** The shapes that version 0.1.0 reads, as its source has them. */
const time = z.iso.datetime();
const amount = z.object({ objects: z.number(), bytes: z.number() });
const parts = z.array(z.object({ file: z.string(), sha256: z.string() }));
const OLD_DOCUMENTS = {
  ledger: z.object({ format: z.literal(1), id: z.string(), created: time }),
  state: z.object({
    pins: z.array(z.object({ url: z.string(), at: time, why: z.string().nullable() })),
    paused: z.object({ at: time, why: z.string() }).nullable(),
    deadJobs: z.array(z.object({ job: z.string(), at: time, by: z.enum(['declared', 'configured']) })),
    deadRoots: z.array(z.object({ url: z.string(), etag: z.string(), at: time })),
    retired: z.array(
      z.object({
        url: z.string(),
        etag: z.string(),
        bytes: z.number(),
        completed: time,
        run: z.string(),
        file: z.string(),
        state: z.enum(['retiring', 'retired', 'restored']),
        restoredEtag: z.string().nullable(),
      }),
    ),
  }),
  lease: z.object({
    run: z.string(),
    command: z.string(),
    holder: z.object({ host: z.string(), process: z.string().nullable() }),
    expires: time.nullable(),
    fence: z.int(),
  }),
  memory: z.object({
    run: z.string(),
    start: time,
    area: z.array(z.string()),
    decidable: z.boolean(),
    lastRun: z.object({ roots: z.int(), objects: z.int() }).nullable(),
    settled: z.boolean(),
    slot: z.int(),
    candidates: parts,
    named: parts,
    directories: parts,
    damaged: parts,
  }),
} as const;
const HONOURS: StoreHonours = {
  putIfAbsent: 'honoured',
  putIfUnchanged: 'honoured',
  deleteTogether: 'honoured',
  deleteSingly: 'honoured',
  listingAfterWrite: true,
  listingOrder: true,
  etagsAgree: true,
  versions: false,
  clockSkew: 0,
};
const OLD_MARKER = z.object({ steward: z.literal(1), ledger: z.string(), place: z.string(), since: z.string() });
const OLD_SUMMARY = z.object({
  run: z.string(),
  command: z.string(),
  began: time,
  ended: time,
  area: z.array(z.string()),
  executed: z.boolean(),
  result: z.enum(['done', 'nothing-to-do', 'observed', 'stopped', 'undecidable', 'failed']),
  why: z.string().nullable(),
  total: amount,
  live: amount,
  quarantined: amount,
  deletable: amount,
  deleted: amount,
  kept: z.number(),
  roots: z.number(),
  retired: z.number(),
  restored: z.number(),
  breakers: z.array(z.string()),
});

const RETIRED = `flink/${OTHER_JOB}/chk-21/_metadata`;
const PINNED = `flink/${OTHER_JOB}/chk-22/_metadata`;
const GARBAGE = [`flink/${JOB}/shared/${uuid(2)}`, `flink/${OTHER_JOB}/shared/${uuid(21)}`];

describe.each(['folder', 'bucket'] as const)('What version 0.1.0 left in a %s', (kind) => {
  it('is read: what people declared, and what became of roots', async () => {
    const { ledger } = await open(kind);

    const state = await readState(ledger);

    const at = '2027-03-01T00:00:00.000Z';
    expect(state).toMatchObject({
      pins: [{ url: `s3://bucket/${PINNED}`, at, why: 'the audit of 2027' }],
      paused: { at: '2027-03-02T00:00:00.000Z', why: 'the upgrade' },
      deadJobs: [{ job: 'c'.repeat(32), at, by: 'declared' }],
      deadRoots: [{ url: 's3://bucket/flink/sp/savepoint-aaaaaa-aaaaaaaaaaaa/_metadata', at }],
      retired: [{ url: `s3://bucket/${RETIRED}`, state: 'retired', restoredEtag: null }],
    });
    expect((await newestRuns(ledger, 9)).map(({ command, retired }) => [command, retired])).toEqual([
      ['plan', 0],
      ['collect', 0],
      ['retire', 1],
      ['collect', 0],
    ]);
    const logged = [];
    for await (const { url, outcome } of loggedDeletions(ledger)) logged.push([url, outcome]);
    expect(logged).toEqual([[`s3://bucket/${RETIRED}`, 'deleted']]);
  });

  it('stops no run: pins, pause and quarantine hold, and the marker is rewritten', async () => {
    // Prepare
    const { area, ledger } = await open(kind);
    const before = markerOf(area);

    // Act
    const paused = await area.run({ survey: { settings: RULES } });
    await updateState(ledger, resume);
    const done = await area.run({ retention: keepLast(1), survey: { settings: RULES } });

    // Assess
    expect(paused.record).toMatchObject({ result: 'stopped', why: expect.stringContaining('(the upgrade)') });
    expect([...paused.notes, ...done.notes]).toEqual([]);
    expect(done.record).toMatchObject({ result: 'done', deleted: { objects: 2 }, retired: 0, breakers: [] });
    expect(area.keys()).toContain(PINNED);
    expect(area.keys().filter((key) => GARBAGE.includes(key))).toEqual([]);
    expect(Object.keys(before)).toEqual(['steward', 'ledger', 'place', 'since']);
    expect(markerOf(area)).toEqual({
      ...before,
      location: 's3://bucket/',
      nonce: `${paused.record.run}/1`,
      lease: expect.any(Number),
    });
  });

  it('is executed: a plan, once', async () => {
    const { area, fixture, ledger } = await open(kind);
    await updateState(ledger, resume);
    const plan = await openStoredPlan(ledger, fixture.plan);

    const { record } = await area.run({
      command: 'apply',
      survey: { settings: RULES },
      sweep: (survey) => plannedObjects(plan.entries(), survey, 'the plan'),
    });

    expect(plan.objects).toBe(2);
    expect(record.deleted.objects).toBe(2);
  });

  it('is put back: a retired root, in its old place in the order', async () => {
    const { area, ledger } = await open(kind);
    const [entry] = (await readState(ledger)).retired;

    const { result } = await undoRun({
      survey: area.surveyInput({ settings: RULES }),
      ledger,
      lease: { hold: async () => {} },
      writers: area.writers,
      run: area.nextRun(),
      undone: entry?.run ?? '',
      execute: true,
      now: () => area.time,
    });
    const { survey } = await area.run({ execute: false });

    expect(result).toMatchObject({ restoredRoots: [`s3://bucket/${RETIRED}`], lost: [] });
    const root = survey.reachability.roots.find(({ key }) => key === RETIRED);
    expect(root?.completed).toBe(NOW - 40 * DAY + 21_000);
  });

  it('is read by version 0.1.0 again after this version has written to it', async () => {
    // Prepare
    const { area, ledger } = await open(kind);
    await updateState(ledger, resume);
    const probe = { endpoint: async () => 'https://s3.example.org', probe: async () => HONOURS };
    await area.run({ retention: keepLast(1), survey: { settings: RULES }, probes: [probe] });
    expect(markerOf(area)).toMatchObject({ store: { endpoint: 'https://s3.example.org', ...HONOURS } });

    // Act
    const documents = Object.entries(OLD_DOCUMENTS).map(async ([path, schema]) => {
      const text = (await ledger.readDocument(path))?.text ?? '';
      return [path, schema.safeParse(JSON.parse(text)).success];
    });
    const summaries = (await newestRuns(ledger, 9)).map((record) => OLD_SUMMARY.safeParse(record).success);

    // Assess
    expect(await Promise.all(documents)).toEqual(Object.keys(OLD_DOCUMENTS).map((path) => [path, true]));
    expect(summaries).toEqual([true, true, true, true, true]);
    expect(OLD_MARKER.parse(markerOf(area))).toMatchObject({ ledger: 'ledger-1', place: ledger.name });
  });
});
