import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob, uuid } from '#test/support/played-job.ts';
import { type Tree, useTempDirectories, writeTree } from '#test/support/temp-directory.ts';
import { at } from './acting.ts';
import { below, type Ran, steward } from './steward.ts';

/** Checkpoints beside a directory of the area that reference files in it. */

const makeDirectory = useTempDirectories();
const CONFIGURATION = JSON.stringify({ collect: { maxDeleteFraction: 1 } });
/** Of no checkpoint of the area. */
const UNNAMED = `${JOB}/shared/${uuid(2)}`;

/** A job below `folder`, whose files are called by `url`, with one file that no checkpoint of it references. */
function jobIn(folder: string, url: string): Tree {
  const store = new MovingStore({ now: NOW });
  const job = new PlayedJob(store, `${JOB}/`, url);
  job.complete(7, [job.upload(1)]);
  job.upload(2);
  return below(folder, store.files());
}

/** The root of a checkpoint of another job in `folder`, which references that file as `url` calls it. */
function rootIn(folder: string, url: string): Tree {
  const store = new MovingStore({ now: NOW });
  new PlayedJob(store, `${OTHER_JOB}/`, url).complete(9, [UNNAMED]);
  return below(folder, store.files());
}

/** Two runs of a directory, with the quarantine between them. */
async function collect(cwd: string, place: string, ...more: readonly string[]): Promise<Ran> {
  const words = ['collect', place, '--ledger', 'ledger', ...more];
  await steward(cwd, [...words, '--now', at(0)]);
  return await steward(cwd, [...words, '--now', at(1), '--execute']);
}

describe('A directory whose files have no other name than their path', () => {
  it('is searched for in the folder above it', async () => {
    // Prepare
    const cwd = await makeDirectory({ 'steward.json': CONFIGURATION });
    await writeTree(cwd, jobIn('state/checkpoints', `file://${cwd}/state/checkpoints`));
    await writeTree(cwd, rootIn('state/savepoints', `file://${cwd}/state/checkpoints`));

    // Act
    const ran = await collect(cwd, 'state/checkpoints');

    // Assess
    expect({ status: ran.status, kept: existsSync(join(cwd, 'state/checkpoints', UNNAMED)) }).toEqual({
      status: 3,
      kept: true,
    });
    expect(ran.out.replaceAll(/\s+/g, ' ')).toContain(
      `file://${cwd}/state/savepoints/${OTHER_JOB}/chk-9/_metadata is outside the area and references 1 file in it`,
    );
  });

  it('loses that file with "scope": "area", which says so', async () => {
    const cwd = await makeDirectory({
      'steward.json': JSON.stringify({ scope: 'area', collect: { maxDeleteFraction: 1 } }),
    });
    await writeTree(cwd, jobIn('state/checkpoints', `file://${cwd}/state/checkpoints`));
    await writeTree(cwd, rootIn('state/savepoints', `file://${cwd}/state/checkpoints`));

    const ran = await collect(cwd, 'state/checkpoints');

    expect([ran.status, existsSync(join(cwd, 'state/checkpoints', UNNAMED))]).toEqual([0, false]);
    expect(ran.err).toContain('"scope" is "area"');
  });

  it('has nothing around it in checkpoints of other places, broken files, and links', async () => {
    // Prepare
    const cwd = await makeDirectory({ 'steward.json': CONFIGURATION });
    await writeTree(cwd, jobIn('state/checkpoints', `file://${cwd}/state/checkpoints`));
    await writeTree(cwd, rootIn('state/copy', 's3://bucket'));
    await writeTree(cwd, { 'state/broken/_metadata': Buffer.from([0x49, 0x60, 0x67, 0x2d, 0]) });
    await mkdir(join(cwd, 'state/links'));
    await symlink(join(cwd, 'state/copy'), join(cwd, 'state/links/copy'));

    // Act
    const ran = await collect(cwd, 'state/checkpoints');

    // Assess
    expect([ran.status, existsSync(join(cwd, 'state/checkpoints', UNNAMED))]).toEqual([0, false]);
  });
});

describe('A directory that stands for a prefix of a bucket', () => {
  it.each([
    ['with the folders above it that have the names of the prefix', 'copy/flink/checkpoints', 'copy/savepoints', true],
    ['without those that have other names', 'copy/other/checkpoints', 'copy/savepoints', false],
  ])('is searched %s', async (_, place, beside, isKept) => {
    const cwd = await makeDirectory({ 'steward.json': CONFIGURATION });
    await writeTree(cwd, jobIn(place, 's3://bucket/flink/checkpoints'));
    await writeTree(cwd, rootIn(beside, 's3://bucket/flink/checkpoints'));

    const ran = await collect(cwd, place, '--as', 's3://bucket/flink/checkpoints');

    expect([ran.status, existsSync(join(cwd, place, UNNAMED))]).toEqual([isKept ? 3 : 0, isKept]);
  });

  it('of none, so of a whole bucket, has nothing around it', async () => {
    const cwd = await makeDirectory({ 'steward.json': CONFIGURATION });
    await writeTree(cwd, jobIn('bucket', 's3://bucket'));
    await writeTree(cwd, rootIn('savepoints', 's3://bucket'));

    const ran = await collect(cwd, 'bucket', '--as', 's3://bucket');

    expect([ran.status, existsSync(join(cwd, 'bucket', UNNAMED))]).toEqual([0, false]);
  });

  it('can have such a checkpoint declared dead', async () => {
    const cwd = await makeDirectory({ 'steward.json': CONFIGURATION });
    await writeTree(cwd, jobIn('copy/flink', 's3://bucket/flink'));
    await writeTree(cwd, rootIn('copy/savepoints', 's3://bucket/flink'));
    const area = ['copy/flink', '--as', 's3://bucket/flink', '--ledger', 'ledger'];
    const ran = await collect(cwd, 'copy/flink', '--as', 's3://bucket/flink');
    const [, root = '', etag = ''] = /--root (\S+) --etag (\S+) --execute/.exec(ran.out.replaceAll(/\s+/g, ' ')) ?? [];

    const declared = await steward(cwd, ['declare-dead', '--root', root, '--etag', etag, ...area, '--execute']);
    const again = await steward(cwd, ['collect', ...area, '--now', new Date(NOW + 2 * DAY).toISOString(), '--execute']);

    expect([declared.status, again.status]).toEqual([0, 0]);
  });
});
