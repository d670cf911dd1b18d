import { describe, expect, it } from 'vitest';
import { blocksOf, isData, partsOf, stepsOf } from './doc-script.ts';

function page(...lines: readonly string[]): string {
  return lines.join('\n');
}

describe('A page taken apart', () => {
  it('has commands with their lines, without comments and spare spaces', () => {
    const text = page('# A', '```sh', 'steward audit   ./copy      # what is there', 'steward plan ./copy', '```', '');
    expect(stepsOf('a.md', text)).toEqual([
      { at: 'a.md:3', command: 'steward audit ./copy', shown: [] },
      { at: 'a.md:4', command: 'steward plan ./copy', shown: [] },
    ]);
  });

  it('has commands of several lines, and those within lists', () => {
    const text = page(
      '* so:',
      '  ```',
      '  aws s3api get-x --bucket b \\',
      "    --y '{}'",
      '  ask() {',
      '    aws lambda invoke',
      '  }',
      '  git pull',
      '  ```',
      '',
    );
    expect(stepsOf('a.md', text).map(({ at, command }) => [at, command])).toEqual([
      ['a.md:3', "aws s3api get-x --bucket b --y '{}'"],
      ['a.md:5', 'ask() { aws lambda invoke }'],
      ['a.md:8', 'git pull'],
    ]);
  });

  it('has what is printed below its command, behind a prompt and without one', () => {
    const prompted = page('```', '$ steward audit x', 'a line', '', '$ steward plan x', 'another', '```', '');
    expect(stepsOf('a.md', prompted).map(({ command, shown }) => [command, shown])).toEqual([
      ['steward audit x', ['a line', '']],
      ['steward plan x', ['another']],
    ]);
    const asked = page('```', "ask '{}'", '{ "a": 1,', '  "b": 2 }', "ask '{}'", '```', '');
    expect(stepsOf('a.md', asked).map(({ shown }) => shown)).toEqual([['{ "a": 1,', '  "b": 2 }'], []]);
  });

  it('takes what stands before a prompt for a command, so that it is not passed over', () => {
    expect(stepsOf('a.md', page('```', 'curl x', '$ steward audit', '```', '')).map(({ command }) => command)).toEqual([
      'curl x',
      'steward audit',
    ]);
  });

  it('has blocks of data', () => {
    const text = page('```', '{', '}', '```', '```', '"area": []', '```', '```ndjson', '[]', '```', '');
    expect(blocksOf('a.md', text).map(isData)).toEqual([true, true, true]);
    expect(stepsOf('a.md', text)).toEqual([]);
  });

  it('has several commands in a line', () => {
    expect(partsOf('npm ci && npm test')).toEqual(['npm ci', 'npm test']);
  });
});
