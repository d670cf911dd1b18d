import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { widthOf } from '#cli/io.ts';
import { JOB, NOW, OTHER_JOB, uuid } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, at, runOf, serveQuarantine, twoJobs } from './acting.ts';
import { runCaptured, steward } from './steward.ts';

describe('COLUMNS', () => {
  it.each([
    ['80', 80],
    ['200', 200],
    ['40', 40],
    ['39', undefined],
    ['0', undefined],
    ['wide', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %j is a width of %j where stdout is no terminal', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

describe('Output that goes to no terminal', () => {
  const makeDirectory = useTempDirectories();
  const LABEL = 'a label that somebody made as long as a whole sentence, for good reasons';
  const BARE = ['audit', 'plan', 'retire', 'collect', 'restore-points', 'history', 'status', 'doctor'];

  /** A folder in which a run has deleted two objects, and what a command prints there. */
  async function swept() {
    const config = { labels: [{ jobId: JOB, job: LABEL }], retain: [{ path: '**', endedJobs: { keepLast: 1 } }] };
    const cwd = await makeDirectory({ ...twoJobs(), 'steward.json': JSON.stringify(config) });
    await serveQuarantine(cwd);
    const run = runOf(await steward(cwd, ['collect', ...AREA, '--now', at(1), '--execute', '--json']));
    const print = async (columns: number, ...words: readonly string[]) =>
      (await runCaptured([...words, ...AREA], { cwd, clock: () => NOW, columns, keepsNames: true })).out;
    return { run, print };
  }

  it.each([80, 200, Number.POSITIVE_INFINITY])('has every key, id and label whole in %d columns', async (columns) => {
    const { run, print } = await swept();

    const ofRun = await print(columns, 'history', '--run', run);
    const undo = await print(columns, 'undo', run);
    const audit = await print(columns, 'audit');

    expect(ofRun).toMatch(new RegExp(`^s3://bucket/flink/${JOB}/shared/${uuid(11)} `, 'm'));
    expect(ofRun).toMatch(new RegExp(`^s3://bucket/flink/${OTHER_JOB}/chk-3/_metadata `, 'm'));
    expect(undo).toContain(`flink/${OTHER_JOB}/chk-3`);
    expect(audit).toMatch(new RegExp(`^${LABEL} .* chk-7, `, 'm'));
    expect(audit).toMatch(new RegExp(`^${OTHER_JOB} .* chk-4, `, 'm'));
    for (const command of BARE) expect(await print(columns, command)).not.toContain('…');
  });

  it('is wrapped where COLUMNS says how wide it is, and else has one line for each sentence', async () => {
    const { print } = await swept();

    for (const command of BARE) {
      const narrow = (await print(80, command)).split('\n');
      const endless = await print(Number.POSITIVE_INFINITY, command);
      const prose = narrow.filter(
        (line) => /^(?! {2}steward)[^:]* [a-z]+ [a-z]+ [a-z]+ /.test(line) && !line.includes(LABEL),
      );
      expect(prose.filter((line) => stringWidth(line) > 80)).toEqual([]);
      expect(endless.split(/\s+/)).toEqual(expect.arrayContaining(['steward']));
    }
    expect(await print(Number.POSITIVE_INFINITY, 'audit')).toMatch(/^ {2}- 1 ended job holds .* kept\.$/m);
  });
});
