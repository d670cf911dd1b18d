import { Buffer } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { operatorResources } from '#test/support/operator-resources.ts';
import { JOB, NOW, OTHER_JOB } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, filesBelow, twoJobs } from './acting.ts';
import { documentOf, runCaptured, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const FIRST = `s3a://bucket/flink/${JOB}/chk-7`;
const SECOND = `s3://bucket/flink/${OTHER_JOB}/chk-3`;
const RESOURCES = JSON.stringify(operatorResources({ upgrade: FIRST, snapshot: SECOND }), null, 4);

async function pinsOf(cwd: string): Promise<unknown> {
  const { state } = documentOf(await steward(cwd, ['history', ...AREA, '--json']));
  return Object(state).pins;
}

describe('steward pin --from', () => {
  it('pins the paths from which the operator starts jobs, and tells of those that it can not pin', async () => {
    // Prepare
    const cwd = await makeDirectory({ ...twoJobs(), 'resources.json': RESOURCES });

    // Act
    const { status, out, err } = await steward(cwd, ['pin', '--from', 'resources.json', ...AREA], 200);
    const again = await steward(cwd, ['pin', '--from', 'resources.json', ...AREA, '--why', 'again', '--json']);

    // Assess
    const urls = [FIRST, SECOND].map((path) => `${path.replace('s3a:', 's3:')}/_metadata`);
    const sources = [
      'FlinkDeployment streaming/orders, status.jobStatus.savepointInfo.lastSavepoint.location',
      'FlinkStateSnapshot streaming/before-upgrade, status.path',
    ];
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(out.replace(/\n {4}/g, ' ')).toBe(`2 checkpoints and savepoints are pinned.
  - ${urls[0]} (${sources[0]})
  - ${urls[1]} (${sources[1]})

In the area, but without a _metadata, so nothing can start from it:
  - s3://bucket/savepoints/lost (FlinkStateSnapshot streaming/by-hand, spec.savepoint.path)

Named by a job, but missing from the list, so not pinned:
  - FlinkStateSnapshot streaming/gone

Not in the area, so not pinned:
  - s3a://elsewhere/savepoints/savepoint-e8281d-0123456789ab (FlinkDeployment streaming/clicks, spec.job.initialSavepointPath)
`);
    expect(documentOf(again)).toMatchObject({ pinned: [{ known: true }, { known: true }], executed: true });
    expect(await pinsOf(cwd)).toMatchObject(urls.map((url, at) => ({ url, why: sources[at] })));
  });

  it('takes one path a line, from stdin too; with --dry-run nothing changes', async () => {
    // Prepare
    const cwd = await makeDirectory(twoJobs());
    const lines = `# before the upgrade\n${FIRST}\r\n\n  bucket/flink/${OTHER_JOB}/chk-4/_metadata\n${FIRST}\ns3://other/chk-1\n`;
    const pin = async (...words: readonly string[]) =>
      await runCaptured(['pin', '--from', '-', ...AREA, '--json', ...words], {
        cwd,
        clock: () => NOW,
        columns: 100,
        input: (async function* () {
          yield Buffer.from(lines);
        })(),
      });
    const before = await filesBelow(cwd);

    // Act
    const dry = await pin('--dry-run');
    const unchanged = await filesBelow(cwd);
    const done = await pin();

    // Assess
    expect([dry.status, documentOf(dry).executed]).toEqual([0, false]);
    expect(unchanged).toEqual(before);
    expect(done.status).toBe(0);
    expect(documentOf(done)).toMatchObject({
      pinned: [
        { url: `s3://bucket/flink/${JOB}/chk-7/_metadata` },
        { url: `s3://bucket/flink/${OTHER_JOB}/chk-4/_metadata` },
      ],
      outside: [{ path: 's3://other/chk-1' }],
      missing: [],
      unresolved: [],
    });
    expect(await pinsOf(cwd)).toHaveLength(2);
  });

  it.each([
    ['no path', '{"kind": "List", "items": []}', /^list names no checkpoint or savepoint, so nothing was pinned\./],
    ['no JSON', '{"kind": ', /^list:1:/],
  ])('is refused for a file with %s', async (_, text, sentence) => {
    const cwd = await makeDirectory(twoJobs());
    await writeFile(join(cwd, 'list'), text);

    const { status, err } = await steward(cwd, ['pin', '--from', 'list', ...AREA]);

    expect(status).toBe(2);
    expect(err).toMatch(sentence);
  });

  it('is refused without a file, and without any name', async () => {
    const cwd = await makeDirectory(twoJobs());

    const absent = await steward(cwd, ['pin', '--from', 'nothing', ...AREA]);
    const nameless = await steward(cwd, ['pin']);

    expect([absent.status, nameless.status]).toEqual([2, 2]);
    expect(absent.err).toMatch(/^nothing can't be read: no such file\./);
    expect(nameless.err).toMatch(/^No checkpoint or savepoint was given\./);
  });
});
