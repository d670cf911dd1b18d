import { describe, expect, it } from 'vitest';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { below, documentOf, smallJob, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const AS = ['--as', 's3://bucket'];

describe('With --json, a failure', () => {
  it.each([
    [['audit', 'none'], 2, /^The folder '.*none' does not exist/],
    [['audit'], 2, /^No location was given/],
    [['plan', 'empty'], 2, /^empty: there are no files,/],
    [['plan', 'copy', ...AS, '--out', '-'], 2, /^--out -: give the name of a file/],
    [['explain', 'x', 'copy', ...AS], 2, /^x: there is no such object/],
    [
      ['restore-points', 'copy', ...AS, '--job', 'none'],
      2,
      /^No job in the area is called none\. To list all jobs: steward restore-points copy/,
    ],
    [['inspect', 'none'], 2, /^none: there is no such file/],
    [['audit', 'copy', '--config', 'none.json'], 2, /^none\.json: there is no such file/],
    [['audit', 'copy', '--nonsense'], 2, /^unknown option '--nonsense'$/],
    [['audit', 'copy', '--now', 'x'], 2, /^option '--now <time>' argument 'x' is invalid\. Write a time as/],
    [['adit', 'copy'], 2, /^unknown command 'adit'\n\(Did you mean audit\?\)$/],
  ])('of %j is one document on stdout, and sentences on stderr', async (args, status, message) => {
    const cwd = await makeDirectory({ ...below('copy', smallJob()), 'empty/': '' });

    const plain = await steward(cwd, args);
    const json = await steward(cwd, [...args, '--json']);

    expect(documentOf(json)).toEqual({ error: { message: expect.stringMatching(message), status } });
    expect({ status: json.status, err: json.err }).toEqual({ status, err: plain.err });
    expect(plain.out).toBe('');
  });

  it('is no second document where there is a report', async () => {
    const cwd = await makeDirectory(smallJob());

    const undecidable = await steward(cwd, ['audit', '.', '--json']);

    expect(undecidable.status).toBe(3);
    expect(documentOf(undecidable)).toHaveProperty('undecidable');
    expect(documentOf(undecidable)).not.toHaveProperty('error');
  });

  it('is none where help was asked for', async () => {
    expect(await steward('/', ['plan', '--json', '--help'])).toMatchObject({ status: 0, err: '' });
  });
});

describe('Sentences on stderr', () => {
  const args = ['plan', 'copy', ...AS, '--verdicts', '-'];

  it('are a line each where they go to a file', async () => {
    const cwd = await makeDirectory(below('copy', smallJob()));

    const { err } = await steward(cwd, args, 60);

    expect(err).toBe('--verdicts -: give the name of a file. The report itself is printed on stdout, see --json.\n');
  });

  it('are wrapped on a terminal, at its own width', async () => {
    const cwd = await makeDirectory({
      ...below('copy', smallJob()),
      'steward.json': '{"collect": {"deadAfter": "1h"}}',
    });

    const { err } = await steward(cwd, ['restore-points', 'copy', ...AS, '--job', 'none'], 100, 50);
    const usage = await steward(cwd, ['plan', 'copy', '--as', 'a', '--as', 'b'], 100, 60);

    expect(err).toBe(
      [
        'Note: collect.deadAfter is 1h, which is below',
        'collect.minAge (24h): jobs that only pause between',
        'two checkpoints count as ended. Set it to 14d',
        'unless this is a test.',
        'No job in the area is called none. To list all',
        'jobs:',
        '  steward restore-points copy --as s3://bucket',
        '',
      ].join('\n'),
    );
    expect(usage.err).toBe(
      [
        "error: option '--as <url>' argument 'b' is invalid. It was",
        'given twice, but a directory has one URL only. Set other',
        'names of this URL as "aliases" in steward.json.',
        '(see steward plan --help)',
        '',
      ].join('\n'),
    );
  });

  it('are one line of inspect, wrapped on a terminal only', async () => {
    const cwd = await makeDirectory({ _metadata: 'x' });

    const file = await steward(cwd, ['inspect', '.'], 40);
    const terminal = await steward(cwd, ['inspect', '.'], 100, 60);

    expect(file.err.split('\n')).toHaveLength(2);
    expect(terminal.err.split('\n').length).toBeGreaterThan(2);
    expect(terminal.err.replaceAll('\n', ' ')).toBe(file.err.replaceAll('\n', ' '));
  });
});

describe('A protect pattern', () => {
  const NOTE =
    /^Note: protect: "(.*)" matches no object in the area\. If it should protect something, check its spelling\.$/gm;

  async function idle(protect: readonly string[]): Promise<readonly (string | undefined)[]> {
    const cwd = await makeDirectory({ ...below('copy', smallJob()), 'steward.json': JSON.stringify({ protect }) });
    const { err } = await steward(cwd, ['plan', 'copy/flink', '--as', 's3://bucket/flink', '--json']);
    return [...err.matchAll(NOTE)].map((match) => match[1]);
  }

  it('that matches no object is told of', async () => {
    expect(await idle(['nomatch/**', '**', 'flink/ha/**'])).toEqual(['nomatch/**', 'flink/ha/**']);
  });

  it.each(['flink/*/chk-7/_metadata', '*/chk-7/_metadata', '/flink/**', '/*/chk-7/*', '**/chk-7/**'])(
    'is at work where it matches what is live anyway: %s',
    async (pattern) => {
      expect(await idle([pattern])).toEqual([]);
    },
  );
});
