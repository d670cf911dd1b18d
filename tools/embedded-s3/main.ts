/**
 * The embedded S3 as a process of its own, so that a bench measures the client alone. Prints where it is as one line of
 * JSON, and serves until it is told to stop or the process that forked it has gone.
 */
import { parseArgs } from 'node:util';
import { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { generatedCheckpoints } from '#tools/embedded-s3/generated-checkpoints.ts';

const USAGE =
  'usage: main.ts [--port N] [--bucket NAME] [--generate OBJECTS [--jobs N] [--newest ISO]] [--latency MILLISECONDS]';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    bucket: { type: 'string', default: 'checkpoints' },
    generate: { type: 'string' },
    jobs: { type: 'string', default: '100' },
    newest: { type: 'string', default: '2026-01-01T00:00:00Z' },
    latency: { type: 'string', default: '0' },
  },
});

const s3 = await EmbeddedS3.start({ port: wholeNumber('port', values.port) });
if (values.generate === undefined) {
  s3.createBucket(values.bucket);
} else {
  const shape = {
    objects: wholeNumber('generate', values.generate),
    jobs: wholeNumber('jobs', values.jobs),
    newest: Date.parse(values.newest),
  };
  s3.generateBucket(values.bucket, generatedCheckpoints(shape));
}
const milliseconds = wholeNumber('latency', values.latency);
if (milliseconds > 0) s3.faults.add({ match: {}, do: { kind: 'latency', milliseconds } });

for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) {
  process.once(signal, () => void s3.close());
}
process.stdout.write(
  `${JSON.stringify({ url: s3.url, bucket: values.bucket, objects: s3.bucket(values.bucket).objects.size })}\n`,
);

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  process.stderr.write(`--${name} takes a whole number, not ${JSON.stringify(text)}.\n${USAGE}\n`);
  process.exit(2);
}
