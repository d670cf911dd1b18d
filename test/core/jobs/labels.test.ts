import { describe, expect, it } from 'vitest';
import { isLabelledByPath, type Labels, labelOf } from '#core/jobs/labels.ts';
import { DAY, JOB, OTHER_JOB, uuid, type WorldSpec, world } from '#test/support/world.ts';

const IN_EU = `flink/eu/${JOB}/shared/${uuid(1)}`;

function label(
  key: string,
  labels: Labels = [],
  { severalFolders = false, ...spec }: WorldSpec & { severalFolders?: boolean } = {},
): string {
  const evidence = world({ ...spec, objects: { [key]: DAY } });
  return labelOf(evidence.area, evidence.owner(key), labels, severalFolders);
}

describe('the label of a job', () => {
  it('is its job id', () => {
    expect(label(IN_EU)).toBe(JOB);
  });

  it('tells the folder above it where several folders hold jobs', () => {
    expect(label(IN_EU, [], { severalFolders: true })).toBe(`eu/${JOB}`);
    expect(label(`${JOB}/shared/${uuid(1)}`, [], { severalFolders: true })).toBe(JOB);
  });

  it('tells no folder that the store does not know', () => {
    const locations = [{ name: './cp', store: 's3://b', prefix: 'flink/eu/', hidden: 9 }];

    expect(label(IN_EU, [], { severalFolders: true, locations })).toBe(JOB);
  });

  it('is the path of a directory without job id, or the place itself', () => {
    expect(label(`flink/eu/shared/${uuid(1)}`)).toBe('flink/eu');
    expect(label(`shared/${uuid(1)}`)).toBe('s3://bucket');
  });

  it('is the one that is configured for the job id, or its beginning', () => {
    const labels = [
      { jobId: 'bbbb', job: 'payments' },
      { jobId: 'aaaa', job: 'orders' },
    ];

    expect(label(IN_EU, labels)).toBe('orders');
    expect(label(`flink/${OTHER_JOB}/shared/${uuid(1)}`, labels)).toBe('payments');
    expect(label(`flink/shared/${uuid(1)}`, labels)).toBe('flink');
  });

  it('is the first that fits', () => {
    expect(
      label(IN_EU, [
        { path: 'flink/{region}/{jobId}', job: 'first' },
        { jobId: JOB, job: 'second' },
      ]),
    ).toBe('first');
  });
});

describe('a label by path', () => {
  const by = (path: string, job: string, key = IN_EU, spec: WorldSpec = {}): string =>
    label(key, [{ path, job }], spec);

  it('takes each name for one folder', () => {
    expect(by('flink/{region}/{jobId}', '{region}/{jobId}')).toBe(`eu/${JOB}`);
    expect(by('/flink/{region}/{jobId}/', '{region}')).toBe('eu');
    expect(by('{a}/{b}/{a}', '{a}')).toBe(JOB);
  });

  it('fits folders as they are written, and no others', () => {
    expect(by('flink/eu/{jobId}', 'europe')).toBe('europe');
    expect(by('flink/us/{jobId}', 'america')).toBe(JOB);
    expect(by('flink/{jobId}', 'short')).toBe(JOB);
    expect(by('flink/{region}/{jobId}/{more}', 'long')).toBe(JOB);
  });

  it('takes several names from one folder', () => {
    const key = `flink/eu-west.orders/${JOB}/shared/${uuid(1)}`;

    expect(by('flink/{region}.{team}/{jobId}', '{team} in {region}', key)).toBe('orders in eu-west');
    expect(by('flink/{region}-west{rest}/{jobId}', '{region}{rest}', key)).toBe('eu.orders');
  });

  it('takes signs for what they are', () => {
    const key = `flink/a.b(c)+/${JOB}/shared/${uuid(1)}`;

    expect(by('flink/a.b(c)+/{jobId}', 'signs', key)).toBe('signs');
    expect(by('flink/aXb(c)+/{jobId}', 'signs', key)).toBe(JOB);
  });

  it('takes two stars for any number of folders, also for none', () => {
    const deep = `flink/a/b/${JOB}/shared/${uuid(1)}`;

    expect(by('**/{jobId}', 'at the root {jobId}', `${JOB}/shared/${uuid(1)}`)).toBe(`at the root ${JOB}`);
    expect(by('**/{jobId}', 'below {jobId}')).toBe(`below ${JOB}`);
    expect(by('flink/**/{jobId}', 'flink', deep)).toBe('flink');
    expect(by('flink/**', 'all of it')).toBe('all of it');
    expect(by('flink/**/{region}/{jobId}', '{region}', deep)).toBe('b');
    expect(by('other/**/{jobId}', 'other')).toBe(JOB);
    expect(by('flink/eu/x/**/{jobId}', 'deeper')).toBe(JOB);
  });

  it('leaves out a name that the path does not have', () => {
    expect(by('flink/{region}/{jobId}', '{region}-{team}')).toBe('eu-');
  });

  it('is held against the whole key and against the one that the store knows', () => {
    const spec = { locations: [{ name: './cp', store: 's3://b', prefix: 'flink/', hidden: 6 }] };

    expect(by('flink/{region}/{jobId}', 'whole {region}', IN_EU, spec)).toBe('whole eu');
    expect(by('{region}/{jobId}', 'short {region}', IN_EU, spec)).toBe('short eu');
  });

  it('fits a directory without job id too', () => {
    expect(by('flink/{region}', '{region}', `flink/eu/shared/${uuid(1)}`)).toBe('eu');
  });
});

describe('a label that is told by the path', () => {
  const isTold = (...labels: Labels): boolean => {
    const evidence = world({ objects: { [IN_EU]: DAY } });
    return isLabelledByPath(evidence.area, evidence.owner(IN_EU), labels);
  };
  const byPath = { path: 'flink/{region}/{id}', job: '{region}' };
  const byJobId = { jobId: JOB, job: 'orders' };

  it('is so where the pattern of a path is the first that fits', () => {
    expect(isTold(byPath, byJobId)).toBe(true);
    expect(isTold({ ...byPath, path: 'other/{region}/{id}' }, { ...byJobId, jobId: OTHER_JOB }, byPath)).toBe(true);
    expect(isTold(byJobId, byPath)).toBe(false);
    expect(isTold({ ...byPath, path: 'other/{region}/{id}' })).toBe(false);
    expect(isTold()).toBe(false);
  });
});
