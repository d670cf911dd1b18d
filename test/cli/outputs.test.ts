import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JOB, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { below, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const AS = ['--as', 's3://bucket'];
const ROOT = `copy/flink/${JOB}/chk-7/_metadata`;

describe('A file that plan is to write', () => {
  it.each([
    ['a checkpoint', ROOT],
    ['a new root in the location', 'copy/_metadata'],
    ['a new state file in the location', `copy/${uuid(9)}`],
    ['a pointer of high availability', 'copy/ha/completedCheckpoint0a1b2c'],
    ['one by a way round', 'other/../copy/flink/_metadata'],
    ['a link to a checkpoint', 'link-to-root'],
    ['one behind a link to the location', 'link-to-copy/_metadata'],
    ['a link to what is not there yet', 'link-to-new'],
    ['a link to such a link', 'link-to-link'],
  ])('is refused before anything is read where it is %s', async (_, name) => {
    for (const option of ['--verdicts', '--out']) {
      // Prepare
      const cwd = await makeDirectory({ ...below('copy', smallJob()), 'other/': '' });
      await symlink(ROOT, join(cwd, 'link-to-root'));
      await symlink('copy', join(cwd, 'link-to-copy'));
      await symlink(`copy/${uuid(8)}`, join(cwd, 'link-to-new'));
      await symlink('link-to-new', join(cwd, 'link-to-link'));
      const before = await readFile(join(cwd, ROOT));

      // Act
      const { status, out, err } = await steward(cwd, ['plan', 'copy', ...AS, option, name]);

      // Assess
      expect({ status, out, err }).toEqual({
        status: 2,
        out: '',
        err: `${option} ${name}: this file is inside copy and has a name that Flink uses, so it could overwrite a checkpoint. Give another file, best outside the location.\n`,
      });
      expect(await readFile(join(cwd, ROOT))).toEqual(before);
    }
  });

  it('is refused where the location is behind a link', async () => {
    const cwd = await makeDirectory(below('copy', smallJob()));
    await symlink('copy', join(cwd, 'link'));

    const { status, err } = await steward(cwd, ['plan', 'link', ...AS, '--out', 'copy/_metadata']);

    expect(status).toBe(2);
    expect(err).toContain('--out copy/_metadata: this file is inside link');
  });

  it('is refused in any of several locations, those of steward.json included', async () => {
    const config = JSON.stringify({ area: [{ path: 'a', as: 's3://a' }, 'b'] });
    const cwd = await makeDirectory({ ...below('a', smallJob()), 'b/x': 'x', 'steward.json': config });

    const { status, err } = await steward(cwd, ['plan', '--verdicts', 'b/_metadata']);

    expect(status).toBe(2);
    expect(err).toMatch(/^--verdicts b\/_metadata: this file is inside .*b and has a name that Flink uses/);
  });

  it('may lie in the location under a name that is not Flink’s', async () => {
    const cwd = await makeDirectory(smallJob());

    const { status } = await steward(cwd, ['plan', '.', ...AS, '--verdicts', 'v.ndjson']);

    expect(status).toBe(0);
    expect(await readFile(join(cwd, 'v.ndjson'), 'utf8')).toMatch(/^\{"location":"\."/);
  });

  it('is overwritten where it lies elsewhere, also where its name only begins like that of a location', async () => {
    const cwd = await makeDirectory({ ...below('copy', smallJob()), 'copy-verdicts': 'old' });
    await mkdir(join(cwd, '..copy'), { recursive: true });

    const { status } = await steward(cwd, ['plan', 'copy', ...AS, '--verdicts', 'copy-verdicts', '--out', '..copy/p']);

    expect(status).toBe(0);
    expect(await readFile(join(cwd, 'copy-verdicts'), 'utf8')).toMatch(/^\{"location":"copy"/);
    expect(await readFile(join(cwd, '..copy/p'), 'utf8')).toMatch(/^\{"plan":1/);
  });

  it.each(['same', './same', 'link'])('is refused where it is to hold both: %s', async (other) => {
    const cwd = await makeDirectory(below('copy', smallJob()));
    await symlink('same', join(cwd, 'link'));

    const ran = await steward(cwd, ['plan', 'copy', ...AS, '--verdicts', 'same', '--out', other]);

    expect({ status: ran.status, err: ran.err }).toEqual({
      status: 2,
      err: `--verdicts same and --out ${other} are the same file. Give two different files.\n`,
    });
  });

  it.each([
    ['-', '--out -: give the name of a file. The report itself is printed on stdout, see --json.\n'],
    ['', "--out '': give the name of a file. The report itself is printed on stdout, see --json.\n"],
  ])('is refused where it is no name: %j', async (name, expected) => {
    const cwd = await makeDirectory(below('copy', smallJob()));

    const { status, err } = await steward(cwd, ['plan', 'copy', ...AS, '--out', name]);

    expect({ status, err }).toEqual({ status: 2, err: expected });
  });

  it('may be a link that leads in a circle, which the system refuses', async () => {
    const cwd = await makeDirectory(below('copy', smallJob()));
    await symlink('b', join(cwd, 'a'));
    await symlink('a', join(cwd, 'b'));
    await writeFile(join(cwd, 'c'), '');

    const { status, err } = await steward(cwd, ['plan', 'copy', ...AS, '--out', 'a']);

    expect(status).toBe(2);
    expect(err).toContain("a can't be written: its symbolic links form a circle.");
  });
});
