import type { AreaEntry } from '#config/steward-config.ts';
import type { AreaComparison } from '#core/area/compare-areas.ts';
import type { SurveyProgress } from '#steward/documents.ts';
import { Notes } from '#steward/notes.ts';
import { openSteward, type Steward } from '#steward/steward.ts';
import { entriesOf } from './area-entries.ts';
import type { AreaOptions } from './area-options.ts';
import { type ChosenLedger, chooseLedger } from './choose-ledger.ts';
import { configOf } from './config-of.ts';
import { connectionOf } from './connection.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { type Output, refuseHarmfulOutputs, refuseTwins } from './local-paths.ts';
import type { TypedArea } from './next-command.ts';
import { compareWithConfigured } from './part-of-area.ts';
import { note } from './print/stderr.ts';
import { type ProgressLine, progressOf } from './progress-line.ts';
import { saveMemory } from './v8-flags.ts';

/** Opens the area of a command. */

export interface Preparing {
  readonly assumeQuarantined?: boolean | undefined;
  /** The files that the command will write. */
  readonly outputs?: readonly Output[];
  /** Whether the notes are part of the command's own report; then they are not printed on stderr. @default false */
  readonly showsNotes?: boolean;
}

/** The steward for the arguments and the configuration, with what only the command line knows. */
export interface PreparedArea {
  readonly steward: Steward;
  readonly entries: readonly AreaEntry[];
  readonly ledger: ChosenLedger | null;
  readonly typed: TypedArea;
  /** How the typed locations relate to the configured area; null where only one of them exists. */
  readonly comparison: AreaComparison | null;
  /** Null where nobody wants to see it. */
  readonly progress: ProgressLine | null;
  /** To be called when the survey has ended, also when it has failed. */
  readonly endProgress: () => void;
}

/** Opens the area in the arguments, or else in the configuration. */
export async function prepareArea(
  places: readonly string[],
  options: AreaOptions,
  io: Io,
  { assumeQuarantined = false, outputs = [], showsNotes = false }: Preparing = {},
): Promise<PreparedArea> {
  const config = await configOf(options.config, io);
  const now = options.now?.getTime();
  const progress = progressOf(options, io);
  const endProgress = (): void => progress?.erase();
  const tell = (sentence: string): void => {
    // Otherwise it would begin behind the line that is being redrawn.
    endProgress();
    note(sentence, io);
  };
  const notes = new Notes(showsNotes ? undefined : tell);
  const entries = entriesOf(places, options, config, io.cwd);
  const bucket = entries.find(({ kind }) => kind === 's3');
  if (bucket?.kind === 's3' && now !== undefined) {
    throw new UsageError(
      `--now is for local directories, but ${bucket.url} is a bucket, and its own clock counts. Leave --now out.`,
    );
  }
  if (now !== undefined && config.flinkRest.length > 0) {
    notes.add(
      '--now sets the clock of a copy, but the clusters in flinkRest report the jobs that run today. Such a job counts as running in the copy too.',
    );
  }
  await refuseTwins(entries, io.cwd);
  await refuseHarmfulOutputs(outputs, entries, io.cwd);
  const ledger = chooseLedger(options, places.length === 0 ? config.ledger : undefined, entries, io.cwd);
  const opened = await openSteward({
    config,
    entries,
    ledger: ledger?.place ?? null,
    cwd: io.cwd,
    clock: io.clock,
    ...(now === undefined ? {} : { areaClock: () => now }),
    connection: connectionOf(options, io),
    notes,
    signal: io.signal,
  });
  const comparison = await compareWithConfigured(places, entries, config, io.cwd);
  const input = {
    ...opened.input,
    assumeQuarantined,
    onProgress: (state: SurveyProgress) => {
      saveMemory(state);
      progress?.show(state);
    },
  };
  return {
    steward: { ...opened, input },
    entries,
    ledger,
    typed: { places, options },
    comparison,
    progress,
    endProgress,
  };
}
