import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LedgerFolder } from '#adapters/ledger/ledger-folder.ts';
import { openRootCache } from '#operations/ledger/root-cache.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';
import { judge } from '#test/support/judged.ts';
import { callOf, MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();

async function play(): Promise<{ store: MovingStore; job: PlayedJob; ledger: LedgerStore }> {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store, `flink/${JOB}/`);
  job.complete(1, [job.upload(1)]);
  job.upload(2);
  return { store, job, ledger: new LedgerFolder(join(await makeDirectory(), 'ledger')) };
}

function archive(store: MovingStore, key: string): void {
  store.always(callOf('read', key), () => {
    throw new StoreError('archived', `s3://bucket/${key} is in GLACIER.`);
  });
}

function surveyed(store: MovingStore, ledger: LedgerStore, mayWrite = true) {
  return judge(store, { openCache: (start) => openRootCache(ledger, start, mayWrite) });
}

describe('A root that was archived', () => {
  it('is read from the copy that an earlier run left', async () => {
    // Prepare
    const { store, job, ledger } = await play();
    await surveyed(store, ledger);
    archive(store, job.root(1));

    // Act
    const { codes, verdicts } = await surveyed(store, ledger);

    // Assess
    expect(codes).toEqual([]);
    expect(verdicts).toEqual({
      [job.root(1)]: 'keep-live',
      [job.file(1)]: 'keep-live',
      [job.file(2)]: 'delete',
    });
  });

  it('makes the area undecidable where no run has left a copy, a run that only looked included', async () => {
    // Prepare
    const { store, job, ledger } = await play();
    await surveyed(store, ledger, false);
    archive(store, job.root(1));

    // Act
    const { codes, garbage, survey } = await surveyed(store, ledger);

    // Assess
    expect({ codes, garbage }).toEqual({ codes: ['archived-root'], garbage: [] });
    expect(survey.undecidable[0]?.sentence).toContain(
      `(aws s3api restore-object --bucket bucket --key ${job.root(1)} --restore-request Days=7)`,
    );
  });

  it('is not taken for another content of the same name', async () => {
    // Prepare
    const { store, job, ledger } = await play();
    await surveyed(store, ledger);
    store.put(job.root(1), job.metadata(1, [job.file(1), job.file(2)]), NOW - 2 * DAY);
    archive(store, job.root(1));

    // Act
    const { codes, garbage } = await surveyed(store, ledger);

    // Assess
    expect({ codes, garbage }).toEqual({ codes: ['archived-root'], garbage: [] });
  });

  it('has no copy where that is damaged', async () => {
    // Prepare
    const { store, job, ledger } = await play();
    await surveyed(store, ledger);
    for await (const path of ledger.listFiles('roots/')) await ledger.writeFile(path, Buffer.from('half a f'));
    archive(store, job.root(1));

    // Act
    const { codes, garbage } = await surveyed(store, ledger);

    // Assess
    expect({ codes, garbage }).toEqual({ codes: ['archived-root'], garbage: [] });
  });

  it('has no copy where it was younger than a day', async () => {
    // Prepare
    const { store, job, ledger } = await play();
    store.put(job.root(1), job.metadata(1, [job.file(1)]), NOW - DAY + 1);
    await surveyed(store, ledger);
    archive(store, job.root(1));

    // Act
    const { codes } = await surveyed(store, ledger);

    // Assess
    expect(codes).toEqual(['archived-root']);
  });
});
