/**
 * The embedded S3 in a process of its own, with a generated bucket to list and to plan. Prints where it is as one line of
 * JSON, and serves until it is told to stop.
 *
 * usage: tsx tools/bench/serve.ts OBJECTS JOBS [replica]    (half of them, and a copy of each)
 *
 * A number on a line of its standard input is how many milliseconds each request takes longer from then on; it is
 * repeated when it holds. So one server, with the pages that it has built, serves all latencies.
 */
import { createInterface } from 'node:readline';
import { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { restorableCheckpoints } from './restorable-checkpoints.ts';
import { withReplica } from './with-replica.ts';

const BUCKET = 'checkpoints';
/** So that nothing is too young to be judged by the other rules. */
const AGE = 2 * 24 * 60 * 60 * 1_000;

const [objects = 0, jobs = 0] = process.argv.slice(2, 4).map(Number);
const hasReplica = process.argv[4] === 'replica';
const s3 = await EmbeddedS3.start();
const generated = { objects: hasReplica ? objects / 2 : objects, jobs, newest: Date.now() - AGE };
const source = restorableCheckpoints(generated, BUCKET);
s3.generateBucket(BUCKET, hasReplica ? withReplica(source) : source);
process.once('SIGTERM', () => process.exit());
process.stdout.write(`${JSON.stringify({ url: s3.url, bucket: BUCKET })}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const milliseconds = Number(line);
  s3.faults.clear();
  if (milliseconds > 0) s3.faults.add({ match: {}, do: { kind: 'latency', milliseconds } });
  process.stdout.write(`${milliseconds}\n`);
}
await s3.close();
