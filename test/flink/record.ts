/**
 * Has real Flink write a small bucket for the ordinary tests, as test/fixtures/corpus keeps them: no collector runs
 * beside it, and Flink restores every root before and after all garbage has gone.
 *
 * usage: tsx test/flink/record.ts NAME, one of those below
 */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { clientOf } from '#test/s3-contract/describe-s3.ts';
import type { RecordedBucket, RecordedObject } from '#test/support/corpus.ts';
import { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { buildFlink, type FlinkLine } from './flink-build.ts';
import type { Options } from './lab.ts';
import { keyIn } from './place.ts';
import { optionsOf, play } from './play.ts';
import { S3Place, s3Options } from './s3-place.ts';
import { S3_SCENARIOS } from './s3-scenarios.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { Verifier } from './verifier.ts';

interface Take {
  readonly line: FlinkLine;
  readonly scenario: string;
  readonly note: string;
}

const TAKES: Readonly<Record<string, Take>> = {
  'f23-forst': {
    line: 'flink-2',
    scenario: 'forst',
    note: 'ForSt, incremental; killed, restored with CLAIM, killed again.',
  },
  'f23-unaligned': {
    line: 'flink-2',
    scenario: 'unaligned under back-pressure',
    note: 'Unaligned checkpoints under back-pressure, with channel state; killed and restored.',
  },
  'f120-entropy': {
    line: 'flink-1.20',
    scenario: 's3: entropy',
    note: 'RocksDB, incremental, with entropy in the paths of all but the roots; failures, and a kill.',
  },
};
/** An upload to a bucket takes its time. */
const ON_S3: Options = { 'execution.checkpointing.interval': '1 s' };
/** Few objects, so that the tests stay quick. */
const SHORTER = 0.4;
const PREFIX = 'flink/';
const FOLDER = fileURLToPath(new URL('../fixtures/corpus', import.meta.url));

const name = process.argv[2] ?? '';
const take = TAKES[name];
if (take === undefined) {
  process.stderr.write(`usage: tsx test/flink/record.ts ${Object.keys(TAKES).join(' | ')}\n`);
  process.exit(2);
}
const found = [...SCENARIOS, ...S3_SCENARIOS].find((scenario) => scenario.name === take.scenario);
if (found === undefined) throw new Error(`There is no scenario "${take.scenario}".`);
await record(take, {
  ...found,
  timeout: 6,
  options: { ...found.options, ...ON_S3 },
  acts: found.acts.map((act) => (act.do === 'run' ? { ...act, seconds: SHORTER * act.seconds } : act)),
});

async function record({ line, note }: Take, scenario: Scenario): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'flink-steward-record-'));
  const build = await buildFlink(line);
  const s3 = await EmbeddedS3.start();
  const bucket = `fc-${name}`;
  const place = new S3Place(s3, bucket, PREFIX);
  const verifier = await Verifier.open(build, s3Options(s3), scratch);
  try {
    await play(scenario, place, build, verifier, scratch);
    const objects = await objectsOf(s3, bucket);
    await pack(s3, bucket, objects, join(scratch, 'objects'));
    const keys = new Set(objects.map(({ key }) => key));
    const roots: RecordedBucket['roots'][number][] = [];
    for (const metadata of [...keys].filter((key) => key.endsWith('/_metadata'))) {
      const paths = (await verifier.references(place, inPlace(metadata))) ?? [];
      const refs = [...new Set(paths.flatMap((path) => inBucket(keyIn(place, path))))].sort();
      const id = Number(/chk-(\d+)\//.exec(metadata)?.[1] ?? 0);
      roots.push({ metadata, id, refs, missing: refs.filter((key) => !keys.has(key)) });
    }
    const keep = new Set(roots.flatMap(({ metadata, refs }) => [metadata, ...refs]).filter((key) => keys.has(key)));
    const mayDelete = [...keys].filter((key) => !keep.has(key));

    const options = optionsOf(scenario, place);
    const before = await restoredRoots(verifier, place, roots, options);
    for (const key of mayDelete) await place.remove(inPlace(key));
    const after = await restoredRoots(verifier, place, roots, options);
    const restores = roots.map(({ metadata }) => ({
      checkpoint: `s3://${bucket}/${dirname(metadata)}`,
      before: before.has(metadata),
      afterDeletion: after.has(metadata),
    }));
    const facts: Omit<RecordedBucket, 'name'> = {
      ...{ flink: line === 'flink-1.20' ? '1.20' : '2.3', bucket, note, jobs: {}, objects, roots },
      ...{ keep: [...keep].sort(), may_delete: mayDelete.sort(), restores },
    };
    await writeFile(join(FOLDER, `${name}.json`), `${JSON.stringify(facts, null, 1)}\n`);
    process.stdout.write(
      `${name}: ${objects.length} objects, ${mayDelete.length} garbage, ${roots.length} roots, ` +
        `${before.size} restored before and ${after.size} after it went\n`,
    );
  } finally {
    await verifier.close();
    await s3.close();
    await rm(scratch, { recursive: true });
  }
}

function inPlace(key: string): string {
  return key.slice(PREFIX.length);
}

function inBucket(key: string | null): readonly string[] {
  return key === null ? [] : [PREFIX + key];
}

async function objectsOf(s3: EmbeddedS3, bucket: string): Promise<readonly RecordedObject[]> {
  const objects: RecordedObject[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: clientOf(s3.url) }, { Bucket: bucket })) {
    for (const { Key: key = '', Size: size = 0, LastModified, ETag = '' } of Contents) {
      objects.push({ key, size, mtime: LastModified?.toISOString() ?? '', etag: ETag.replaceAll('"', '') });
    }
  }
  return objects;
}

/**
 * Nothing but Flink reads state files: of those the archive keeps how long they are. Keys are paths; with names and times left
 * out by gzip, the same content gives the same bytes.
 */
async function pack(s3: EmbeddedS3, bucket: string, objects: readonly RecordedObject[], folder: string): Promise<void> {
  const client = clientOf(s3.url);
  const contentOf = async (key: string): Promise<Uint8Array | string> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToByteArray()) ?? '';
  };
  await mkdir(folder);
  for (const { key, size, mtime } of objects) {
    const path = join(folder, key);
    if (key.endsWith('/')) {
      await mkdir(path, { recursive: true });
      continue;
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, key.endsWith('/_metadata') ? await contentOf(key) : Buffer.alloc(size));
    await utimes(path, Date.parse(mtime) / 1000, Date.parse(mtime) / 1000);
  }
  const list = objects.map(({ key }) => `${key}\n`).join('');
  const script = 'tar --no-recursion --owner=0 --group=0 --numeric-owner -cf - -C "$1" -T - | gzip -9n > "$2"';
  const archive = join(FOLDER, `${name}.tar.gz`);
  const { status } = spawnSync('bash', ['-o', 'pipefail', '-c', script, 'bash', folder, archive], { input: list });
  if (status !== 0) throw new Error('The objects could not be packed.');
}

async function restoredRoots(
  verifier: Verifier,
  place: S3Place,
  roots: RecordedBucket['roots'],
  options: Options,
): Promise<ReadonlySet<string>> {
  const restored = new Set<string>();
  for (const { metadata } of roots) {
    if ((await verifier.restore(place, inPlace(metadata), options)).keys !== null) restored.add(metadata);
  }
  return restored;
}
