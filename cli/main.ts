import { STATUS } from './errors.ts';
import { onInterruption } from './interruption.ts';
import { processIo } from './io.ts';
import { keepHeapLean } from './lean-heap.ts';
import { complain } from './print/complaint.ts';
import { run } from './program.ts';
import { systemFailure } from './system-failure.ts';

keepHeapLean();

const io = processIo(onInterruption(process, (status) => process.exit(status)));

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`steward plan … | head`) is no failure.
  if (error.code !== 'EPIPE') {
    const why = systemFailure(error, 'no such file');
    const changed = process.argv.includes('--execute') ? 'what was done shows: steward history' : 'nothing was changed';
    complain(`The report can't be written to stdout: ${why}. What is there of it is not whole; ${changed}.`, io);
  }
  process.exit(error.code === 'EPIPE' ? STATUS.well : STATUS.undecidable);
});
// Where nobody can be told, the status still tells.
process.stderr.on('error', () => undefined);

process.exitCode = await run(process.argv.slice(2), io);
