import { processIo } from './io.ts';
import { run } from './program.ts';

// A reader that has seen enough (`steward plan … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exit(0);
});

process.exitCode = await run(process.argv.slice(2), processIo());
