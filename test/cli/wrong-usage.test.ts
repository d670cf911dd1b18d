import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { asUnprivilegedUser } from '#test/support/unprivileged-user.ts';
import { below, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();

/** Runs what must be refused as wrong usage, in a folder with a small job in `copy`, and gives what it says. */
async function refusal(args: readonly string[], prepare?: (cwd: string) => Promise<void>): Promise<string> {
  const cwd = await makeDirectory(below('copy', smallJob()));
  await prepare?.(cwd);
  const { status, out, err } = await steward(cwd, args);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toMatch(/\n$/);
  expect(err).not.toMatch(/^\s+at /m);
  expect(err).not.toContain('Unexpected');
  return err.slice(0, -1).replaceAll(cwd, 'CWD');
}

function file(name: string, text: string) {
  return (cwd: string): Promise<void> => writeFile(join(cwd, name), text);
}

const ON_AREAS = ['audit', 'plan', 'restore-points'];

describe('An empty text, as of an unset variable,', () => {
  const RUN = "The argument 'run' is an empty text (an unset variable?). Give its value. Nothing was done.";

  it.each([
    [
      ['audit', 'copy', '--job', ''],
      '--job is an empty text (an unset variable?). Give its value, or leave the option out.',
    ],
    [
      ['audit', 'copy', '--region='],
      '--region is an empty text (an unset variable?). Give its value, or leave the option out.',
    ],
    [
      ['history', 'copy', '--run', ''],
      '--run is an empty text (an unset variable?). Give its value, or leave the option out.',
    ],
    [['undo', '', 'copy'], RUN],
    [
      ['--config', '', 'undo', 'x', 'copy'],
      '--config is an empty text (an unset variable?). Give its value, or leave the option out.',
    ],
    [['pin', '', 'copy'], RUN.replace('run', 'root-or-location')],
    [['inspect', ''], RUN.replace('run', 'file')],
  ])('is refused: %j', async (args, sentence) => {
    expect(await refusal(args)).toBe(sentence);
  });

  it('may be the reason of a pause, which is not refused for want of one', async () => {
    const cwd = await makeDirectory(below('copy', smallJob()));

    expect(await steward(cwd, ['pause', 'copy', '--why', ''])).toMatchObject({ status: 0, err: '' });
  });
});

describe('A location', () => {
  it.each(ON_AREAS)('must be named for %s', async (command) => {
    expect(await refusal([command])).toBe(
      'No location was given. Give a bucket (s3://bucket/prefix) or a directory with Flink checkpoints, or set "area" in steward.json.',
    );
  });

  it.each(ON_AREAS)('must exist for %s', async (command) => {
    expect(await refusal([command, 'none'])).toBe(
      "The folder 'CWD/none' does not exist. Check the path, and that its file system is mounted. A bucket is written as s3://bucket/prefix.",
    );
  });

  it('is what follows the job that is declared dead, and no other job', async () => {
    expect(await refusal(['declare-dead', 'a'.repeat(32), 'b'.repeat(32)])).toBe(
      `${'b'.repeat(32)} is neither a bucket nor a directory that exists. After the job come the locations, and one job is declared dead at a time: for another one run the command again.`,
    );
  });

  it('must be a folder', async () => {
    expect(await refusal(['plan', 'f'], file('f', ''))).toContain("'CWD/f' is not a folder");
  });

  it('must not be the empty text of an unset variable', async () => {
    expect(await refusal(['plan', ''])).toContain('an unset variable?');
  });

  it.each([...ON_AREAS, 'explain'])('must hold something for %s', async (command) => {
    const args = command === 'explain' ? [command, 'x', 'empty'] : [command, 'empty'];

    const message = await refusal(args, async (cwd) => void (await mkdir(join(cwd, 'empty'))));

    expect(message).toBe(
      'empty: there are no files, so there is nothing to report. Give the directory above the checkpoints, to which execution.checkpointing.dir points.',
    );
  });

  it.each([...ON_AREAS, 'explain'])('must hold something of Flink for %s', async (command) => {
    const args = command === 'explain' ? [command, 'a.jpg', 'photos'] : [command, 'photos'];

    const message = await refusal(args, async (cwd) => {
      await mkdir(join(cwd, 'photos'));
      await writeFile(join(cwd, 'photos', 'a.jpg'), 'x');
      await writeFile(join(cwd, 'photos', 'b.jpg'), 'x');
    });

    expect(message).toBe(
      "photos: none of the 2 files has a name that Flink's state code writes (_metadata, chk-N, shared, …), so there is nothing to report. Give the directory to which execution.checkpointing.dir points, or one above it.",
    );
  });

  it('must be no directory bucket', async () => {
    for (const arn of [
      'arn:aws:s3:eu-central-1:123456789012:accesspoint/ap',
      's3://arn:aws:s3:eu-central-1:123456789012:accesspoint/ap/x',
    ]) {
      expect(await refusal(['plan', arn])).toContain(
        `${arn} can't be surveyed. That is the ARN of an access point, and only a bucket can be listed. Use the bucket behind it instead: s3://BUCKET/prefix.`,
      );
    }
    expect(await refusal(['plan', 's3://jobs--euw1-az1--x-s3/flink'])).toBe(
      "s3://jobs--euw1-az1--x-s3/flink: 'jobs--euw1-az1--x-s3' is a directory bucket. Directory buckets list keys in no order, so a part of one cannot be listed reliably. Give a general purpose bucket as s3://bucket/prefix.",
    );
  });

  it.each([
    ['arn:aws:s3:::my-bucket', 's3://my-bucket'],
    ['arn:aws-cn:s3:::my-bucket/flink/*', 's3://my-bucket/flink'],
  ])('must be the URL of a bucket, and not %s', async (arn, url) => {
    expect(await refusal(['plan', arn])).toBe(`${arn} is the ARN of a bucket. Give the bucket by its URL: ${url}`);
  });

  it('must be no bucket where --now sets the clock', async () => {
    expect(await refusal(['plan', 's3://bucket/flink', '--now', '2027-03-01'])).toBe(
      '--now is for local directories, but s3://bucket/flink is a bucket, and its own clock counts. Leave --now out.',
    );
  });

  it.each(['localhost:9000', 'ftp://store', 'http://'])(
    'must not be looked for at the endpoint %s',
    async (endpoint) => {
      expect(await refusal(['plan', 's3://bucket', '--endpoint', endpoint])).toContain(
        'Write it as http://localhost:9000 or https://s3.example.org.',
      );
    },
  );

  it.each(['file:/opt/flink', 'file:///opt/flink', 'hdfs://namenode/flink', 'https://example.com'])(
    'must be no URL: %s',
    async (url) => {
      expect(await refusal(['plan', url])).toBe(
        `${url} is neither a path nor a bucket. Give a local directory by its path, or a bucket as s3://bucket/prefix.`,
      );
    },
  );

  it.each([
    [['copy', 'copy'], 'copy was given twice. Give it once.'],
    [['copy', './copy/'], 'copy and ./copy/ are the same location. Give it once.'],
    [['copy', 'link'], 'copy and link are the same location. Give it once.'],
    [['s3://bucket/a', 's3a://bucket/a/'], 's3://bucket/a and s3a://bucket/a/ are the same location. Give it once.'],
  ])('must not be named twice: %j', async (places, expected) => {
    const message = await refusal(['plan', ...places], (cwd) => symlink('copy', join(cwd, 'link')));

    expect(message).toContain(expected);
  });

  it('must not lie within another one', async () => {
    expect(await refusal(['plan', '.', 'copy'])).toBe(
      'copy is inside ., so its objects would be judged twice. Nothing was done. Give only the outer location.',
    );
  });
});

describe('--as', () => {
  it('must be given once', async () => {
    const message = await refusal(['plan', 'copy', '--as', 's3://one', '--as', 's3://two']);

    expect(message).toContain("option '--as <url>' argument 's3://two' is invalid. It was given twice");
  });

  it('must not be given with several locations', async () => {
    expect(await refusal(['plan', 'copy', 'other', '--as', 's3://bucket'])).toBe(
      '--as applies to one directory, but there are several locations. Set it in steward.json: "area": [{"path": "./copy", "as": "s3://my-bucket"}, …].',
    );
  });

  it('is not for buckets', async () => {
    expect(await refusal(['plan', 's3://bucket', '--as', 's3://other'])).toContain('s3://bucket is a bucket');
  });

  it.each(['./copy', 's3://', 'bucket'])('must be a URL that references could begin with, not %j', async (url) => {
    expect(await refusal(['plan', 'copy', '--as', url])).toContain(`--as ${url}: this is not a URL`);
  });
});

describe('Options without a command', () => {
  it('show the help, and fail', async () => {
    const { status, out, err } = await steward('/', ['--json', '-q']);

    expect({ status, document: JSON.parse(out) }).toEqual({
      status: 2,
      document: { error: { message: 'No command was given.', status: 2 } },
    });
    expect(err).toMatch(/^Usage: steward \[options\] \[command\]\n/);
  });
});

describe('A slip of the fingers', () => {
  it.each([
    [['pln', 'copy'], "error: unknown command 'pln'\n(Did you mean one of pin, plan?)\n(see steward --help)"],
    [
      ['plan', 'copy', '--verdict', 'f'],
      "error: unknown option '--verdict'\n(Did you mean --verdicts?)\n(see steward plan --help)",
    ],
    [['audit', 'copy', '--jsn'], "error: unknown option '--jsn'\n(Did you mean --json?)\n(see steward audit --help)"],
    [['plan', 'copy', '--out'], "error: option '--out <file>' argument missing\n(see steward plan --help)"],
    [['help', 'audti'], "error: unknown command 'audti'\n(Did you mean audit?)\n(see steward audit --help)"],
    [['audti', 'copy'], "error: unknown command 'audti'\n(Did you mean audit?)\n(see steward audit --help)"],
    [['rules', 'chek'], "error: unknown command 'chek'\n(Did you mean check?)\n(see steward rules check --help)"],
    [
      ['help', 'rules', 'chek'],
      "error: unknown command 'chek'\n(Did you mean check?)\n(see steward rules check --help)",
    ],
    [['-q', '--ledger', 'x', 'nosuch', 'copy'], "error: unknown command 'nosuch'\n(see steward --help)"],
    [['help', 'nosuch'], "error: unknown command 'nosuch'\n(see steward --help)"],
    [['help', 'plan', 'out'], "error: unknown command 'out'\n(see steward plan --help)"],
    [['help', 'something'], "error: unknown command 'something'\n(see steward --help)"],
    [
      ['explain'],
      "error: missing required argument 'object'\n(see steward explain --help)\nTo write all objects with their verdicts: steward plan --verdicts verdicts.ndjson",
    ],
    [['undo'], "error: missing required argument 'run'\n(see steward undo --help)\nTo list the runs: steward history"],
    [['slack-preview'], "error: missing required argument 'event'\n(see steward slack-preview --help)"],
    [['inspect', 'a', 'b'], /^error: too many arguments for 'inspect'/],
  ])('is told with a suggestion: %j', async (args, expected) => {
    const message = await refusal(args);

    if (typeof expected === 'string') {
      expect(message).toBe(expected);
    } else {
      expect(message).toMatch(expected);
    }
  });

  it.each(['yesterday', '1', '2027', '2027-13-01', ''])('makes no time of %j', async (time) => {
    expect(await refusal(['plan', 'copy', '--now', time])).toBe(
      `error: option '--now <time>' argument '${time}' is invalid. Write a time as 2027-03-01T00:00:00Z.\n(see steward plan --help)`,
    );
  });
});

describe('A configuration', () => {
  it('must exist where it is named', async () => {
    expect(await refusal(['plan', 'copy', '--config', 'none.json'])).toContain('none.json: there is no such file');
  });

  it.each([
    ['a key that nobody knows', '{"colect": {}}', 'The nearest known key is collect: write that, or remove this one.'],
    ['a nested one', '{"collect": {"minage": "2d"}}', 'The nearest known key is collect.minAge'],
    ['broken JSON', '{"area": [', 'steward.json'],
    ['an outside this is not a URL', '{"outside": ["s3://["]}', 's3://['],
  ])('is refused with %s, without being named', async (_, text, expected) => {
    expect(await refusal(['plan', 'copy'], file('steward.json', text))).toContain(expected);
  });
});

describe('Other files', () => {
  it('must be there to be read: --lifecycle', async () => {
    expect(await refusal(['audit', 'copy', '--as', 's3://bucket', '--lifecycle', 'none.json'])).toMatch(
      /^none\.json can't be read: no such file\. Write it with: aws s3api get-bucket-lifecycle-configuration/,
    );
  });

  it.each(['{', '[]', '{"Rules": [{"Status": "On"}]}'])('must hold lifecycle rules, not %s', async (text) => {
    expect(await refusal(['audit', 'copy', '--lifecycle', 'rules.json'], file('rules.json', text))).toMatch(
      /^rules\.json/,
    );
  });

  it.each(['--verdicts', '--out'])('must be writable: %s', async (flag) => {
    expect(await refusal(['plan', 'copy', '--as', 's3://bucket', flag, 'no/folder/file'])).toBe(
      "CWD/no/folder/file can't be written: no such directory. Give a file in a directory that exists, that you may write to, and that has free space.",
    );
  });

  it.each([
    ['.', 'it is a directory'],
    ['copy/../f/file', 'a part of its path is not a directory'],
    ['/dev/full', 'no space left on the device'],
    [`${'x'.repeat(300)}`, 'the name is too long'],
  ])('must be writable, and the message says in words why %s is not', async (name, why) => {
    const message = await refusal(['plan', 'copy', '--as', 's3://bucket', '--out', name], file('f', ''));

    expect(message).toContain(
      ` can't be written: ${why}. Give a file in a directory that exists, that you may write to, and that has free space.`,
    );
  });

  it.each(['--verdicts', '--out'])('must not be written where it may not be: %s', async (flag) => {
    const cwd = await makeDirectory({ ...below('copy', smallJob()), 'closed/': '' });
    await chmod(cwd, 0o755);
    await chmod(join(cwd, 'closed'), 0o555);

    const ran = await asUnprivilegedUser(() => steward(cwd, ['plan', 'copy', '--as', 's3://bucket', flag, 'closed/f']));

    expect(ran.status).toBe(2);
    expect(ran.err).toContain("closed/f can't be written: permission denied. Give a file");
  });
});

describe('A name that nothing has', () => {
  it('is refused by explain', async () => {
    expect(await refusal(['explain', 'none', 'copy', '--as', 's3://bucket'])).toBe(
      'none: there is no such object below "copy". Write its path below the location, or its URL as checkpoints reference it (for a copy, with the --as of the copied bucket).',
    );
  });

  it('is refused by restore-points --job', async () => {
    expect(await refusal(['restore-points', 'copy', '--as', 's3://bucket', '--job', 'orders'])).toContain(
      'No job in the area is called orders.',
    );
  });

  it.each([
    ['none', 'none: there is no such file. Give a _metadata file, or the directory that contains it.'],
    ['copy', 'copy: there is no such file'],
    ['none/_metadata', "CWD/none'"],
    ['hdfs://namenode/chk-1/_metadata', 'Give a local file by its path, or an object as s3://bucket/key'],
  ])('is refused by inspect: %s', async (name, expected) => {
    expect(await refusal(['inspect', name])).toContain(expected);
  });

  it('is refused by inspect --base where it is no URL', async () => {
    expect(await refusal(['inspect', 'copy', '--base', 'chk-1'])).toContain('--base chk-1: this is not a URL');
  });
});
