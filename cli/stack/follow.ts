import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedRun, RunRecord } from '#steward/history.ts';
import { INTERRUPTED } from '#steward/run.ts';
import type { Started } from '#steward/stack/whole-answers.ts';
import { STATUS, type Status } from '../errors.ts';
import { interruptionOf } from '../interruption.ts';
import type { Io } from '../io.ts';
import { nextCommand, type TypedArea } from '../next-command.ts';
import { printRunDeletions } from '../print/history.ts';
import { runLine } from '../print/one-line.ts';
import { complain, remark } from '../print/stderr.ts';
import { askStack } from './answered.ts';

/** Follows what a deployment was asked to execute until it ends. Whoever stops looking does not stop the run. */

/** Milliseconds between two looks. */
const PAUSE = 10_000;
/** Looks without a new record, after which something must be wrong: longer than a run may take. */
const MOST_LOOKS = 120;
/** Looks without a further part, after which a run that ran out of time is not continued. */
const LOOKS_BETWEEN_PARTS = 12;
const MOST_RUNS = 20;

/** @returns the exit status of the run. @throws Interruption, StackError */
export async function follow(stack: string, { started }: Started, typed: TypedArea, io: Io): Promise<Status> {
  const again = nextCommand(['history'], typed);
  const { execution } = started;
  const machine = execution === null ? '' : ` The state machine that runs it: ${describing(execution)}`;
  remark(
    `It was started, and goes on by itself. Ctrl-C stops looking, not the run. To look again: ${again}${machine}`,
    io,
  );
  try {
    const run = await ended(stack, started, typed, io);
    if (run === null) {
      complain(
        `No run has ended by now: it waits for another one, or it failed before it began. ${execution === null ? 'The log of the function undo says which' : `What became of it: ${describing(execution)}`}`,
        io,
      );
      return STATUS.undecidable;
    }
    const event = { action: 'history', run: run.run } as const;
    const recorded = (await askStack(stack, typed.options, event, io)) as RecordedRun;
    const { record, deletions } = recorded;
    const report = io.isQuiet ? runLine(run) : printRunDeletions(recorded, typed, io);
    io.out(typed.options.json ? `${JSON.stringify({ run: record, deletions }, null, 2)}\n` : report);
    return statusOfRun(run);
  } catch (error) {
    throw interruptionOf(io.signal, `the run goes on. To look again: ${again}`) ?? error;
  }
}

function describing(execution: string): string {
  return `aws stepfunctions describe-execution --execution-arn ${execution}`;
}

/** The last run of what was started, when it has ended; null where none has for long. */
async function ended(
  stack: string,
  { command, plan, since }: Started['started'],
  { options }: TypedArea,
  io: Io,
): Promise<RunRecord | null> {
  let partly: RunRecord | null = null;
  let idle = 0;
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const found = await askStack(stack, options, { action: 'history', limit: MOST_RUNS }, io, { showsNotes: true });
    const runs = 'runs' in found ? found.runs : [];
    // By the plan too: somebody else may have one executed at the same time.
    const isOurs = (run: RunRecord): boolean => run.command === command && (plan === null || run.plan === plan);
    const newest = runs.find((run) => isOurs(run) && run.result !== 'observed' && run.began >= since);
    if (newest !== undefined) {
      if (newest.why !== INTERRUPTED) return newest;
      if (newest.run !== partly?.run) {
        partly = newest;
        looks = 0;
        idle = 0;
      } else if (++idle > LOOKS_BETWEEN_PARTS) {
        return newest;
      }
    }
    await (io.sleep ?? pause)(PAUSE, io.signal);
  }
  return partly;
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
}

function statusOfRun({ result, refused }: RunRecord): Status {
  if (result === 'undecidable' || result === 'failed') return STATUS.undecidable;
  return result === 'stopped' || refused > 0 ? STATUS.findings : STATUS.well;
}
