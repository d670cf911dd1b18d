import { existsSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MARKER_NAME } from '#core/collect/marker-name.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { twoJobs } from './acting.ts';
import { useCredentials } from './rules-bucket.ts';
import { documentOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const serve = useEmbeddedS3();

useCredentials();

/** An area within another one: what lies in `bucket/flink` as a location of its own. */
const OUTER = ['bucket', '--as', 's3://bucket', '--ledger', 'outer'];
const INNER = ['bucket/flink', '--as', 's3://bucket/flink', '--ledger', 'inner'];

async function placeIn(cwd: string, folder: string): Promise<string> {
  return JSON.parse(await readFile(join(cwd, folder, MARKER_NAME), 'utf8')).place;
}

describe('A second ledger', () => {
  it('on a part of an area is refused with status 3, and a dry run says so', async () => {
    // Prepare
    const cwd = await makeDirectory(twoJobs());
    await steward(cwd, ['collect', ...OUTER, '--execute']);

    // Act
    const ran = [];
    for (const words of [['collect'], ['retire'], ['pause'], ['resume'], ['declare-dead', 'a'.repeat(32)]]) {
      ran.push(await steward(cwd, [...words, ...INNER, '--execute']));
    }
    const dry = await steward(cwd, ['collect', ...INNER]);
    const audit = await steward(cwd, ['audit', ...INNER, '--json']);

    // Assess
    const sentence = `Another ledger, ${cwd}/outer, has been responsible for ${cwd}/bucket since 2027-03-01T00:00:00.000Z.`;
    expect(ran.map(({ status }) => status)).toEqual([3, 3, 3, 3, 3]);
    for (const { err } of ran) expect(err).toContain(sentence);
    expect([dry.status, audit.status]).toEqual([0, 0]);
    expect(dry.err.replace(/\s+/g, ' ')).toContain(sentence);
    expect(documentOf(audit).notes).toContain(`${sentence} With --execute this is refused.`);
    expect(existsSync(join(cwd, 'bucket/flink', MARKER_NAME))).toBe(false);
  });

  it('on the whole of it is refused too, until it takes over the parts', async () => {
    // Prepare
    const cwd = await makeDirectory(twoJobs());
    await steward(cwd, ['collect', ...INNER, '--execute']);

    // Act
    const refused = await steward(cwd, ['collect', ...OUTER, '--execute']);
    const takenOver = await steward(cwd, ['resume', ...OUTER, '--take-over', '--execute']);
    const ran = await steward(cwd, ['collect', ...OUTER, '--execute']);
    const inner = await steward(cwd, ['collect', ...INNER, '--execute']);

    // Assess
    expect([refused.status, takenOver.status, ran.status, inner.status]).toEqual([3, 0, 0, 3]);
    expect(refused.err).toContain(`Another ledger, ${cwd}/inner, has been responsible for s3://bucket/flink/ since`);
    expect(await placeIn(cwd, 'bucket/flink')).toBe(`${cwd}/outer`);
  });

  it('on the whole of it, once refused, names the marker that has to go before the first one runs again', async () => {
    // Prepare
    const cwd = await makeDirectory(twoJobs());
    await steward(cwd, ['collect', ...INNER, '--execute']);

    // Act
    const refused = await steward(cwd, ['collect', ...OUTER, '--execute']);
    const blocked = await steward(cwd, ['collect', ...INNER, '--execute']);
    const [, url] = /and remove (\S+), with which this ledger refuses it/.exec(refused.err.replace(/\s+/g, ' ')) ?? [];
    await rm(join(cwd, String(url).slice('s3://'.length)));
    const ran = await steward(cwd, ['collect', ...INNER, '--execute']);

    // Assess
    expect(url).toBe(`s3://bucket/${MARKER_NAME}`);
    expect([refused.status, blocked.status, ran.status]).toEqual([3, 3, 0]);
    expect(refused.err.replace(/\s+/g, ' ')).toContain('so nothing was deleted or retired. Use that ledger');
  });

  it('on a part refuses an undo too, which a dry run says', async () => {
    // Prepare: what the outer ledger has deleted, before the inner one has marked its part.
    const cwd = await makeDirectory(twoJobs());
    await steward(cwd, ['collect', ...OUTER, '--now', '2027-03-01T00:00:00Z']);
    const swept = await steward(cwd, ['collect', ...OUTER, '--now', '2027-03-02T00:00:00Z', '--execute', '--json']);
    const undone = ['undo', String(documentOf(swept).run), ...OUTER];
    const marker = await readFile(join(cwd, 'bucket', MARKER_NAME), 'utf8');
    const theirs = { ...JSON.parse(marker), ledger: 'theirs', place: 's3://theirs', location: 's3://bucket/flink/' };
    await writeFile(join(cwd, 'bucket/flink', MARKER_NAME), JSON.stringify(theirs));

    // Act
    const executed = await steward(cwd, [...undone, '--execute']);
    const dry = await steward(cwd, undone);

    // Assess
    const sentence = 'Another ledger, s3://theirs, has been responsible for s3://bucket/flink/ since';
    expect([executed.status, executed.out]).toEqual([3, '']);
    expect(executed.err.replace(/\s+/g, ' ')).toContain(sentence);
    expect(dry.err.replace(/\s+/g, ' ')).toMatch(
      /^Note: Another ledger, s3:\/\/theirs, .* With --execute this is refused\./,
    );
  });

  it('that is a copy takes the place of the first one when something is declared in it', async () => {
    for (const words of [['pause'], ['pin', 's3://bucket/flink/e8281d81fc468ee47e6eaa5a31fdb2d1/chk-3']]) {
      // Prepare
      const cwd = await makeDirectory(twoJobs());
      await steward(cwd, ['collect', ...OUTER, '--execute']);
      await cp(join(cwd, 'outer'), join(cwd, 'copy'), { recursive: true });
      const copied = [...OUTER.slice(0, -1), 'copy'];

      // Act
      const declared = await steward(cwd, [...words, ...copied, '--execute']);
      const left = await steward(cwd, ['collect', ...OUTER, '--execute']);

      // Assess
      expect([declared.status, left.status]).toEqual([0, 3]);
      expect(left.err).toContain(`This ledger was moved or copied to ${cwd}/copy`);
    }
  });

  it('that takes over a part is told which marker above keeps it from it, and how that is removed', async () => {
    // Prepare
    const cwd = await makeDirectory(twoJobs());
    await steward(cwd, ['collect', ...OUTER, '--execute']);
    const marker = join(cwd, 'bucket', MARKER_NAME);

    // Act
    const takenOver = await steward(cwd, ['resume', ...INNER, '--take-over', '--execute']);
    const document = await steward(cwd, ['resume', ...INNER, '--take-over', '--execute', '--json']);
    const refused = await steward(cwd, ['collect', ...INNER, '--execute']);
    const command = /\n {2}rm (\S+)\n$/.exec(takenOver.out)?.[1];
    await rm(command ?? '');
    const ran = await steward(cwd, ['collect', ...INNER, '--execute']);

    // Assess
    expect([takenOver.status, refused.status, ran.status]).toEqual([1, 3, 0]);
    expect(command).toBe(marker);
    expect(documentOf(document)).toEqual({
      paused: false,
      above: [{ url: `file://${marker}`, place: `${cwd}/outer` }],
      executed: true,
    });
    expect(await placeIn(cwd, 'bucket/flink')).toBe(`${cwd}/inner`);
  });

  it('of two prefixes is told once which marker above keeps it from them, and how it is removed from its store', async () => {
    // Prepare
    const { s3 } = await serve();
    const outer = { steward: 1, ledger: 'theirs', place: 's3://theirs', since: '2027-02-01T00:00:00.000Z' };
    s3.put(BUCKET, `flink/${MARKER_NAME}`, JSON.stringify(outer));
    const settings = { endpoint: s3.url, region: 'eu-west-1', pathStyle: true };
    const area = ['checkpoints', 'savepoints'].map((folder) => ({
      bucket: `s3://${BUCKET}/flink/${folder}`,
      ...settings,
    }));
    const cwd = await makeDirectory({ 'steward.json': JSON.stringify({ area, ledger: 'inner' }) });

    // Act
    const { status, out } = await steward(cwd, ['resume', '--take-over', '--execute'], 200);

    // Assess
    const marker = `s3://${BUCKET}/flink/${MARKER_NAME}`;
    expect({ status, out: out.replace(/\n(?! )/g, ' ') }).toEqual({
      status: 1,
      out: `The area is this ledger's now, but what it is a part of is not: ${marker} (of the ledger s3://theirs). Runs are refused until that marker is removed. To remove it:\n  aws s3 rm ${marker} --endpoint-url ${s3.url} --region eu-west-1 `,
    });
  });
});
