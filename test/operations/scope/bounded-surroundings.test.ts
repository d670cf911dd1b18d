import type { Buffer } from 'node:buffer';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '#adapters/local/file-system.ts';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { BoundedFileSystem } from '#adapters/local/surrounding-folder.ts';
import { Area } from '#core/area/area.ts';
import { checkScope } from '#operations/scope/check-scope.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { DAY, JOB, NOW, OTHER_JOB, PlayedJob } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

/** What is around a directory is looked through as far as it may be; what is known of it stays known beyond that. */

const makeDirectory = useTempDirectories();
const FOLDER = `other/checkpoints/${OTHER_JOB}/`;
const IN_AREA = `flink/${JOB}/shared/x`;
const ROOT = `${FOLDER}chk-9/_metadata`;

/** A folder with an area below `flink/`, and beside it a checkpoint that references a file of the area. */
async function around(more: Readonly<Record<string, string>> = {}) {
  const content = new Map<string, string | Uint8Array>();
  const place = { put: (key: string, text: string | Uint8Array) => content.set(key, text), remove: () => {} };
  const job = new PlayedJob(place, FOLDER, 's3://state');
  job.complete(9, [IN_AREA]);
  const path = await makeDirectory({ ...Object.fromEntries(content), ...more });
  const ledger = new MemoryLedger(new LedgerContent(), OPEN);
  const check = async (fileSystem: BoundedFileSystem, now = NOW, ofPass = fileSystem) => {
    const folder = new LocalDirectory(path, { now: () => now, fileSystem });
    const ordered = new LocalDirectory(path, { now: () => now, fileSystem: ofPass });
    const part = {
      id: path,
      kind: 'directory' as const,
      name: path,
      store: 's3://state',
      base: '',
      reader: folder,
      ordered,
      area: ['flink/'],
      ledgers: [],
      namingOnly: false,
      leftOut: () => [...fileSystem.leftOut, ...ofPass.leftOut],
    };
    const { undecidable } = await checkScope({
      surroundings: { parts: [part], identity: 'this area', areaOnly: false },
      area: new Area([{ name: path, store: 's3://state', prefix: 'flink/', hidden: 0 }]),
      ledger,
      pass: { kind: 'whole' },
      acts: true,
      isDeclaredDead: () => false,
      now: () => now,
    });
    return undecidable.map(({ object }) => object);
  };
  return { path, check, job };
}

const FOUND = [`s3://state/${ROOT}`];
/** More than enough for all that is there. */
const ENOUGH = 100;
const MORE = { 'other/zzz/1': '', 'other/zzz/2': '', 'zzz/1': '' };

/** As many entries as the pass itself looks at, and not one more. */
async function entriesOf(path: string): Promise<number> {
  const listed = async (most: number): Promise<number> => {
    const bounded = new BoundedFileSystem(path, nodeFileSystem, most);
    let keys = 0;
    for await (const page of new LocalDirectory(path, { fileSystem: bounded }).list({ prefix: '' }))
      keys += page.length;
    return keys;
  };
  const all = await listed(ENOUGH);
  for (let most = 1; most < ENOUGH; most++) if ((await listed(most)) === all) return most;
  return ENOUGH;
}

describe('A checkpoint beside a directory that references a file in it stays known', () => {
  it('where the pass that found it has used up the entries of a run', async () => {
    const { path, check } = await around(MORE);
    const most = await entriesOf(path);

    expect(await check(new BoundedFileSystem(path, nodeFileSystem, most))).toEqual(FOUND);
  });

  it('where later runs and passes do not come as far', async () => {
    const { path, check } = await around(MORE);
    await check(new BoundedFileSystem(path, nodeFileSystem, ENOUGH));

    expect(await check(new BoundedFileSystem(path, nodeFileSystem, 1), NOW + DAY)).toEqual(FOUND);
    expect(await check(new BoundedFileSystem(path, nodeFileSystem, 1), NOW + 8 * DAY)).toEqual(FOUND);
  });

  it('where a later run may not read its folder', async () => {
    const { path, check } = await around(MORE);
    await check(new BoundedFileSystem(path, nodeFileSystem, ENOUGH));
    const denied = {
      ...nodeFileSystem,
      readdir: async (at: Buffer) => {
        if (at.toString().endsWith('/checkpoints')) throw Object.assign(new Error('no'), { code: 'EACCES' });
        return await nodeFileSystem.readdir(at);
      },
      open: async () => {
        throw Object.assign(new Error('no'), { code: 'EACCES' });
      },
    };

    for (const days of [1, 8]) {
      expect(await check(new BoundedFileSystem(path, denied, ENOUGH), NOW + days * DAY)).toEqual(FOUND);
    }
  });

  it('in the next one of its job, although the pass of that run does not come as far', async () => {
    const { path, check, job } = await around(MORE);
    await check(new BoundedFileSystem(path, nodeFileSystem, ENOUGH));
    await rm(join(path, ROOT));
    const next = `${FOLDER}chk-10`;
    await mkdir(join(path, next));
    await writeFile(join(path, next, '_metadata'), job.metadata(10, [IN_AREA]));

    const [ofFolders, ofPass] = [new BoundedFileSystem(path), new BoundedFileSystem(path, nodeFileSystem, 1)];
    expect(await check(ofFolders, NOW + 8 * DAY, ofPass)).toEqual([`s3://state/${next}/_metadata`]);
  });

  it('until it is really gone', async () => {
    const { path, check } = await around(MORE);
    await check(new BoundedFileSystem(path, nodeFileSystem, ENOUGH));
    await rm(join(path, ROOT));

    expect(await check(new BoundedFileSystem(path, nodeFileSystem, 1), NOW + DAY)).toEqual([]);
  });
});
