import { describe, expect, it } from 'vitest';
import { traitsOf } from '#core/discovery/folder-look.ts';
import { J1 } from './looks.ts';

function contentOf(path: string, ...folders: readonly string[]): string | null {
  return traitsOf({ path, folders, files: [], isWhole: true }).content;
}

describe('The traits of a folder', () => {
  it.each<[string, string, readonly string[], string | null]>([
    ['a job with checkpoints', `x/${J1}/`, ['chk-1', 'shared'], 'checkpoints'],
    ['a job that only has shared files, as with entropy', `x/${J1}/`, ['shared'], 'checkpoints'],
    ['a changelog', `x/${J1}/`, ['dstl'], 'changelog'],
    ['a ForSt primary directory', `x/${J1}/`, ['op_a_attempt_0'], 'forst'],
    ['a tenant that is named like a job', `x/${J1}/`, ['checkpoints', 'savepoints'], null],
    ['checkpoints that several jobs share', 'x/', ['chk-1'], 'checkpoints'],
    ['both scopes without a checkpoint', 'x/', ['shared', 'taskowned'], 'checkpoints'],
    ["somebody's folder", 'x/', ['shared'], null],
    ["somebody's changelog", 'x/', ['dstl'], null],
  ])('tell %s', (_, path, folders, content) => {
    expect(contentOf(path, ...folders)).toBe(content);
  });

  it('order checkpoints by their numbers, the highest first', () => {
    const { checkpoints } = traitsOf({
      path: '',
      folders: ['chk-10', 'chk-9', 'chk-11', 'chk-x'],
      files: [],
      isWhole: true,
    });

    expect(checkpoints).toEqual(['chk-11', 'chk-10', 'chk-9']);
  });

  it.each<[string, string, readonly string[], readonly string[], boolean]>([
    ['a pointer', 'ha/c/', [], ['completedCheckpoint0a'], true],
    ['blobs', 'ha/c/blob/', [`job_${J1}`], [], true],
    ['blobs of no job', 'ha/c/blob/', ['no_job'], [], true],
    ['other blobs', 'x/blob/', ['images'], [], false],
    ['a file', 'ha/c/', [], ['notes.txt'], false],
  ])('tell high availability by %s', (_, path, folders, files, expected) => {
    expect(traitsOf({ path, folders, files, isWhole: true }).holdsHighAvailability).toBe(expected);
  });

  it('tell a root, savepoints, jobs and job results', () => {
    const folders = ['savepoint-aaaaaa-0123456789ab', 'savepoint-x', J1, 'job-result-store'];
    const traits = traitsOf({ path: '', folders, files: ['_metadata'], isWhole: true });

    expect(traits).toMatchObject({
      holdsRoot: true,
      savepoints: ['savepoint-aaaaaa-0123456789ab'],
      jobs: [J1],
      results: ['job-result-store'],
    });
  });
});
