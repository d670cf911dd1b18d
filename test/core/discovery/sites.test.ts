import { describe, expect, it } from 'vitest';
import { sitesOf } from '#core/discovery/sites.ts';
import { J1, J2, jobIn, looksOf } from './looks.ts';

function sites(...keys: readonly string[]): readonly unknown[] {
  return sitesOf(looksOf(keys)).map(({ kind, path, names }) => [kind, path, names.length]);
}

describe('Sites', () => {
  it('are the folders above job directories, by what these hold', () => {
    expect(sites(...jobIn('c/', J1), `d/${J1}/dstl/0`, `p/${J1}/op_a_attempt_0/db/0`)).toEqual([
      ['checkpoints', 'c/', 1],
      ['changelog', 'd/', 1],
      ['forst', 'p/', 1],
    ]);
  });

  it('of a folder with checkpoints and changelogs are two', () => {
    expect(sites(...jobIn('c/', J1), `c/${J2}/dstl/0`)).toEqual([
      ['checkpoints', 'c/', 1],
      ['changelog', 'c/', 1],
    ]);
  });

  it('count jobs that were not looked into, where one shows what they are', () => {
    const looks = looksOf([...jobIn('c/', J1), ...jobIn('c/', J2)]).filter(({ path }) => path !== `c/${J2}/`);

    expect(sitesOf(looks)).toEqual([{ kind: 'checkpoints', path: 'c/', names: [J1, J2], isWhole: true }]);
    expect(sitesOf(looks.filter(({ path }) => !path.includes(J1)))).toEqual([]);
  });

  it('are savepoints, checkpoints of several jobs, and other roots', () => {
    const keys = ['s/savepoint-aaaaaa-0123456789ab/_metadata', 'all/chk-4/_metadata', 'odd/kept/_metadata'];

    expect(sitesOf(looksOf(keys)).map(({ kind, path }) => [kind, path])).toEqual([
      ['savepoints', 's/'],
      ['checkpoints', 'all/'],
      ['roots', 'odd/kept/'],
    ]);
  });

  it('of high availability are the folders of clusters and of job results, each once', () => {
    const keys = ['ha/c/completedCheckpoint0a', `ha/c/blob/job_${J1}/blob_p-1`, `ha/job-result-store/c/${J1}.json`];

    expect(sites(...keys)).toEqual([
      ['high-availability', 'ha/job-result-store/', 0],
      ['high-availability', 'ha/c/', 0],
    ]);
  });
});
