import { describe, expect, it } from 'vitest';
import { startPathsOf } from '#core/flink/operator-paths.ts';
import { operatorResources } from '#test/support/operator-resources.ts';

const PATHS = { upgrade: 's3://bucket/savepoints/savepoint-946894-0123456789ab', snapshot: 's3://bucket/flink/chk-4' };

describe('The resources of the Flink Kubernetes operator', () => {
  it('name the paths from which jobs start, each once, and the snapshots that are not among them', () => {
    const { paths, unresolved } = startPathsOf(operatorResources(PATHS));

    expect(paths).toEqual([
      {
        path: PATHS.upgrade,
        source: 'FlinkDeployment streaming/orders, status.jobStatus.savepointInfo.lastSavepoint.location',
      },
      {
        path: 's3a://elsewhere/savepoints/savepoint-e8281d-0123456789ab',
        source: 'FlinkDeployment streaming/clicks, spec.job.initialSavepointPath',
      },
      { path: PATHS.snapshot, source: 'FlinkStateSnapshot streaming/before-upgrade, status.path' },
      { path: 's3://bucket/savepoints/lost', source: 'FlinkStateSnapshot streaming/by-hand, spec.savepoint.path' },
    ]);
    expect(unresolved).toEqual(['FlinkStateSnapshot streaming/gone']);
  });

  it('may be a single one, and name a path in place of a snapshot', () => {
    const reference = { name: 'ignored', path: 's3://bucket/sp' };
    const job = {
      kind: 'FlinkDeployment',
      metadata: { name: 'a' },
      spec: { job: { initialStateReference: reference } },
    };

    expect(startPathsOf(job)).toEqual({
      paths: [{ path: 's3://bucket/sp', source: 'FlinkDeployment default/a, spec.job.initialStateReference.path' }],
      unresolved: [],
    });
  });

  it.each([null, 7, 'text', [], {}, { items: [null, { kind: 'FlinkDeployment' }] }])(
    'name nothing in %j',
    (document) => {
      expect(startPathsOf(document)).toEqual({ paths: [], unresolved: [] });
    },
  );

  it('are named without a name of their own, too, and are no resources without metadata', () => {
    const spec = { job: { initialSavepointPath: 's3://bucket/sp' } };

    const { paths } = startPathsOf([
      { kind: 'FlinkDeployment', metadata: {}, spec },
      { kind: 'FlinkDeployment', spec },
      { metadata: {}, spec },
    ]);

    expect(paths).toEqual([
      { path: 's3://bucket/sp', source: 'FlinkDeployment default/, spec.job.initialSavepointPath' },
    ]);
  });
});
