import { JOB, OTHER_JOB } from './played-job.ts';

/**
 * What `kubectl get flinkdeployment,flinksessionjob,flinkstatesnapshot -o json` prints, shortened: a suspended job of an
 * earlier operator, one of a later that names a snapshot, one that goes on from high availability, and a running one.
 *
 * @param paths of the suspended job, and of the snapshot from which the second job starts.
 */
export function operatorResources({ upgrade, snapshot }: { readonly upgrade: string; readonly snapshot: string }) {
  const of = (kind: string, name: string, spec: object, status: object) => ({
    apiVersion: 'flink.apache.org/v1beta1',
    kind,
    metadata: { name, namespace: 'streaming', generation: 3, resourceVersion: '81234', uid: `uid-of-${name}` },
    spec,
    status,
  });
  const job = { jarURI: 'local:///opt/flink/usrlib/job.jar', parallelism: 2, upgradeMode: 'savepoint' };
  return {
    apiVersion: 'v1',
    kind: 'List',
    metadata: { resourceVersion: '' },
    items: [
      of(
        'FlinkDeployment',
        'orders',
        { flinkVersion: 'v1_20', image: 'flink:1.20', job: { ...job, state: 'suspended' } },
        {
          jobManagerDeploymentStatus: 'MISSING',
          lifecycleState: 'SUSPENDED',
          jobStatus: {
            jobId: JOB,
            state: 'FINISHED',
            upgradeSavepointPath: upgrade,
            savepointInfo: {
              lastSavepoint: {
                formatType: 'CANONICAL',
                location: upgrade,
                timeStamp: 1_740_000_000_000,
                triggerType: 'UPGRADE',
              },
              savepointHistory: [{ location: 's3://bucket/savepoints/savepoint-946894-00000000aaaa' }],
            },
          },
        },
      ),
      of(
        'FlinkDeployment',
        'clicks',
        {
          job: {
            ...job,
            state: 'suspended',
            initialSavepointPath: 's3a://elsewhere/savepoints/savepoint-e8281d-0123456789ab',
          },
        },
        {
          jobStatus: { jobId: OTHER_JOB, upgradeSnapshotReference: { namespace: 'streaming', name: 'before-upgrade' } },
        },
      ),
      of(
        'FlinkSessionJob',
        'alerts',
        { deploymentName: 'session', job: { ...job, initialStateReference: { name: 'gone' } } },
        { jobStatus: { upgradeSavepointPath: 'KUBERNETES_OPERATOR_LAST_STATE', savepointInfo: {} } },
      ),
      of(
        'FlinkStateSnapshot',
        'before-upgrade',
        { backoffLimit: -1, checkpoint: {}, jobReference: { kind: 'FlinkDeployment', name: 'clicks' } },
        { state: 'COMPLETED', path: snapshot },
      ),
      of(
        'FlinkStateSnapshot',
        'every-hour',
        { checkpoint: {}, jobReference: { kind: 'FlinkDeployment', name: 'clicks' } },
        { state: 'COMPLETED', path: `s3://bucket/flink/${OTHER_JOB}/chk-1` },
      ),
      of(
        'FlinkStateSnapshot',
        'by-hand',
        { savepoint: { alreadyExists: true, path: 's3://bucket/savepoints/lost', disposeOnDelete: false } },
        { state: 'TRIGGER_PENDING' },
      ),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' }, data: { path: 's3://bucket/other' } },
    ],
  };
}
