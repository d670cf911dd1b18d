import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { parseConfig } from '#config/steward-config.ts';
import { useCredentials } from '#test/cli/rules-bucket.ts';
import { documentOf, runCaptured } from '#test/cli/steward.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { MovingStore } from '#test/support/moving-store.ts';
import { DAY, JOB, PlayedJob } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const serve = useEmbeddedS3();
const makeDirectory = useTempDirectories();

useCredentials();
beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
});

const ROOT = new URL('../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8');
const MANIFEST = JSON.parse(read('package.json'));

/** Of the CronJob. */
function argsOf(text: string): readonly string[] {
  const [, list = ''] = text.match(/^ +args: \[(.*)\]$/m) ?? [];
  return list.split(', ').map((word) => word.replaceAll("'", ''));
}

/** Of its ConfigMap. */
function stewardJson(text: string): string {
  const [, block = ''] = text.match(/^ {2}steward\.json: \|\n((?: {4}.*\n)+)/m) ?? [];
  return block.replaceAll(/^ {4}/gm, '');
}

describe('The CronJob', () => {
  const text = read('examples/kubernetes/cronjob.yaml');

  it('deletes nothing unless its reader makes it', () => {
    expect(argsOf(text)).toEqual(['collect', '--config', '/etc/steward/steward.json']);
  });

  it('has a steward.json that can be used, with a ledger', () => {
    const config = parseConfig(stewardJson(text), 'steward.json');
    expect(config.ledger).toBe('s3://my-ledger/flink');
    expect(config.area).toHaveLength(1);
  });

  it('looks and remembers, and deletes nothing, as it stands', async () => {
    // Prepare
    const { s3 } = await serve({ buckets: ['my-bucket', 'my-ledger'] });
    const store = new MovingStore({ now: Date.now() });
    const job = new PlayedJob(store, `flink/${JOB}/`, 's3://my-bucket');
    job.complete(7, [job.upload(1, Date.now() - 3 * DAY)], Date.now() - 2 * DAY);
    job.upload(2, Date.now() - 3 * DAY);
    for (const [key, { content, modified }] of Object.entries(store.files())) {
      s3.put('my-bucket', key, content, { lastModified: modified });
    }
    const cwd = await makeDirectory({ 'steward.json': stewardJson(text) });
    const args = argsOf(text).map((arg) => arg.replace('/etc/steward/', ''));
    vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.url);

    // Act
    const ran = await runCaptured([...args, '--json'], { cwd, clock: Date.now, columns: 100 });

    // Assess
    expect(ran.status).toBe(0);
    expect(documentOf(ran)).toMatchObject({ executed: false, totals: { quarantined: { objects: 1 } } });
    expect(s3.log.counts()).not.toHaveProperty('DeleteObjects');
  });

  it('never runs twice at a time, is not root, and writes nothing into its image', () => {
    for (const line of [
      'concurrencyPolicy: Forbid',
      'backoffLimit: 0',
      'runAsNonRoot: true',
      'readOnlyRootFilesystem: true',
      'allowPrivilegeEscalation: false',
    ]) {
      expect(text.split('\n').map((other) => other.trim())).toContain(line);
    }
  });

  it('runs the image of this version, as the user of that image', () => {
    expect(text).toContain(`image: ghcr.io/flink-steward/flink-steward:${MANIFEST.version}\n`);
    const [, user] = read('Dockerfile').match(/^USER (\d+):\d+$/m) ?? [];
    expect(text).toContain(`runAsUser: ${user}\n`);
  });
});

describe('The image', () => {
  it('is given nothing but what is copied into it', () => {
    const copied = read('Dockerfile')
      .match(/^COPY (.*) \/opt\/steward\/$/m)?.[1]
      ?.split(' ');
    const [all, ...given] = read('.dockerignore').trim().split('\n');
    expect(all).toBe('*');
    expect(given).toEqual(copied?.map((file) => `!${file}`));
  });
});

describe('The CDK application', () => {
  it('depends on this version, and on the versions that it is tested with', () => {
    const { dependencies, devDependencies } = JSON.parse(read('examples/cdk-app/package.json'));
    const { 'flink-steward': own, ...others } = dependencies;
    expect(own).toBe(MANIFEST.version);
    for (const [name, version] of Object.entries({ ...others, ...devDependencies })) {
      expect([name, version]).toEqual([name, MANIFEST.devDependencies[name]]);
    }
  });
});

describe('The pages and examples that install it', () => {
  it.each([
    'docs/installing.md',
    'examples/github-action/flink-steward.yml',
    'examples/kubernetes/cronjob.yaml',
    '.pre-commit-hooks.yaml',
  ])('name this version and no other: %s', (file) => {
    const named = [...read(file).matchAll(/\bflink-steward[@:-](\d+\.\d+\.\d+)/g)].map(([, version]) => version);
    expect(new Set(named)).toEqual(new Set([MANIFEST.version]));
  });
});
