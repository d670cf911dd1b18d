import { describe, expect, it } from 'vitest';
import { endsWithPath } from '#core/flink/path-end.ts';

const JOB = '9468946f38e9d60efc7468a374aec04f';
const ROOT = `flink/${JOB}/chk-42/_metadata`;

describe('A path', () => {
  it.each([
    'chk-42',
    'chk-42/_metadata',
    '/chk-42/',
    `${JOB}/chk-42`,
    '9468/chk-42',
    '9468946F/chk-42/',
    '9468946f/chk-42/_metadata',
    '_metadata',
    ROOT,
  ])(`of a root ends with %s`, (text) => {
    expect([endsWithPath(ROOT, text), endsWithPath(`s3://bucket/${ROOT}`, text)]).toEqual([true, true]);
  });

  it.each([
    '',
    '/',
    'hk-42',
    '946/chk-42',
    '0000/chk-42',
    '9468/chk-4',
    '9468',
    JOB,
    `9468/${JOB}/chk-42`,
    '9468/_metadata',
  ])('of a root does not end with %j', (text) => {
    expect(endsWithPath(ROOT, text)).toBe(false);
  });

  it('ends with digits only where they begin a job id', () => {
    expect(endsWithPath('flink/9468-backup/chk-42/_metadata', '9468/chk-42')).toBe(false);
    expect(endsWithPath('chk-42/_metadata', '9468/chk-42')).toBe(false);
  });
});
