import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { run } from '#cli/program.ts';
import { DAY, JOB, NOW, PlayedJob, uuid } from '#test/support/played-job.ts';
import { type Tree, useTempDirectories } from '#test/support/temp-directory.ts';
import { asUnprivilegedUser } from '#test/support/unprivileged-user.ts';
import { bucketFiles, damagedJob, documentOf, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();

const ON_AREAS = ['audit', 'plan', 'restore-points'];

function withBrokenRoot(tree: Tree): Tree {
  return { ...tree, 'savepoints/broken/_metadata': { content: 'not a checkpoint', modified: NOW - DAY } };
}

function unwrap(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

describe('A forgotten --as', () => {
  it.each(ON_AREAS)('ends %s with 3, and the message says which --as it seems to want', async (command) => {
    const cwd = await makeDirectory(smallJob());

    const forgotten = await steward(cwd, [command, '.']);
    const json = documentOf(await steward(cwd, [command, '.', '--json']));

    expect({ status: forgotten.status, err: forgotten.err }).toEqual({ status: 3, err: '' });
    expect(unwrap(forgotten.out)).toContain(
      `references s3a://bucket/flink/${JOB}/shared/${uuid(1)}, which is not in this area, but a file with that name is.`,
    );
    expect(unwrap(forgotten.out)).toContain('for a directory, use --as s3a://bucket');
    expect(json).toMatchObject({ undecidable: [{ code: 'other-name' }] });
  });

  it.each([
    ['.', 's3a://bucket'],
    ['flink', 's3a://bucket/flink'],
  ])('is mended by what the message says: %s is %s', async (place, expected) => {
    // Prepare
    const cwd = await makeDirectory(smallJob());

    // Act
    const { out } = await steward(cwd, ['plan', place]);
    const advice = /use --as (\S+?)\. /.exec(unwrap(out))?.[1] ?? '';
    const again = await steward(cwd, ['plan', place, '--as', advice]);

    // Assess
    expect(advice).toBe(expected);
    expect(again.status).toBe(0);
    expect(again.out).toContain('quarantined');
  });

  it('is not all that is wrong with a location that is the directory of one job, which no --as mends', async () => {
    // Prepare
    const cwd = await makeDirectory(smallJob());
    const place = `s3a://bucket/flink/${JOB}`;

    // Act
    const forgotten = await steward(cwd, ['plan', `flink/${JOB}`]);
    const again = await steward(cwd, ['plan', `flink/${JOB}`, '--as', place, '--json']);

    // Assess
    expect(unwrap(forgotten.out)).toContain(`for a directory, use --as ${place}`);
    expect(again.status).toBe(3);
    expect(documentOf(again)).toMatchObject({
      undecidable: [{ code: 'cut-job-directory', object: `s3://bucket/flink/${JOB}/` }],
    });
  });

  it('is mended so for a mount, too', async () => {
    // Prepare
    const cwd = await makeDirectory(
      bucketFiles((store) => {
        const job = new PlayedJob(store, `${JOB}/`, 'file:/opt/flink state');
        job.complete(7, [job.upload(1)]);
      }),
    );

    // Act
    const { out, status } = await steward(cwd, ['plan', '.']);

    // Assess
    expect(status).toBe(3);
    expect(unwrap(out)).toContain("use --as 'file:///opt/flink state'");
    expect((await steward(cwd, ['plan', '.', '--as', 'file:///opt/flink state'])).status).toBe(0);
  });

  it('is a wrong one, too, and the message names the right one', async () => {
    const cwd = await makeDirectory(smallJob());

    const { status, out } = await steward(cwd, ['plan', '.', '--as', 's3://wrong']);

    expect(status).toBe(3);
    expect(unwrap(out)).toContain('for a directory, use --as s3a://bucket');
  });
});

describe('What cannot be read', () => {
  it('ends with 3 where it is a root, whatever else is found', async () => {
    // Prepare
    const cwd = await makeDirectory(withBrokenRoot(damagedJob()));

    // Act
    const runs = await Promise.all(ON_AREAS.map((command) => steward(cwd, [command, '.', '--as', 's3://bucket'])));
    const json = documentOf(await steward(cwd, ['audit', '.', '--as', 's3://bucket', '--json']));

    // Assess
    expect(runs.map(({ status }) => status)).toEqual([3, 3, 3]);
    for (const { out } of runs) {
      expect(unwrap(out)).toContain("s3://bucket/savepoints/broken/_metadata can't be read: ");
      expect(unwrap(out)).toContain(
        'If it will never be restored, declare it dead, with the same locations and the same ledger: steward declare-dead . --as s3://bucket --root',
      );
    }
    expect(json).toMatchObject({
      findings: [{ kind: 'damaged-checkpoint' }],
      undecidable: [{ code: 'unreadable-root', object: 's3://bucket/savepoints/broken/_metadata' }],
    });
  });

  it('ends explain with 3, and says why the object cannot be decided', async () => {
    const cwd = await makeDirectory(withBrokenRoot(smallJob()));

    const { status, out } = await steward(cwd, [
      'explain',
      `flink/${JOB}/shared/${uuid(2)}`,
      '.',
      '--as',
      's3://bucket',
    ]);

    expect(status).toBe(3);
    expect(out).toContain('keep-undecidable: no checkpoint or savepoint that could be read references it');
    expect(unwrap(out)).toContain(
      "the area is undecidable, so one that could not be read may reference it. This area is undecidable, and nothing in it would be deleted: - s3://bucket/savepoints/broken/_metadata can't",
    );
  });

  it('ends with 3 and a sentence where it is a directory', async () => {
    // Prepare
    const cwd = await makeDirectory(smallJob());
    await chmod(cwd, 0o755);
    await chmod(join(cwd, 'flink'), 0);

    // Act
    const ran = await asUnprivilegedUser(() => steward(cwd, ['plan', '.', '--json', '--verdicts', '../v']));
    await chmod(join(cwd, 'flink'), 0o755);

    // Assess
    expect(ran.status).toBe(3);
    expect(documentOf(ran)).toEqual({ error: { message: ran.err.slice(0, -1), status: 3 } });
    expect(ran.err).toBe(
      `The folder '${cwd}/flink/' can't be listed: permission denied (EACCES); its contents are unknown, so the listing stops here. Give this user read permission (for folders: read and search), then try again.\n`,
    );
  });

  it('ends with 3 where it is a link that may hide checkpoints, though nothing else is there', async () => {
    const cwd = await makeDirectory({ 'place/': '', 'elsewhere/chk-1/_metadata': 'x' });
    await symlink('../elsewhere', join(cwd, 'place', 'checkpoints'));

    const { status, out } = await steward(cwd, ['plan', 'place']);

    expect(status).toBe(3);
    expect(unwrap(out)).toContain(
      "place/checkpoints is a symbolic link to '../elsewhere'. The steward does not follow it",
    );
  });
});

describe('A failure that nobody foresaw', () => {
  it('is a sentence, and has its stack only with --debug', async () => {
    // Prepare
    const cwd = await makeDirectory(smallJob());
    const io = (err: string[]) => ({
      cwd,
      clock: () => {
        throw new TypeError('no clock');
      },
      columns: 100,
      colors: pc.createColors(false),
      out: () => undefined,
      err: (text: string) => void err.push(text),
    });
    const plain: string[] = [];
    const debug: string[] = [];

    // Act
    const statuses = [
      await run(['plan', '.', '--as', 's3://bucket'], io(plain)),
      await run(['plan', '.', '--as', 's3://bucket', '--debug'], io(debug)),
    ];

    // Assess
    expect(statuses).toEqual([3, 3]);
    expect(plain.join('')).toBe(
      'Unexpected failure: no clock. Nothing was changed. Run again with --debug and report what it prints.\n',
    );
    expect(debug.join('')).toMatch(/^Unexpected failure: no clock\..*\nTypeError: no clock\n\s+at /);
  });

  it('adds the stack of a foreseen one with --debug, too', async () => {
    const cwd = await makeDirectory();

    const { err, status } = await steward(cwd, ['plan', 'none', '--debug']);

    expect(status).toBe(2);
    expect(err).toMatch(/^The folder .* does not exist\. .*\nStoreError: The folder .* does not exist\. .*\n\s+at /);
  });
});
