import { describe, expect, it } from 'vitest';
import { areaFolders } from '#core/discovery/area-folders.ts';
import { entropyFolders } from '#core/discovery/entropy.ts';
import type { Site, SiteKind } from '#core/discovery/sites.ts';
import { J1 } from './looks.ts';

function site(kind: SiteKind, path: string, names: readonly string[] = [J1]): Site {
  return { kind, path, names, isWhole: true };
}

function folders(sites: readonly Site[], { sampled = [] as readonly string[], start = '' } = {}): readonly string[] {
  const entropy = entropyFolders(sites, () => false);
  return areaFolders(sites, { sampled: new Set(sampled), start, entropy }).map(({ path }) => path);
}

describe('The folders for the area', () => {
  it('are those above the job directories, and never those of one job', () => {
    expect(folders([site('checkpoints', 'flink/'), site('changelog', 'logs/')])).toEqual(['flink/', 'logs/']);
  });

  it('are the folder above regions, because others may come', () => {
    expect(folders([site('checkpoints', 'x/eu/'), site('checkpoints', 'x/us/', ['b'])])).toEqual(['x/']);
    expect(folders([site('checkpoints', 'flink/checkpoints/eu/')])).toEqual(['flink/checkpoints/']);
    expect(folders([site('savepoints', 'flink/my-savepoints/a/b/')])).toEqual(['flink/my-savepoints/']);
  });

  it('are not joined to the whole bucket for two of them', () => {
    expect(folders([site('checkpoints', 'eu/'), site('checkpoints', 'us/', ['b'])])).toEqual(['eu/', 'us/']);
  });

  it('are the folder above where not all of its folders were looked into', () => {
    expect(folders([site('checkpoints', 'x/team-7/')], { sampled: ['x/'] })).toEqual(['x/']);
    expect(folders([site('checkpoints', 'team-7/')], { sampled: [''] })).toEqual(['']);
  });

  it('are never above what was asked for', () => {
    expect(folders([site('checkpoints', 'flink/checkpoints/eu/')], { start: 'flink/checkpoints/eu/' })).toEqual([
      'flink/checkpoints/eu/',
    ]);
  });

  it('are one for more than eight below it', () => {
    const many = Array.from({ length: 9 }, (_, at) => site('checkpoints', `teams/${at}/state/`, [`${at}`]));

    expect(folders(many)).toEqual(['teams/']);
    expect(folders(many.slice(1))).toHaveLength(8);
  });

  it('are the folder above a root under a name of its own, but not the whole bucket for it', () => {
    expect(folders([site('roots', 'kept/before-upgrade/')])).toEqual(['kept/']);
    expect(folders([site('roots', 'before-upgrade/')])).toEqual(['before-upgrade/']);
  });

  it('leave out high availability, of which nothing is collected', () => {
    expect(folders([site('high-availability', 'ha/c/')])).toEqual([]);
  });

  it('are above random names, of which one job has several', () => {
    const random = ['17Sr', '1Osp', '2Cnq'].map((name) => site('checkpoints', `flink/${name}/checkpoints/`));
    const sites = [site('checkpoints', 'flink/checkpoints/'), ...random];
    const found = (hasRoot: boolean) =>
      areaFolders(sites, { sampled: new Set(), start: '', entropy: entropyFolders(sites, () => hasRoot) });

    expect(found(false).map(({ path, randomFolders }) => [path, randomFolders])).toEqual([['flink/', 3]]);
    // Clusters of one name in several regions.
    expect(found(true).map(({ path }) => path)).toEqual([
      'flink/17Sr/checkpoints/',
      'flink/1Osp/checkpoints/',
      'flink/2Cnq/checkpoints/',
      'flink/checkpoints/',
    ]);
  });

  it('are above the literal entropy key as well', () => {
    const sites = [site('checkpoints', '_entropy_/checkpoints/'), site('savepoints', 's/')];
    const found = areaFolders(sites, { sampled: new Set(), start: '', entropy: entropyFolders(sites, () => false) });

    expect(found.map(({ path, randomFolders }) => [path, randomFolders])).toEqual([['', 0]]);
    expect(folders([site('checkpoints', 'flink/_entropy_/checkpoints/')])).toEqual(['flink/']);
  });

  it('are not joined for a job that moved once', () => {
    const moved = ['blue', 'teal'].map((name) => site('checkpoints', `${name}/state/checkpoints/`));

    expect(folders(moved)).toEqual(['blue/state/checkpoints/', 'teal/state/checkpoints/']);
  });
});

describe('The folders for the area, of keys that no location names,', () => {
  it.each([
    ['/flink/checkpoints/', ['']],
    ['/', ['']],
    ['flink//checkpoints/', ['flink/']],
    ['flink/../checkpoints/', ['flink/']],
    ['flink/a\\b/', ['flink/']],
    ['flink/..a/', ['flink/..a/']],
  ])('are above the first folder without a name of its own: %s', (path, expected) => {
    expect(folders([site('checkpoints', path)])).toEqual(expected);
  });
});
