import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '#config/steward-config.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8');
const MANIFEST = JSON.parse(read('package.json'));

describe('The CronJob', () => {
  const text = read('examples/kubernetes/cronjob.yaml');

  it('deletes nothing unless its reader makes it', () => {
    const args = [...text.matchAll(/^ +args: (.*)$/gm)].map(([, list]) => list);
    expect(args).toEqual(["['collect', '--config', '/etc/steward/steward.json']"]);
  });

  it('has a steward.json that can be used, with a ledger', () => {
    const [, block = ''] = text.match(/^ {2}steward\.json: \|\n((?: {4}.*\n)+)/m) ?? [];
    const config = parseConfig(block.replaceAll(/^ {4}/gm, ''), 'steward.json');
    expect(config.ledger).toBe('s3://my-ledger/flink');
    expect(config.area).toHaveLength(1);
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
