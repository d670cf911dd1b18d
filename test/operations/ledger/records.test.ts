import { beforeEach, describe, expect, it } from 'vitest';
import { AuditLog, type Deletion, loggedDeletions, mayBeGone } from '#operations/ledger/audit-log.ts';
import { newestRuns, type RunRecord, readRun, runName, writeRun } from '#operations/ledger/run-records.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';

const NOW = Date.UTC(2027, 2, 1, 13, 5, 9, 70);
let ledger: MemoryLedger;
beforeEach(() => {
  ledger = new MemoryLedger(new LedgerContent(), OPEN);
});

function deletion(url: string): Deletion {
  return {
    url,
    bytes: 7,
    etag: 'e',
    modified: '2027-02-01T00:00:00.000Z',
    rule: 'garbage',
    garbageSince: '2027-02-27T00:00:00.000Z',
  };
}

async function logged(run?: string): Promise<readonly unknown[]> {
  const all = [];
  for await (const { url, run: itsRun, outcome, versionId, why } of loggedDeletions(ledger, run)) {
    all.push([itsRun, url, outcome, versionId, why]);
  }
  return all;
}

function record(run: string): RunRecord {
  const none = { objects: 0, bytes: 0 };
  return {
    run,
    command: 'collect',
    began: '2027-03-01T00:00:00.000Z',
    ended: '2027-03-01T00:00:01.000Z',
    area: ['s3://bucket/'],
    executed: true,
    result: 'done',
    why: null,
    total: none,
    live: none,
    quarantined: none,
    deletable: none,
    deleted: none,
    kept: 0,
    refused: 0,
    roots: 1,
    retired: 0,
    restored: 0,
    breakers: ['too-much'],
  };
}

describe('The audit log', () => {
  it('is empty at first', async () => {
    expect(await logged()).toEqual([]);
  });

  it('tells of each object what became of it, the newest run and batch first', async () => {
    // Prepare
    const older = new AuditLog(ledger, 'r1');
    const newer = new AuditLog(ledger, 'r2');
    await older.conclude(await older.plan([deletion('a')]), [{ url: 'a', outcome: 'gone' }]);
    const first = await newer.plan([deletion('b'), deletion('c')]);
    await newer.conclude(first, [
      { url: 'b', outcome: 'deleted', versionId: 'v' },
      { url: 'c', outcome: 'refused', why: 'Locked.' },
    ]);
    await newer.plan([deletion('d')]);

    // Act, Assess
    const ofNewer = [
      ['r2', 'd', 'unknown', null, null],
      ['r2', 'b', 'deleted', 'v', null],
      ['r2', 'c', 'refused', null, 'Locked.'],
    ];
    expect(await logged()).toEqual([...ofNewer, ['r1', 'a', 'gone', null, null]]);
    expect(await logged('r2')).toEqual(ofNewer);
    expect(await logged('r')).toEqual([]);
  });

  it('counts all that is not known to be there as gone by our hand, and nothing that is', () => {
    const outcomes = ['deleted', 'unknown', 'refused', 'gone', 'changed'] as const;

    expect(outcomes.filter((outcome) => mayBeGone({ outcome }))).toEqual(['deleted', 'unknown', 'refused']);
  });
});

describe('The records of runs', () => {
  it('are read as they were written, the newest first', async () => {
    for (const run of ['r1', 'r3', 'r2']) await writeRun(ledger, record(run));
    const log = new AuditLog(ledger, 'r4');
    await log.plan([deletion('a')]);

    expect(await readRun(ledger, 'r2')).toEqual(record('r2'));
    expect(await readRun(ledger, 'r4')).toBeNull();
    expect((await newestRuns(ledger, 2)).map(({ run }) => run)).toEqual(['r3', 'r2']);
    expect((await newestRuns(ledger, 9)).map(({ run }) => run)).toEqual(['r3', 'r2', 'r1']);
  });

  it.each(['{"run": "r2", "comm', '', '{}', '[]'])(
    'that are damaged (%j) are left out, with a sentence',
    async (text) => {
      for (const run of ['r1', 'r2', 'r3']) await writeRun(ledger, record(run));
      await ledger.writeFile('runs/r2/summary.json', Buffer.from(text));
      const sentences: string[] = [];

      const runs = await newestRuns(ledger, 9, (sentence) => sentences.push(sentence));
      const run = await readRun(ledger, 'r2');

      expect(runs.map((each) => each.run)).toEqual(['r3', 'r1']);
      expect(run).toBeNull();
      expect(sentences).toEqual([
        'runs/r2/summary.json of the ledger the ledger in memory is damaged, so that run is left out. What it deleted is in its audit log: steward history --run r2',
      ]);
    },
  );

  it('bear names that sort by time', () => {
    expect(runName(NOW, 'x1')).toBe('20270301T130509070Z-x1');
    expect(runName(NOW + 1, 'a') > runName(NOW, 'z')).toBe(true);
  });
});
