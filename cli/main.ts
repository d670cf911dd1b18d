import { STATUS } from './errors.ts';
import { onInterruption } from './interruption.ts';
import { processIo } from './io.ts';
import { complain } from './print/stderr.ts';
import { run } from './program.ts';
import { systemFailure } from './system-failure.ts';
import { setV8Flags } from './v8-flags.ts';

setV8Flags();

if (!hasWorkingDirectory()) {
  process.stderr.write(
    "The working directory can't be found: it was deleted, or you may not enter it. Nothing was changed. Change to another directory, and run again.\n",
  );
  process.exit(STATUS.usage);
}
const io = processIo(onInterruption(process, (status) => process.exit(status)));

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that closes the pipe early (`steward plan … | head`) is not a failure.
  if (error.code !== 'EPIPE') {
    const why = systemFailure(error, 'no such file');
    const changed = process.argv.includes('--execute')
      ? 'to see what was done: steward history'
      : 'nothing was changed';
    complain(`The report can't be written to stdout: ${why}. It is incomplete; ${changed}.`, io);
  }
  process.exit(error.code === 'EPIPE' ? STATUS.well : STATUS.undecidable);
});
// If stderr is closed, the exit status still reports the failure.
process.stderr.on('error', () => undefined);

// Should nothing be left to wait for before the run has ended, it has not ended well.
process.exitCode = STATUS.undecidable;
// No top-level await, which the executable can't contain.
run(process.argv.slice(2), io).then((status) => {
  process.exitCode = status;
});

function hasWorkingDirectory(): boolean {
  try {
    return process.cwd() !== '';
  } catch {
    return false;
  }
}
