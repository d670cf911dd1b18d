import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { list, type ReadEntry } from 'tar';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { FUNCTION_NAMES } from '#functions/shared/function-names.ts';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
/** Bytes, in the registry and on the disk of whoever installs it. */
const MOST_PACKED = 2_000_000;
const MOST_UNPACKED = 7_000_000;

/** Each with the text of its file, by its path in the package. */
const files = new Map<string, string>();
const modes = new Map<string, number>();

beforeAll(async () => {
  const reading: Promise<void>[] = [];
  await list({
    file: inject('tarball'),
    onReadEntry: (entry: ReadEntry) => {
      const path = entry.path.replace(/^package\//, '');
      modes.set(path, entry.mode ?? 0);
      reading.push(entry.concat().then((bytes) => void files.set(path, bytes.toString('latin1'))));
    },
  });
  await Promise.all(reading);
});

function manifest(): Record<string, unknown> & { readonly scripts: object } {
  return JSON.parse(files.get('package.json') ?? '');
}

describe('The package', () => {
  it('has these files and no others', () => {
    const chunks = [...files.keys()].filter((path) => /^dist\/cdk\/functions\/[\w-]+-[A-Z0-9]{8}\.mjs$/.test(path));
    const types = [...files.keys()].filter((path) => /^dist\/cdk\/types\/[\w/-]+\.d\.cts$/.test(path));
    expect(chunks.length).toBeGreaterThan(FUNCTION_NAMES.length);
    expect([...files.keys()].filter((path) => !chunks.includes(path) && !types.includes(path)).sort()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'config/steward.schema.json',
        'dist/THIRD-PARTY-NOTICES.txt',
        'dist/cdk/functions/bundles.json',
        ...FUNCTION_NAMES.map((name) => `dist/cdk/functions/${name}.mjs`),
        'dist/cdk/index.cjs',
        'dist/cdk/index.d.cts',
        'dist/cli/steward.mjs',
        'dist/steward.1',
        'package.json',
      ].sort(),
    );
    expect(types.map((path) => path.slice('dist/cdk/types/'.length)).sort()).toEqual([
      'config/config-error.d.cts',
      'config/steward-json.d.cts',
      'core/signals/alarms.d.cts',
      'core/signals/metrics.d.cts',
      'functions/shared/function-names.d.cts',
      'infra/buckets.d.cts',
      'infra/checkpoint-buckets-props.d.cts',
      'infra/flink-state-rules.d.cts',
      'infra/flink-steward-base.d.cts',
      'infra/flink-steward-props.d.cts',
      'infra/flink-steward-stack.d.cts',
      'infra/flink-steward.d.cts',
      'infra/imported-steward.d.cts',
      'infra/network-props.d.cts',
      'infra/watching-props.d.cts',
    ]);
  });

  it('has no file in its functions that none of them needs', () => {
    const shared = JSON.parse(files.get('dist/cdk/functions/bundles.json') ?? '') as Record<string, object>;
    const needed = Object.values(shared).flatMap((bundle) => Object.values(bundle) as string[]);
    const there = [...files.keys()].filter((path) => /^dist\/cdk\/functions\/.*\.mjs$/.test(path));
    expect(Object.keys(shared)).toEqual([...FUNCTION_NAMES]);
    expect([...new Set(needed)].map((file) => `dist/cdk/functions/${file}`).sort()).toEqual(there.sort());
  });

  it('is small', () => {
    const unpacked = [...files.values()].reduce((sum, text) => sum + text.length, 0);
    expect(statSync(inject('tarball')).size).toBeLessThan(MOST_PACKED);
    expect(unpacked).toBeLessThan(MOST_UNPACKED);
  });

  it('brings no other package, and runs nothing when it is installed', () => {
    const { dependencies, optionalDependencies, bundleDependencies, peerDependenciesMeta, private: kept } = manifest();
    expect({ dependencies, optionalDependencies, bundleDependencies, kept }).toEqual({});
    expect(peerDependenciesMeta).toEqual({ 'aws-cdk-lib': { optional: true }, constructs: { optional: true } });
    expect(Object.keys(manifest().scripts).filter((name) => /^(?:pre|post)?(?:install|prepare)$/.test(name))).toEqual(
      [],
    );
  });

  it('has no source map, and names no path of the machine that built it', () => {
    const tainted = [...files].filter(
      ([, text]) =>
        text.includes('sourceMappingURL=') || text.includes(TOP) || /\/(?:home|Users|root)\/(?!any\b)\w/.test(text),
    );
    expect(tainted.map(([path]) => path)).toEqual([]);
  });

  it('has the command executable', () => {
    expect((modes.get('dist/cli/steward.mjs') ?? 0) & 0o111).toBe(0o111);
  });

  it('has types that name nothing but the CDK and each other', () => {
    const named = [...files]
      .filter(([path]) => path.endsWith('.d.cts'))
      .flatMap(([, text]) => [...text.matchAll(/(?:from |import\(|import |types=)['"]([^'"]+)['"]/g)])
      .map(([, specifier = '']) => specifier)
      .filter((specifier) => !/^\.{1,2}\/[\w./-]+\.cjs$/.test(specifier));
    const packages = named.map((specifier) => specifier.split('/')[0]);
    expect([...new Set(packages)].sort()).toEqual(['aws-cdk-lib', 'constructs']);
  });

  it('names every package of which it contains code', () => {
    const notices = files.get('dist/THIRD-PARTY-NOTICES.txt') ?? '';
    const { devDependencies } = JSON.parse(readFileSync(`${TOP}package.json`, 'utf8'));
    for (const name of ['@aws-sdk/client-s3', '@middy/core', '@observablehq/plot', 'commander', 'zod']) {
      expect(notices).toContain(`\n${name} ${devDependencies[name]} (`);
    }
    // What the SDK, the page and the tables bring with them.
    expect(notices).toMatch(/^@smithy\/core \d/m);
    expect(notices).toMatch(/^d3-array \d/m);
    expect(notices).toMatch(/^ansi-regex \d/m);
    expect(notices).not.toMatch(/^(?:esbuild|vitest|aws-cdk-lib) \d/m);
  });
});
