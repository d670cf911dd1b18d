/**
 * Shows the command on a bucket that real Flink wrote. This process serves the bucket as S3 on the loopback interface:
 * `npm run demo`. With `--serve` it serves the bucket until Ctrl-C, for your own commands.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { type Io, processIo } from '#cli/io.ts';
import { recordedBucket } from '#test/support/corpus.ts';
import { suggest } from './by-hand.ts';
import { DemoError } from './demo-error.ts';
import { Narrator } from './narrator.ts';
import { serveReport } from './report-server.ts';
import { serveBucket } from './served-bucket.ts';
import { HERE, tellStory } from './story.ts';

/** Columns; also where nothing says how wide a line may be. */
const WIDEST = 100;

async function demo({ serve, port }: { readonly serve: boolean; readonly port: number }): Promise<void> {
  const recording = await recordedBucket('seed-bucket');
  const s3 = await serveBucket(recording, port);
  // Not Date.now itself, because the demo replaces that to move the clock.
  const here = { ...processIo(), cwd: HERE, clock: () => Date.now() };
  // Nobody is asked: the story has an end.
  const io: Io = { ...here, columns: Math.min(here.columns, WIDEST), ask: undefined };
  const narrator = new Narrator(io);
  try {
    if (!serve) {
      await tellStory({ recording, s3, narrator, io });
      return;
    }
    const report = await serveReport(io);
    try {
      suggest({ bucket: recording.bucket, endpoint: s3.url, report }, narrator);
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    } finally {
      await report.close();
    }
  } finally {
    await s3.close();
  }
}

function optionsOf(args: readonly string[]): { readonly serve: boolean; readonly port: number } {
  const { values } = parseArgs({
    args: [...args],
    options: { serve: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } },
  });
  const port = Number(values.port);
  if (!(/^\d+$/.test(values.port) && port <= 65_535)) {
    throw new DemoError(
      `--port must be a number up to 65535, but is ${JSON.stringify(values.port)}. Nothing was started.`,
    );
  }
  return { serve: values.serve, port };
}

// A reader that closes the pipe early (`npm run demo | head`) is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exit(0);
});

try {
  await demo(optionsOf(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
