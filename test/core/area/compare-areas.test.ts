import { describe, expect, it } from 'vitest';
import { type AreaComparison, compareAreas, type NamedPlace } from '#core/area/compare-areas.ts';

const bucket = (url: string): NamedPlace => ({ name: url, url: `${url}/`, path: null });
const directory = (path: string, as = `file://${path}`): NamedPlace => ({
  name: path,
  url: `${as}/`,
  path: `${path}/`,
});
const whole = (name: string) => ({ name, partly: false });
const rest = (name: string) => ({ name, partly: true });

const CP = bucket('s3://b/cp');
const SP = bucket('s3://b/sp');
const OTHER = bucket('s3://other');
const A = directory('/mnt/a', 's3://b/cp');
const B = directory('/mnt/b', 's3://b/sp');

describe('Locations beside those of the configuration', () => {
  it.each<readonly [string, readonly NamedPlace[], readonly NamedPlace[]]>([
    ['that are the same ones, in another order', [CP, SP], [SP, CP]],
    ['that name parts of one, and it', [CP], [CP, bucket('s3://b/cp/job')]],
    ['that stand for the buckets', [CP, SP], [directory('/mnt/a', 's3://b/cp'), directory('/mnt/b', 's3://b/sp')]],
    ['that lie where the directories lie, whatever they stand for', [A], [directory('/mnt/a', 's3://else')]],
  ])('%s are the whole area', (_, configured, named) => {
    expect(compareAreas(configured, named)).toEqual({ extent: 'whole', leftOut: [] });
  });

  it.each<readonly [string, readonly NamedPlace[], readonly NamedPlace[]]>([
    ['that lie above all of them', [CP, SP], [bucket('s3://b')]],
    ['that are all of them and another one', [CP, SP], [CP, SP, OTHER]],
  ])('%s are more than the area', (_, configured, named) => {
    expect(compareAreas(configured, named)).toEqual({ extent: 'more', leftOut: [] });
  });

  it.each<readonly [string, readonly NamedPlace[], readonly NamedPlace[], AreaComparison['leftOut']]>([
    ['that are one of several', [CP, SP], [SP], [whole('s3://b/cp')]],
    ['that lie below one of several', [CP, SP], [bucket('s3://b/cp/job')], [rest('s3://b/cp'), whole('s3://b/sp')]],
    ['that lie below the only one', [CP], [bucket('s3://b/cp/job')], [rest('s3://b/cp')]],
    ['that lie above some of several', [CP, SP, OTHER], [bucket('s3://b')], [whole('s3://other')]],
    ['that are one of several and a foreign one', [CP, SP], [CP, OTHER], [whole('s3://b/sp')]],
    ['that stand for one of several buckets', [CP, SP], [directory('/mnt/x', 's3://b/cp')], [whole('s3://b/sp')]],
    ['that are one of several directories', [A, B], [directory('/mnt/a')], [whole('/mnt/b')]],
    ['that are one of several under the name of all', [A, B], [directory('/mnt/a', 's3://b')], [whole('/mnt/b')]],
  ])('%s are a part of the area', (_, configured, named, leftOut) => {
    expect(compareAreas(configured, named)).toEqual({ extent: 'part', leftOut });
  });

  it.each<readonly [string, readonly NamedPlace[], readonly NamedPlace[]]>([
    ['in another bucket', [CP], [OTHER]],
    ['in a bucket whose name only begins alike', [bucket('s3://b')], [bucket('s3://b2')]],
    ['in a directory beside it that stands for the same bucket', [A], [directory('/mnt/a2', 's3://b/cp')]],
    ['in a directory that stands for itself, beside a bucket', [CP], [directory('/mnt/a')]],
  ])('%s are elsewhere', (_, configured, named) => {
    const leftOut = configured.map(({ name }) => whole(name));
    expect(compareAreas(configured, named)).toEqual({ extent: 'elsewhere', leftOut });
  });
});
